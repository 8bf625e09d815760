package dev.yammap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Warmup;

import dev.yammap.Mmap;

/**
 * Reads and writes a file in the page cache, at places all over it: through an
 * {@link Mmap}, a {@link FileChannel}, and a bare segment without any guard. Nothing else
 * has the file open meanwhile, as a channel writes more slowly to a file that is also
 * mapped.
 * <p>
 * The figures change by half with the place of the file's pages in memory. So
 * {@link PairedComparison} makes all forks use one file, which stays in the page cache.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PositionalBenchmark {

	private static final long FILE_SIZE = 64L << 20;

	private static final int PAGE = 4096;

	/** Odd, so that the places are spread over the file and its pages. */
	private static final long STRIDE = 6_700_417L * 64;

	@Benchmark
	public int readMmap(Mapped state) throws IOException {
		return state.mmap.readAt(state.bytes, state.index(), state.length, state.next());
	}

	@Benchmark
	public int readFileChannel(Channel state) throws IOException {
		return state.channel.read(state.room(), state.next());
	}

	@Benchmark
	public byte[] readSegment(Segment state) {
		MemorySegment.copy(state.segment, ValueLayout.JAVA_BYTE, state.next(), state.bytes, state.index(),
				state.length);
		return state.bytes;
	}

	@Benchmark
	public int writeMmap(Mapped state) throws IOException {
		return state.mmap.writeAt(state.bytes, state.index(), state.length, state.next());
	}

	@Benchmark
	public int writeFileChannel(Channel state) throws IOException {
		return state.channel.write(state.room(), state.next());
	}

	@Benchmark
	public byte[] writeSegment(Segment state) {
		MemorySegment.copy(state.bytes, state.index(), state.segment, ValueLayout.JAVA_BYTE, state.next(),
				state.length);
		return state.bytes;
	}

	/** Where the next copy begins in the file, and the bytes to copy. */
	@State(Scope.Thread)
	public abstract static class Copies {

		@Param({ "64", "4096" })
		int length;

		byte[] bytes;

		private TemporaryFile file;

		private long place;

		@Setup(Level.Trial)
		public void setUp() throws IOException {
			this.bytes = new byte[PAGE + this.length];
			this.file = TemporaryFile.sharedOrNew();
			Path path = this.file.path();
			if (Files.notExists(path) || Files.size(path) != FILE_SIZE) {
				fill(path);
			}
			open(path);
		}

		private static void fill(Path path) throws IOException {
			try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
				ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
				for (long offset = 0; offset < FILE_SIZE; offset += zeros.capacity()) {
					channel.write(zeros.clear(), offset);
				}
				channel.force(true);
			}
		}

		abstract void open(Path path) throws IOException;

		@TearDown(Level.Trial)
		public void tearDown() throws IOException {
			close();
			this.file.close();
		}

		abstract void close() throws IOException;

		/**
		 * Returns where in the array the copy begins. The figures change by a third with
		 * the distance between its address and that of the file, modulo the page size. So
		 * all distances are used in turn.
		 */
		int index() {
			return (int) this.place & (PAGE - 1);
		}

		/** Where in the file. */
		long next() {
			this.place = (this.place + STRIDE) & (FILE_SIZE - 1);
			return this.place & -this.length;
		}

	}

	/**
	 * The file as an {@link Mmap}.
	 */
	public static class Mapped extends Copies {

		Mmap mmap;

		@Override
		@SuppressWarnings("MustBeClosedChecker")
		void open(Path path) throws IOException {
			this.mmap = Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
		}

		@Override
		void close() throws IOException {
			this.mmap.close();
		}

	}

	/**
	 * The file as a {@link FileChannel}.
	 */
	public static class Channel extends Copies {

		FileChannel channel;

		ByteBuffer buffer;

		ByteBuffer room() {
			int index = index();
			return this.buffer.limit(index + this.length).position(index);
		}

		@Override
		@SuppressWarnings("MustBeClosedChecker")
		void open(Path path) throws IOException {
			this.buffer = ByteBuffer.wrap(this.bytes);
			this.channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
		}

		@Override
		void close() throws IOException {
			this.channel.close();
		}

	}

	/**
	 * The file as a {@link MemorySegment}.
	 */
	public static class Segment extends Copies {

		MemorySegment segment;

		private Arena arena;

		@Override
		@SuppressWarnings("MustBeClosedChecker")
		void open(Path path) throws IOException {
			this.arena = Arena.ofShared();
			try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
				this.segment = channel.map(MapMode.READ_WRITE, 0, FILE_SIZE, this.arena);
			}
		}

		@Override
		void close() {
			this.arena.close();
		}

	}

}
