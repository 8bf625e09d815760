package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

/**
 * A journal with its file, as a test needs it.
 */
final class TestJournal implements AutoCloseable {

	static final Instant NOW = Instant.parse("2026-06-25T12:00:00.123456Z");

	private final Mmap file;

	private final VisitJournal journal;

	TestJournal(Path path) throws IOException {
		this.file = open(path);
		this.journal = new VisitJournal(this.file, InstantSource.fixed(NOW.plusNanos(789)));
	}

	static Mmap open(Path path) throws IOException {
		return Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
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
		this.file.close();
	}

}
