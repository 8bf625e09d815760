package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import dev.yammap.LockMode;
import dev.yammap.Mmap;
import net.openhft.chronicle.bytes.MappedBytes;
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

/**
 * Appends records of 64 bytes to a file that is empty when an iteration begins. The other
 * peers map a fixed size, and have no end to append to. The file of Chronicle Bytes is
 * longer than what was written to it, by up to one chunk.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PeerAppendBenchmark {

	private static final long CHUNK = 64L << 20;

	private final byte[] bytes = new byte[64];

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);

	private Path directory;

	private Mmap mmap;

	private FileChannel channel;

	private MappedBytes mapped;

	@Setup(Level.Iteration)
	@SuppressWarnings("MustBeClosedChecker")
	public void open() throws IOException {
		this.directory = Files.createTempDirectory("yammap-appends");
		this.mmap = Mmap.builder(this.directory.resolve("mmap"))
			.options(StandardOpenOption.APPEND, StandardOpenOption.CREATE)
			.lock(LockMode.EXCLUSIVE)
			.open();
		this.channel = FileChannel.open(this.directory.resolve("channel"), StandardOpenOption.APPEND,
				StandardOpenOption.CREATE);
		this.mapped = MappedBytes.mappedBytes(this.directory.resolve("mapped").toFile(), CHUNK);
	}

	@TearDown(Level.Iteration)
	public void close() throws IOException {
		this.mmap.close();
		this.channel.close();
		this.mapped.releaseLast();
		for (String name : new String[] { "mmap", "channel", "mapped", "" }) {
			Files.delete(this.directory.resolve(name));
		}
	}

	@Benchmark
	public long yammap() throws IOException {
		return this.mmap.append(this.bytes);
	}

	@Benchmark
	public int fileChannel() throws IOException {
		return this.channel.write(this.buffer.clear());
	}

	@Benchmark
	public void chronicleBytes() {
		this.mapped.write(this.bytes);
	}

}
