package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Durable records per second. Threads append 64 bytes each and wait until they are
 * durable, in a loop. A journal is compared with a {@link FileChannel} that calls
 * {@code force(false)} after each record. The pace of a device changes from second to
 * second, so the two are measured in turn, for a fifth of a second each. Read the results
 * of each iteration.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 9)
public class JournalCommitBenchmark {

	private static final int RECORD = 64;

	private static final int ROUNDS = 5;

	private static final long ROUND_NANOS = 200_000_000;

	@Param({ "1 platform", "16 platform", "64 virtual" })
	private String threads;

	private TemporaryDirectory directory;

	private Journal journal;

	private FileChannel channel;

	private ExecutorService executor;

	private int count;

	@Setup(Level.Trial)
	public void open() throws IOException {
		this.count = Integer.parseInt(this.threads.substring(0, this.threads.indexOf(' ')));
		this.executor = this.threads.endsWith("virtual") ? Executors.newVirtualThreadPerTaskExecutor()
				: Executors.newFixedThreadPool(this.count);
		this.directory = TemporaryDirectory.create();
		this.journal = Journal.open(this.directory.resolve("journal"));
		this.channel = FileChannel.open(this.directory.resolve("channel"), StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.executor.shutdownNow();
		this.journal.close();
		this.channel.close();
		this.directory.close();
	}

	@Benchmark
	public void commit(Rates rates) throws InterruptedException, ExecutionException {
		double byJournal = 0;
		double byChannel = 0;
		for (int round = 0; round < ROUNDS; round++) {
			byJournal += perSecond(() -> this.journal.appendAndSync(new byte[RECORD]));
			byChannel += perSecond(() -> {
				this.channel.write(ByteBuffer.allocate(RECORD));
				this.channel.force(false);
			});
		}
		rates.journalPerSecond = byJournal / ROUNDS;
		rates.channelPerSecond = byChannel / ROUNDS;
		rates.ratio = byJournal / byChannel;
	}

	private double perSecond(Commit commit) throws InterruptedException, ExecutionException {
		long begin = System.nanoTime();
		List<Future<Integer>> committers = new ArrayList<>();
		for (int i = 0; i < this.count; i++) {
			committers.add(this.executor.submit(() -> {
				int commits = 0;
				while (System.nanoTime() - begin < ROUND_NANOS) {
					commit.run();
					commits++;
				}
				return commits;
			}));
		}
		long commits = 0;
		for (Future<Integer> committer : committers) {
			commits += committer.get();
		}
		return commits * 1e9 / (System.nanoTime() - begin);
	}

	/** What JMH shows. */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Rates {

		/** How many records the journal made durable in a second. */
		public double journalPerSecond;

		/** How many the channel did. */
		public double channelPerSecond;

		/** The first divided by the second. */
		public double ratio;

	}

	/** Makes one record durable. */
	private interface Commit {

		void run() throws IOException;

	}

}
