package dev.yammap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

import dev.yammap.Mmap;

/**
 * Reads and writes of a file that is in the page cache, at places all over it: through an
 * {@link Mmap}, a {@link FileChannel}, and a bare segment without any guard.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PositionalBenchmark {

	private static final long FILE_SIZE = 64L << 20;

	/** Odd, so that the places are spread over the file and its pages. */
	private static final long STRIDE = 6_700_417L * 64;

	@Param({ "64", "4096" })
	int length;

	private TemporaryFile file;

	private Mmap mmap;

	private FileChannel channel;

	private Arena arena;

	private MemorySegment segment;

	private byte[] bytes;

	private ByteBuffer buffer;

	private long place;

	@Setup(Level.Trial)
	@SuppressWarnings("MustBeClosedChecker")
	public void open() throws IOException {
		this.file = TemporaryFile.create();
		this.mmap = Mmap.create(this.file.path(), FILE_SIZE);
		this.bytes = new byte[this.length];
		this.buffer = ByteBuffer.wrap(this.bytes);
		for (long offset = 0; offset < FILE_SIZE; offset += this.length) {
			this.mmap.writeAt(this.bytes, offset);
		}
		this.channel = FileChannel.open(this.file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
		this.arena = Arena.ofShared();
		this.segment = this.channel.map(MapMode.READ_WRITE, 0, FILE_SIZE, this.arena);
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.arena.close();
		this.channel.close();
		this.mmap.close();
		this.file.close();
	}

	private long next() {
		this.place = (this.place + STRIDE) & (FILE_SIZE - 1);
		return this.place & -this.length;
	}

	@Benchmark
	public int readMmap() throws IOException {
		return this.mmap.readAt(this.bytes, next());
	}

	@Benchmark
	public int readFileChannel() throws IOException {
		return this.channel.read(this.buffer.clear(), next());
	}

	@Benchmark
	public byte[] readSegment() {
		MemorySegment.copy(this.segment, ValueLayout.JAVA_BYTE, next(), this.bytes, 0, this.length);
		return this.bytes;
	}

	@Benchmark
	public int writeMmap() throws IOException {
		return this.mmap.writeAt(this.bytes, next());
	}

	@Benchmark
	public int writeFileChannel() throws IOException {
		return this.channel.write(this.buffer.clear(), next());
	}

	@Benchmark
	public byte[] writeSegment() {
		MemorySegment.copy(this.bytes, 0, this.segment, ValueLayout.JAVA_BYTE, next(), this.length);
		return this.bytes;
	}

}
