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
 * Reads or writes a whole file of 128 MiB in large pieces, one after the other. The file
 * is in the page cache and mapped. It is done through an {@link Mmap}, and through a
 * {@link FileChannel}, which calls {@code pread(2)} and {@code pwrite(2)}. (For an array,
 * the channel copies through a direct buffer of the JDK.) The score is the time for the
 * whole file, so scores can be compared across lengths.
 * <p>
 * The file is mapped in both cases, as it would be if an {@code Mmap} made these system
 * calls for large transfers.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 15)
public class LargeTransferBenchmark {

	private static final long FILE_SIZE = 128L << 20;

	private static final int PAGE = 4096;

	/** An odd number of cache lines, so that the addresses meet every place in a page. */
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
		 * Returns the bytes of the next transfer. The figures change by a third with the
		 * distance between their address and that of the file, modulo the page size. So
		 * all distances are used in turn.
		 */
		private ByteBuffer room() {
			this.index = (this.index + SHIFT) & (PAGE - 1);
			return this.buffer.limit(this.index + this.length).position(this.index);
		}

	}

	/**
	 * The time of a write depends on the state of the pages. A store to a clean page is a
	 * page fault. After it the page is dirty until the kernel writes it back.
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
