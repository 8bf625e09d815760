package dev.yammap.sample.countries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CountryCode}.
 */
class CountryCodeTests {

	@Test
	void everyIndexHasACodeOfItsOwn() {
		for (int index = 0; index < CountryCode.COUNT; index++) {
			CountryCode code = CountryCode.ofIndex(index);
			assertThat(code.index()).isEqualTo(index);
			assertThat(CountryCode.of(code.toString())).isSameAs(code);
		}
		assertThat(CountryCode.ofIndex(0)).hasToString("AA");
		assertThat(CountryCode.UNKNOWN).hasToString("ZZ").isSameAs(CountryCode.ofIndex(CountryCode.COUNT - 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "A", "us", "Us", "USA", "U1", "\u00c4T", "@A", "A[" })
	void otherTextIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> CountryCode.of(text));
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, CountryCode.COUNT, Integer.MIN_VALUE, Integer.MAX_VALUE })
	void otherIndexIsRefused(int index) {
		assertThatIllegalArgumentException().isThrownBy(() -> CountryCode.ofIndex(index));
	}

}
