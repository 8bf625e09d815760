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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import dev.yammap.Mmap;

/**
 * All of a file of 128 MiB that is in the page cache and mapped, in large pieces one
 * behind the other: through an {@link Mmap}, and through a {@link FileChannel}, which is
 * {@code pread(2)} and {@code pwrite(2)}; for arrays these go through a direct buffer of
 * the JDK's. The score is the time for the whole file, so that it can be compared across
 * lengths.
 * <p>
 * The file is mapped in either case, as it would be if an {@code Mmap} took to these
 * calls for what is large.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
public class LargeTransferBenchmark {

	private static final long FILE_SIZE = 128L << 20;

	private static final int PAGE = 4096;

	/** Odd lines of the processor's cache, so that every place in a page is met. */
	private static final int SHIFT = 17 * 64;

	@Benchmark
	public long readMmap(Transfers state) throws IOException {
		return state.all(state.mmap::readAt);
	}

	@Benchmark
	public long readFileChannel(Transfers state) throws IOException {
		return state.all(state.channel::read);
	}

	@Benchmark
	public long writeMmap(Writes state) throws IOException {
		return state.all(state.mmap::writeAt);
	}

	@Benchmark
	public long writeFileChannel(Writes state) throws IOException {
		return state.all(state.channel::write);
	}

	/**
	 * The file, and the memory to copy to or from.
	 */
	@State(Scope.Thread)
	public static class Transfers {

		@Param({ "65536", "262144", "1048576", "4194304" })
		int length;

		@Param({ "heap", "direct" })
		String memory;

		Mmap mmap;

		FileChannel channel;

		private TemporaryFile file;

		private ByteBuffer buffer;

		private int index;

		@Setup(Level.Trial)
		public void open() throws IOException {
			this.file = TemporaryFile.sharedOrNew();
			this.mmap = Mmap.create(this.file.path(), FILE_SIZE);
			this.channel = FileChannel.open(this.file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
			int capacity = PAGE + this.length;
			this.buffer = "direct".equals(this.memory) ? ByteBuffer.allocateDirect(capacity)
					: ByteBuffer.allocate(capacity);
			all(this.mmap::writeAt);
			this.mmap.sync();
			all(this.mmap::readAt);
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.mmap.close();
			this.channel.close();
			this.file.close();
		}

		/**
		 * Transfers the whole file.
		 */
		long all(Transfer transfer) throws IOException {
			long total = 0;
			for (long offset = 0; offset < FILE_SIZE; offset += this.length) {
				total += transfer.run(room(), offset);
			}
			if (total != FILE_SIZE) {
				throw new IOException("Only " + total + " bytes were transferred");
			}
			return total;
		}

		/**
		 * The bytes of the next transfer. How their address and that of the file lie to
		 * each other, modulo the size of a page, changes the figures by a third; so all
		 * of that is gone through.
		 */
		private ByteBuffer room() {
			this.index = (this.index + SHIFT) & (PAGE - 1);
			return this.buffer.limit(this.index + this.length).position(this.index);
		}

	}

	/**
	 * What a write takes depends on what the kernel knows of the pages: a store to a
	 * clean one is a fault, after which the page is dirty until it is written back.
	 */
	public static class Writes extends Transfers {

		@Param({ "clean", "dirty" })
		String pages;

		@Setup(Level.Iteration)
		public void prepare() throws IOException {
			if ("clean".equals(this.pages)) {
				this.mmap.sync();
			}
			else {
				all(this.mmap::writeAt);
			}
		}

	}

	/**
	 * A read or a write.
	 */
	interface Transfer {

		int run(ByteBuffer buffer, long offset) throws IOException;

	}

}
