package dev.yammap.sample.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import dev.yammap.journal.Journal;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.visits.CountryVisits;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Totals}.
 */
class TotalsTests {

	@TempDir
	private Path directory;

	private Journal journal;

	private Totals totals;

	@BeforeEach
	void setUp() throws IOException {
		this.journal = Shipped.journal(this.directory.resolve("totals"));
		this.totals = new Totals(this.journal);
	}

	@AfterEach
	void tearDown() throws IOException {
		this.journal.close();
	}

	@Test
	void visitAfterTheLastIsCounted() {
		this.totals.apply(0, 0, Shipped.visit("a", 0, "DE"));
		this.totals.apply(0, 1, Shipped.visit("a", 1, "FR"));
		this.totals.apply(1, 0, Shipped.visit("b", 0, "DE"));
		assertThat(this.totals.visits()).isEqualTo(3);
		assertThat(this.totals.instances()).isEqualTo(2);
		assertThat(this.totals.top(10)).containsExactly(count("DE", 2), count("FR", 1));
	}

	@Test
	void visitThatWasCountedIsDropped() {
		this.totals.apply(0, 0, Shipped.visit("a", 0, "DE"));
		this.totals.apply(0, 1, Shipped.visit("a", 0, "DE"));
		assertThat(this.totals.visits()).isEqualTo(1);
		assertThat(this.totals.offset(0)).isEqualTo(2);
	}

	@Test
	void visitPastAGapIsCountedOnceWhenItComesAgain() {
		this.totals.apply(0, 0, Shipped.visit("a", 1, "DE"));
		this.totals.apply(0, 1, Shipped.visit("a", 2, "DE"));
		assertThat(this.totals.visits()).isZero();
		assertThat(this.totals.gaps()).containsOnly(Map.entry("a", 0L));
		this.totals.apply(0, 2, Shipped.visit("a", 0, "DE"));
		this.totals.apply(0, 3, Shipped.visit("a", 1, "DE"));
		assertThat(this.totals.gaps()).containsOnly(Map.entry("a", 2L));
		this.totals.apply(0, 4, Shipped.visit("a", 2, "DE"));
		assertThat(this.totals.gaps()).isEmpty();
		assertThat(this.totals.visits()).isEqualTo(3);
	}

	@Test
	void instanceBeginsWithTheNumberThatItNames() {
		this.totals.apply(0, 0, Shipped.visit("a", 7, 7, "DE"));
		assertThat(this.totals.visits()).isEqualTo(1);
		assertThat(this.totals.gaps()).isEmpty();
	}

	@Test
	void countsNumbersAndOffsetsAreSavedTogether() throws IOException {
		Uuid topic = Uuid.randomUuid();
		this.totals.setTopic(topic);
		this.totals.apply(3, 41, Shipped.visit("a", 0, "DE"));
		this.totals.apply(2, 10, Shipped.visit("ä", 1, "ZZ"));
		this.totals.save();
		this.totals.apply(3, 42, Shipped.visit("a", 1, "DE"));
		Totals loaded = new Totals(this.journal);
		assertThat(loaded.offset(3)).isEqualTo(42);
		assertThat(loaded.offset(2)).isEqualTo(11);
		assertThat(loaded.offset(0)).isNull();
		assertThat(loaded.progress("a")).isEqualTo(new Totals.Progress(1, 1, Shipped.visit("a", 0, "DE").checksum()));
		assertThat(loaded.gaps()).containsOnly(Map.entry("ä", 0L));
		assertThat(loaded.top(10)).containsExactly(count("DE", 1));
		loaded.setTopic(topic);
	}

	@Test
	void onlyChangesAreSaved() throws IOException {
		this.totals.save();
		assertThat(this.journal.nextSequence()).isZero();
		this.totals.apply(0, 0, Shipped.visit("a", 0, "DE"));
		this.totals.save();
		this.totals.save();
		assertThat(this.journal.nextSequence()).isEqualTo(1);
	}

	@Test
	void topicThatWasMadeAgainIsAnAlarm() {
		this.totals.setTopic(Uuid.randomUuid());
		assertThatExceptionOfType(AlarmException.class).isThrownBy(() -> this.totals.setTopic(Uuid.randomUuid()))
			.withMessageContaining("deleted and made again")
			.withMessageEndingWith("remove " + this.journal.directory());
	}

	private static CountryVisits count(String country, long visits) {
		return new CountryVisits(CountryCode.of(country), visits);
	}

}
