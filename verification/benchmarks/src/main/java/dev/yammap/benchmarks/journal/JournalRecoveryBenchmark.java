package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opens a journal for writing and closes it again. Its last writer was killed, and synced
 * only the first of its records. Each run has a new journal of one segment, so the rest
 * of that was never read or written.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 9)
public class JournalRecoveryBenchmark {

	private static final int RECORDS = 100;

	private static final int CONTENT = 1000;

	/** The size of a segment, in MiB. */
	@Param({ "64", "1024" })
	private int segment;

	/** The number of records that were not synced. */
	@Param({ "100", "60000" })
	private int unsynced;

	private TemporaryDirectory directory;

	@Setup(Level.Invocation)
	public void make() throws IOException {
		this.directory = TemporaryDirectory.create();
		Path control = path().resolve("journal.control");
		byte[] killed;
		try (Journal journal = builder().open()) {
			append(journal, RECORDS);
			journal.sync();
			append(journal, this.unsynced);
			killed = Files.readAllBytes(control);
		}
		// Without what close() wrote, the journal counts as not closed.
		Files.write(control, killed);
	}

	private void append(Journal journal, int records) throws IOException {
		for (int i = 0; i < records; i++) {
			journal.append(new byte[CONTENT]);
		}
	}

	private Path path() {
		return this.directory.resolve("journal");
	}

	private Journal.Builder builder() {
		return Journal.builder(path()).segmentSize((long) this.segment << 20);
	}

	@TearDown(Level.Invocation)
	public void remove() throws IOException {
		this.directory.close();
	}

	@Benchmark
	public long open() throws IOException {
		try (Journal journal = builder().open()) {
			return journal.nextSequence();
		}
	}

}
