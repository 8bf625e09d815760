package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

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

import dev.yammap.Mmap;
import dev.yammap.internal.SlowFiles;

/**
 * Durable commits per second. Threads write 64 bytes each to a place of their own in one
 * file and make them durable, in a loop. An {@link Mmap} is compared with a
 * {@link FileChannel} on which each thread calls {@code force(false)}.
 * <p>
 * The pace of a device changes from second to second, with its other users. So each
 * iteration measures both in turn, for a fifth of a second each, and {@code ratio} is the
 * ratio of the two sums. Read the results of each iteration, as the summary of JMH adds
 * them up.
 * <p>
 * {@code delayMicros} makes each flush take longer than the device does. The device then
 * does one flush at a time, so the flushes of the channel queue up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 9)
public class CommitBenchmark {

	private static final int RECORD = 64;

	private static final int ROUNDS = 5;

	private static final long ROUND_NANOS = 200_000_000;

	@Param({ "1 platform", "16 platform", "64 virtual" })
	private String threads;

	@Param({ "0", "1000" })
	private long delayMicros;

	private final ReentrantLock device = new ReentrantLock();

	private TemporaryFile mmapFile;

	private TemporaryFile channelFile;

	private Mmap mmap;

	private FileChannel channel;

	private ExecutorService executor;

	private int count;

	@Setup(Level.Trial)
	public void open() throws IOException {
		this.count = Integer.parseInt(this.threads.substring(0, this.threads.indexOf(' ')));
		this.executor = this.threads.endsWith("virtual") ? Executors.newVirtualThreadPerTaskExecutor()
				: Executors.newFixedThreadPool(this.count);
		this.mmapFile = TemporaryFile.create();
		this.channelFile = TemporaryFile.create();
		StandardOpenOption[] options = { StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE };
		this.mmap = (this.delayMicros > 0) ? SlowFiles.open(this.mmapFile.path(), this.delayMicros * 1000, options)
				: Mmap.open(this.mmapFile.path(), options);
		this.channel = FileChannel.open(this.channelFile.path(), options);
		for (int i = 0; i < this.count; i++) {
			this.mmap.writeAt(new byte[RECORD], (long) i * RECORD);
			this.channel.write(ByteBuffer.allocate(RECORD), (long) i * RECORD);
		}
		this.mmap.sync();
		this.channel.force(true);
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.executor.shutdownNow();
		this.mmap.close();
		this.channel.close();
		this.mmapFile.close();
		this.channelFile.close();
	}

	@Benchmark
	public void commit(Rates rates) throws InterruptedException, ExecutionException {
		double byMmap = 0;
		double byChannel = 0;
		for (int round = 0; round < ROUNDS; round++) {
			byMmap += perSecond((thread) -> commitMmap(thread, new byte[RECORD]));
			ByteBuffer[] buffers = IntStream.range(0, this.count)
				.mapToObj((thread) -> ByteBuffer.allocateDirect(RECORD))
				.toArray(ByteBuffer[]::new);
			byChannel += perSecond((thread) -> commitChannel(thread, buffers[thread]));
		}
		rates.mmapPerSecond = byMmap / ROUNDS;
		rates.channelPerSecond = byChannel / ROUNDS;
		rates.ratio = byMmap / byChannel;
	}

	private void commitMmap(int thread, byte[] bytes) throws IOException {
		this.mmap.writeAt(bytes, (long) thread * RECORD);
		this.mmap.sync();
	}

	private void commitChannel(int thread, ByteBuffer buffer) throws IOException {
		this.channel.write(buffer.clear(), (long) thread * RECORD);
		if (this.delayMicros == 0) {
			this.channel.force(false);
			return;
		}
		this.device.lock();
		try {
			SlowFiles.pause(this.delayMicros * 1000);
			this.channel.force(false);
		}
		finally {
			this.device.unlock();
		}
	}

	private double perSecond(Commit commit) throws InterruptedException, ExecutionException {
		long start = System.nanoTime();
		var futures = IntStream.range(0, this.count).mapToObj((thread) -> this.executor.submit(() -> {
			long commits = 0;
			while (System.nanoTime() - start < ROUND_NANOS) {
				commit.run(thread);
				commits++;
			}
			return commits;
		})).toList();
		long total = 0;
		for (Future<Long> future : futures) {
			total += future.get();
		}
		return total * 1e9 / (System.nanoTime() - start);
	}

	/**
	 * What JMH prints beside the time.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Rates {

		/** Commits per second. */
		public double mmapPerSecond;

		/** Commits per second. */
		public double channelPerSecond;

		/** The first by the second. */
		public double ratio;

	}

	/**
	 * A write made durable.
	 */
	private interface Commit {

		void run(int thread) throws IOException;

	}

}
