package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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

/**
 * What each peer does with a file of 64 MiB in the page cache. All forks use one file, as
 * the figures change with the place of its pages in memory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class PeerBenchmark {

	/** The property that names the file. */
	static final String FILE = "benchmarks.file";

	static final long SIZE = 64L << 20;

	private static final long COMMITS = 1L << 20;

	private static final int PAGE = 4096;

	/** Odd, so that the places are spread over the file and its pages. */
	private static final long STRIDE = 6_700_417L * 64;

	@Benchmark
	public long readLong(Copies copies) throws IOException {
		return copies.peer.readLong(copies.next());
	}

	@Benchmark
	public void writeLong(Copies copies) throws IOException {
		copies.peer.writeLong(copies.next(), copies.place);
	}

	@Benchmark
	public byte[] read(Copies copies) throws IOException {
		copies.peer.read(copies.next(), copies.bytes, copies.index(), copies.length);
		return copies.bytes;
	}

	@Benchmark
	public void write(Copies copies) throws IOException {
		copies.peer.write(copies.next(), copies.bytes, copies.index(), copies.length);
	}

	@Benchmark
	public byte[] openReadClose(Opening opening) throws IOException {
		try (Peer peer = opening.kind.open(opening.path, SIZE)) {
			peer.read(PAGE, opening.bytes, 0, opening.bytes.length);
		}
		return opening.bytes;
	}

	/** Makes 64 bytes durable. The options of JMH say by how many threads. */
	@Benchmark
	public void commit(Commits commits, Place place) throws IOException {
		commits.peer.write(place.offset, place.bytes, 0, place.bytes.length);
		commits.peer.sync(place.offset, place.bytes.length);
	}

	static Path file() throws IOException {
		Path path = Path.of(System.getProperty(FILE));
		if (Files.notExists(path) || Files.size(path) != SIZE) {
			fill(path, SIZE);
		}
		return path;
	}

	private static void fill(Path path, long size) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
			ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
			for (long offset = 0; offset < size; offset += zeros.capacity()) {
				channel.write(zeros.clear(), offset);
			}
			channel.force(true);
		}
	}

	/** Where the next copy begins in the file, and the bytes to copy. */
	@State(Scope.Thread)
	public static class Copies {

		@Param("YAMMAP")
		Peer.Kind kind;

		@Param("64")
		int length;

		byte[] bytes;

		Peer peer;

		long place;

		@Setup(Level.Trial)
		public void open() throws IOException {
			this.bytes = new byte[PAGE + this.length];
			this.peer = this.kind.open(file(), SIZE);
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.peer.close();
		}

		/**
		 * Goes through all distances between the address of the array and that of the
		 * file.
		 */
		int index() {
			return (int) this.place & (PAGE - 1);
		}

		long next() {
			this.place = (this.place + STRIDE) & (SIZE - 1);
			return this.place & -this.length;
		}

	}

	/** What is opened. */
	@State(Scope.Thread)
	public static class Opening {

		@Param("YAMMAP")
		Peer.Kind kind;

		final byte[] bytes = new byte[64];

		Path path;

		@Setup(Level.Trial)
		public void prepare() throws IOException {
			this.path = file();
		}

	}

	/** The file of all threads. */
	@State(Scope.Benchmark)
	public static class Commits {

		@Param("YAMMAP")
		Peer.Kind kind;

		Peer peer;

		private Path path;

		/**
		 * A file of its own, on a device that has already written what other operations
		 * left. Otherwise a flush would wait for that, too.
		 */
		@Setup(Level.Trial)
		public void open() throws IOException, InterruptedException {
			new ProcessBuilder("sync").start().waitFor();
			this.path = Path.of(System.getProperty(FILE) + "-commits");
			fill(this.path, COMMITS);
			this.peer = this.kind.open(this.path, COMMITS);
		}

		@TearDown(Level.Trial)
		public void close() throws IOException {
			this.peer.close();
			Files.delete(this.path);
		}

	}

	/** The place of a thread, in a page of its own. */
	@State(Scope.Thread)
	public static class Place {

		final byte[] bytes = new byte[64];

		long offset;

		@Setup(Level.Trial)
		public void choose(org.openjdk.jmh.infra.ThreadParams threads) {
			this.offset = (long) threads.getThreadIndex() * PAGE;
		}

	}

}
