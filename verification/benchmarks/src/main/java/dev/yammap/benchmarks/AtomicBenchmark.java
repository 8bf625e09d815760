package dev.yammap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * Counts in a file: through an {@link Mmap}, and through a bare segment without any
 * guard. It is done by one thread alone, and by two threads that have a counter each or
 * share one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AtomicBenchmark {

	private static final int PAGE = 4096;

	private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

	@Benchmark
	public long aloneMmap(Counters counters, Own own) {
		return counters.mmap.atomics().getAndAddLong(own.offset, 1);
	}

	@Benchmark
	public long aloneSegment(Counters counters, Own own) {
		return (long) LONG.getAndAdd(counters.segment, own.offset, 1L);
	}

	@Benchmark
	@Threads(2)
	public long ownMmap(Counters counters, Own own) {
		return counters.mmap.atomics().getAndAddLong(own.offset, 1);
	}

	@Benchmark
	@Threads(2)
	public long ownSegment(Counters counters, Own own) {
		return (long) LONG.getAndAdd(counters.segment, own.offset, 1L);
	}

	@Benchmark
	@Threads(2)
	public long sharedMmap(Counters counters) {
		return counters.mmap.atomics().getAndAddLong(0, 1);
	}

	@Benchmark
	@Threads(2)
	public long sharedSegment(Counters counters) {
		return (long) LONG.getAndAdd(counters.segment, 0L, 1L);
	}

	/**
	 * The file, mapped twice.
	 */
	@State(Scope.Benchmark)
	public static class Counters {

		@Param("AUTO")
		private Backend backend;

		private final Arena arena = Arena.ofShared();

		Mmap mmap;

		MemorySegment segment;

		private TemporaryFile file;

		@Setup(Level.Trial)
		@SuppressWarnings("MustBeClosedChecker")
		public void open() throws IOException {
			this.file = TemporaryFile.create();
			this.mmap = Mmap.builder(this.file.path())
				.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
				.size(4 * PAGE)
				.backend(this.backend)
				.open();
			try (FileChannel channel = FileChannel.open(this.file.path(), StandardOpenOption.READ,
					StandardOpenOption.WRITE)) {
				this.segment = channel.map(MapMode.READ_WRITE, 0, 4 * PAGE, this.arena);
			}
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.mmap.close();
			this.arena.close();
			this.file.close();
		}

	}

	/**
	 * The counter of one thread, in a page of its own.
	 */
	@State(Scope.Thread)
	public static class Own {

		long offset;

		@Setup(Level.Trial)
		public void choose(ThreadParams threads) {
			this.offset = (threads.getThreadIndex() + 1L) * PAGE;
		}

	}

}
