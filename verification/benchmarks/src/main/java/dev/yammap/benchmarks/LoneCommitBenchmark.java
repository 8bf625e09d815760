package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * Durable commits of a thread that has a file for itself: it writes 64 bytes and makes
 * them durable. Nearly all of the time is the device's, and it depends on where on the
 * device the file lies. So {@link PairedComparison} makes all forks write to one place in
 * one file.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 5, time = 1)
public class LoneCommitBenchmark {

	private static final int RECORD = 64;

	private static final StandardOpenOption[] OPTIONS = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	@Benchmark
	public void commitMmap(Mapped state) throws IOException {
		state.mmap.writeAt(state.bytes, 0);
		state.mmap.sync();
	}

	@Benchmark
	public void commitFileChannel(Channel state) throws IOException {
		state.channel.write(state.buffer.clear(), 0);
		state.channel.force(false);
	}

	/**
	 * The file as an {@link Mmap}.
	 */
	@State(Scope.Thread)
	public static class Mapped {

		final byte[] bytes = new byte[RECORD];

		Mmap mmap;

		private TemporaryFile file;

		@Setup(Level.Trial)
		public void open() throws IOException {
			this.file = TemporaryFile.sharedOrNew();
			this.mmap = Mmap.open(this.file.path(), OPTIONS);
			this.mmap.writeAt(this.bytes, 0);
			this.mmap.sync();
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.mmap.close();
			this.file.close();
		}

	}

	/**
	 * The file as a {@link FileChannel}.
	 */
	@State(Scope.Thread)
	public static class Channel {

		final ByteBuffer buffer = ByteBuffer.allocateDirect(RECORD);

		FileChannel channel;

		private TemporaryFile file;

		@Setup(Level.Trial)
		public void open() throws IOException {
			this.file = TemporaryFile.sharedOrNew();
			this.channel = FileChannel.open(this.file.path(), OPTIONS);
			this.channel.write(this.buffer.clear(), 0);
			this.channel.force(true);
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.channel.close();
			this.file.close();
		}

	}

}
