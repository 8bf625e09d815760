package dev.yammap.docs;

import java.util.List;
import java.util.Set;

import dev.yammap.docs.PromQl.LabelMatcher;
import dev.yammap.docs.PromQl.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PromQl}.
 */
class PromQlTests {

	@Test
	void metricAloneIsFound() {
		assertThat(PromQl.parse("up")).isEqualTo(new PromQl(List.of(new Selector("up", List.of())), Set.of()));
	}

	@Test
	void labelsAreFoundWithTheirMetric() {
		assertThat(PromQl.parse("a{x=\"1\", y=~'$y|}', } > 1.5e3 and b").selectors()).containsExactly(
				new Selector("a", List.of(new LabelMatcher("x", "=", "1"), new LabelMatcher("y", "=~", "$y|}"))),
				new Selector("b", List.of()));
	}

	@Test
	void functionsOperatorsRangesAndNumbersAreNoMetrics() {
		PromQl query = PromQl
			.parse("histogram_quantile(0.9, sum by (le, file) (rate(a_bucket{le!=\"\"}[$__rate_interval])))"
					+ " > bool 5m or max(b[5m:1m] offset 1h) without (c) / scalar(d @ 3)");
		assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a_bucket", "b", "d");
		assertThat(query.groupings()).containsExactly("le", "file", "c");
	}

	@Test
	void labelsThatAreMatchedByAreFound() {
		PromQl query = PromQl.parse("a / on (x) group_left (y) b unless ignoring (z) c");
		assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a", "b", "c");
		assertThat(query.groupings()).containsExactly("x", "y", "z");
	}

	@Test
	void patternNamesWhatItMatches() {
		assertThat(new LabelMatcher("state", "=~", "a|b").names("b")).isTrue();
		assertThat(new LabelMatcher("state", "=~", "a|b").names("bc")).isFalse();
		assertThat(new LabelMatcher("state", "!=", "a|b").names("a")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{job=\"a\"}", "a{\"x\"}", "a ? b", "sum by (1) (a)", "a{x=\"1}" })
	void whatCannotBeReadIsRefused(String query) {
		assertThatIllegalArgumentException().isThrownBy(() -> PromQl.parse(query));
	}

}
