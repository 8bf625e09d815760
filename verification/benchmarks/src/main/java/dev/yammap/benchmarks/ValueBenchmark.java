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
 * Reads and writes of single longs at places all over a file that is in the page cache:
 * through an {@link Mmap} and through a bare segment without any guard, by a layout that
 * is a constant and by one that is not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValueBenchmark {

	private static final long FILE_SIZE = 1L << 20;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	/** Not final, so that it is no constant for the compiler. */
	private ValueLayout.OfLong layout = LONG;

	private TemporaryFile file;

	private Mmap mmap;

	private Arena arena;

	private MemorySegment segment;

	private long place;

	@Setup(Level.Trial)
	@SuppressWarnings("MustBeClosedChecker")
	public void open() throws IOException {
		this.file = TemporaryFile.create();
		this.mmap = Mmap.create(this.file.path(), FILE_SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE);
		this.arena = Arena.ofShared();
		try (FileChannel channel = FileChannel.open(this.file.path(), StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			this.segment = channel.map(MapMode.READ_WRITE, 0, FILE_SIZE, this.arena);
		}
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.arena.close();
		this.mmap.close();
		this.file.close();
	}

	private long next() {
		this.place = (this.place + 6_700_417L * 8) & (FILE_SIZE - 1);
		return this.place & -8;
	}

	@Benchmark
	public long getByConstant() {
		return this.mmap.get(LONG, next());
	}

	@Benchmark
	public long getByVariable() {
		return this.mmap.get(this.layout, next());
	}

	@Benchmark
	public long getOfSegmentByConstant() {
		return this.segment.get(LONG, next());
	}

	@Benchmark
	public long getOfSegmentByVariable() {
		return this.segment.get(this.layout, next());
	}

	@Benchmark
	public void setByConstant() {
		this.mmap.set(LONG, next(), this.place);
	}

	@Benchmark
	public void setByVariable() {
		this.mmap.set(this.layout, next(), this.place);
	}

	@Benchmark
	public void setOfSegmentByConstant() {
		this.segment.set(LONG, next(), this.place);
	}

}
