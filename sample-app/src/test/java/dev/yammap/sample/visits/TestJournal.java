package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

import dev.yammap.journal.Journal;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

/**
 * A journal of visits with its files, as a test needs it.
 */
final class TestJournal implements AutoCloseable {

	static final Instant NOW = Instant.parse("2026-06-25T12:00:00.123456Z");

	private final Journal records;

	private final VisitJournal journal;

	TestJournal(Path path) throws IOException {
		this.records = Journal.builder(path).segmentSize(1 << 20).open();
		this.journal = new VisitJournal(this.records, InstantSource.fixed(NOW.plusNanos(789)));
	}

	VisitJournal journal() {
		return this.journal;
	}

	/**
	 * Appends visits from the addresses 0.0.0.0, 0.0.0.1 and so on.
	 */
	TestJournal fill(int count) {
		for (int i = 0; i < count; i++) {
			this.journal.append(new Ipv4(i), CountryCode.of("DE"));
		}
		return this;
	}

	@Override
	public void close() throws IOException {
		this.records.close();
	}

}
