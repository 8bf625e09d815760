package dev.yammap.benchmarks.journal;

import java.io.IOException;
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
 * Opens a journal for writing and closes it again. Its segments are preallocated; each
 * has a few records.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 9)
public class JournalOpenBenchmark {

	private static final int RECORDS = 100;

	/** With segments of 64 MiB: 64 MiB, 1 GiB, 10 GiB. */
	@Param({ "1", "16", "160" })
	private int segments;

	private TemporaryDirectory directory;

	@Setup(Level.Trial)
	public void make() throws IOException {
		this.directory = TemporaryDirectory.create();
		try (Journal journal = Journal.open(this.directory.resolve("journal"))) {
			for (int i = 0; i < this.segments; i++) {
				if (i > 0) {
					journal.roll();
				}
				for (int record = 0; record < RECORDS; record++) {
					journal.append(new byte[record]);
				}
			}
		}
	}

	@TearDown(Level.Trial)
	public void remove() throws IOException {
		this.directory.close();
	}

	@Benchmark
	public long open() throws IOException {
		try (Journal journal = Journal.open(this.directory.resolve("journal"))) {
			return journal.nextSequence();
		}
	}

}
