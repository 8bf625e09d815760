package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * Appends records of 64 bytes to a file that is empty when an iteration begins. One file
 * was opened with APPEND. The other was not, and is written to at its end.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {

	private final byte[] bytes = "0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII);

	private final ByteBuffer buffer = ByteBuffer.wrap(this.bytes);

	private TemporaryFile mmapFile;

	private TemporaryFile channelFile;

	private Mmap appending;

	private Mmap writing;

	private FileChannel appendingChannel;

	private FileChannel writingChannel;

	@Setup(Level.Iteration)
	public void open() throws IOException {
		this.mmapFile = TemporaryFile.create();
		this.channelFile = TemporaryFile.create();
		this.appending = Mmap.open(this.mmapFile.path(), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
		this.writing = Mmap.open(this.mmapFile.path(), StandardOpenOption.WRITE);
		this.appendingChannel = FileChannel.open(this.channelFile.path(), StandardOpenOption.APPEND,
				StandardOpenOption.CREATE);
		this.writingChannel = FileChannel.open(this.channelFile.path(), StandardOpenOption.WRITE);
	}

	@TearDown(Level.Iteration)
	public void close() throws IOException {
		this.appending.close();
		this.writing.close();
		this.appendingChannel.close();
		this.writingChannel.close();
		this.mmapFile.close();
		this.channelFile.close();
	}

	@Benchmark
	public int appendMmap() throws IOException {
		return this.appending.write(this.bytes);
	}

	@Benchmark
	public int appendFileChannel() throws IOException {
		return this.appendingChannel.write(this.buffer.clear());
	}

	@Benchmark
	public int writeMmap() throws IOException {
		return this.writing.write(this.bytes);
	}

	@Benchmark
	public int writeFileChannel() throws IOException {
		return this.writingChannel.write(this.buffer.clear());
	}

}
