package dev.yammap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.yammap.Mmap;

/**
 * A binary search among 385,372 sorted numbers: inside one {@link Mmap#access}, with a
 * guarded read for each probe, and on a bare segment.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BinarySearchBenchmark {

	private static final int COUNT = 385_372;

	private static final long FILE_SIZE = 4L * COUNT;

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private TemporaryFile file;

	private Mmap mmap;

	private Arena arena;

	private MemorySegment segment;

	private int wanted;

	@Setup(Level.Trial)
	@SuppressWarnings("MustBeClosedChecker")
	public void open() throws IOException {
		this.file = TemporaryFile.create();
		this.mmap = Mmap.create(this.file.path(), FILE_SIZE);
		for (int i = 0; i < COUNT; i++) {
			this.mmap.set(INT, 4L * i, 5000 * i);
		}
		this.arena = Arena.ofShared();
		try (FileChannel channel = FileChannel.open(this.file.path(), StandardOpenOption.READ)) {
			this.segment = channel.map(MapMode.READ_ONLY, 0, FILE_SIZE, this.arena);
		}
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.arena.close();
		this.mmap.close();
		this.file.close();
	}

	private int next() {
		this.wanted = (this.wanted + 1_640_531_527) & Integer.MAX_VALUE;
		return this.wanted % (5000 * COUNT);
	}

	@Benchmark
	public int access() throws IOException {
		int key = next();
		return this.mmap.access(0, FILE_SIZE, (view) -> search(view, key));
	}

	@Benchmark
	public long accessLong() throws IOException {
		int key = next();
		return this.mmap.accessLong(0, FILE_SIZE, (view) -> search(view, key));
	}

	/**
	 * Calls one of several look-ups, as an application does. So the compiler cannot know
	 * which function is called, and does not inline it.
	 */
	@Benchmark
	public long accessAmongOthers() throws IOException {
		int key = next();
		return switch (key & 3) {
			case 0 -> this.mmap.access(0, FILE_SIZE, (view) -> (long) search(view, key));
			case 1 -> this.mmap.access(0, FILE_SIZE, (view) -> 1L + search(view, key));
			case 2 -> this.mmap.access(0, FILE_SIZE, (view) -> 2L + search(view, key));
			default -> this.mmap.access(0, FILE_SIZE, (view) -> 3L + search(view, key));
		};
	}

	@Benchmark
	public long accessLongAmongOthers() throws IOException {
		int key = next();
		return switch (key & 3) {
			case 0 -> this.mmap.accessLong(0, FILE_SIZE, (view) -> search(view, key));
			case 1 -> this.mmap.accessLong(0, FILE_SIZE, (view) -> 1L + search(view, key));
			case 2 -> this.mmap.accessLong(0, FILE_SIZE, (view) -> 2L + search(view, key));
			default -> this.mmap.accessLong(0, FILE_SIZE, (view) -> 3L + search(view, key));
		};
	}

	@Benchmark
	public int segment() {
		return search(this.segment, next());
	}

	@Benchmark
	public int singleValues() {
		int key = next();
		int low = 0;
		int high = COUNT - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			if (this.mmap.get(INT, 4L * middle) <= key) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return high;
	}

	private static int search(MemorySegment view, int key) {
		int low = 0;
		int high = COUNT - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			if (view.get(INT, 4L * middle) <= key) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return high;
	}

}
