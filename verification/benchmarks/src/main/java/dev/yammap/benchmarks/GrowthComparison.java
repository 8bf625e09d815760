package dev.yammap.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import dev.yammap.Mmap;

/**
 * Measures what the growth of a file costs its readers. One thread reads records of 64
 * bytes all over the first 64 MiB. Meanwhile another thread adds 1 GiB behind them. Both
 * use one {@link Mmap}. The rate of the reads is compared with that beside three other
 * writers:
 * <ul>
 * <li>one that stores as much, in the same time, into 1 GiB that is already there;</li>
 * <li>one that does so without a pause;</li>
 * <li>one that makes another file grow. Processors may share a core or the way to memory.
 * A reader then notices any busy writer, and this comparison leaves that out.</li>
 * </ul>
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.GrowthComparison [length of a record] [pairs] [write|append]
 * </pre>
 *
 * All runs use one file, so its first part always has the same pages of memory. Before
 * each run, outside of the measured time, the file is synced and opened anew. Before
 * stores in place are measured, each page has been stored to once, so that no store is a
 * page fault.
 */
public final class GrowthComparison {

	private static final long READ_PART = 64L << 20;

	private static final long GROWTH = 1L << 30;

	/** How long stores without a pause go on, in nanoseconds. */
	private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final Path path;

	private final byte[] record;

	private final boolean append;

	/** How long the last growth took, in nanoseconds. */
	private long growthNanos;

	private GrowthComparison(Path path, int length, boolean append) {
		this.path = path;
		this.record = new byte[length];
		this.append = append;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int length = (args.length > 0) ? Integer.parseInt(args[0]) : 4096;
		int pairs = (args.length > 1) ? Integer.parseInt(args[1]) : 9;
		boolean append = args.length > 2 && "append".equals(args[2]);
		try (TemporaryFile file = TemporaryFile.create()) {
			new GrowthComparison(file.path(), length, append).run(pairs);
		}
	}

	private void run(int count) throws IOException, InterruptedException {
		try (Mmap mmap = Mmap.create(this.path, READ_PART)) {
			store(mmap, 0, READ_PART);
		}
		// The first ones are for the compiler.
		readsWhileGrowing();
		readsWhileStoring(this.growthNanos);
		Pairs other = new Pairs("growing", "another file growing");
		Pairs paced = new Pairs("growing", "in place at the same pace");
		Pairs busy = new Pairs("growing", "in place without a pause");
		for (int i = 0; i < count; i++) {
			double storing = readsWhileStoring(this.growthNanos);
			double storingBusily = readsWhileStoring(0);
			// The two take turns at being first.
			double before = (i % 2 == 0) ? readsWhileOtherGrows() : 0;
			double growing = readsWhileGrowing();
			other.add(growing, (i % 2 == 0) ? before : readsWhileOtherGrows());
			paced.add(growing, storing);
			busy.add(growing, storingBusily);
		}
		System.out.printf("Reads per second; each growth by %d bytes, %.0f ns%n", this.record.length,
				(double) this.growthNanos * this.record.length / GROWTH);
		other.print();
		paced.print();
		busy.print();
	}

	private double readsWhileGrowing() throws IOException, InterruptedException {
		shorten();
		try (Mmap mmap = open(growingAccess()); Reader reader = new Reader(mmap)) {
			reader.start();
			grow(mmap);
			double rate = reader.stop();
			this.growthNanos = reader.nanos();
			return rate;
		}
	}

	private double readsWhileOtherGrows() throws IOException, InterruptedException {
		shorten();
		try (TemporaryFile file = TemporaryFile.create();
				Mmap other = Mmap.builder(file.path())
					.options(StandardOpenOption.READ, growingAccess(), StandardOpenOption.CREATE)
					.open();
				Mmap mmap = open(growingAccess());
				Reader reader = new Reader(mmap)) {
			other.truncate(READ_PART);
			reader.start();
			grow(other);
			return reader.stop();
		}
	}

	private OpenOption growingAccess() {
		return this.append ? StandardOpenOption.APPEND : StandardOpenOption.WRITE;
	}

	private void grow(Mmap mmap) throws IOException {
		if (this.append) {
			append(mmap);
		}
		else {
			store(mmap, READ_PART, GROWTH);
		}
	}

	private void shorten() throws IOException {
		try (Mmap mmap = open(StandardOpenOption.WRITE)) {
			mmap.truncate(READ_PART);
		}
	}

	/**
	 * Measures the reads beside stores in place.
	 * @param nanos how long the stores of 1 GiB are to take, or 0 for no pause
	 */
	private double readsWhileStoring(long nanos) throws IOException, InterruptedException {
		try (Mmap mmap = open(StandardOpenOption.WRITE)) {
			store(mmap, READ_PART, GROWTH);
			try (Reader reader = new Reader(mmap)) {
				reader.start();
				if (nanos > 0) {
					store(mmap, nanos);
				}
				else {
					storeBusily(mmap);
				}
				return reader.stop();
			}
		}
	}

	@SuppressWarnings("MustBeClosedChecker")
	private Mmap open(OpenOption access) throws IOException {
		Mmap mmap = Mmap.builder(this.path).options(StandardOpenOption.READ, access).open();
		mmap.sync();
		return mmap;
	}

	private void append(Mmap mmap) throws IOException {
		for (long done = 0; done < GROWTH; done += this.record.length) {
			mmap.write(this.record);
		}
	}

	private void store(Mmap mmap, long offset, long length) throws IOException {
		for (long done = 0; done < length; done += this.record.length) {
			mmap.writeAt(this.record, offset + done);
		}
	}

	private void store(Mmap mmap, long nanos) throws IOException {
		long start = System.nanoTime();
		double nanosPerByte = (double) nanos / GROWTH;
		for (long done = 0; done < GROWTH; done += this.record.length) {
			while (System.nanoTime() - start < done * nanosPerByte) {
				Thread.onSpinWait();
			}
			mmap.writeAt(this.record, READ_PART + done);
		}
	}

	private void storeBusily(Mmap mmap) throws IOException {
		long start = System.nanoTime();
		while (System.nanoTime() - start < BUSY_NANOS) {
			store(mmap, READ_PART, GROWTH / 64);
		}
	}

	/**
	 * A thread that reads until it is closed.
	 */
	private static final class Reader implements AutoCloseable {

		private static final int LENGTH = 64;

		private static final int BATCH = 4096;

		/**
		 * How many reads come before the measured ones, for the compiler and the page
		 * tables.
		 */
		private static final long WARM_UP = READ_PART / LENGTH * 16;

		/** Odd, so that the places are spread over the file and its pages. */
		private static final long STRIDE = 6_700_417L * LENGTH;

		private final Mmap mmap;

		private final Thread thread = Thread.ofPlatform().name("reader").unstarted(this::read);

		private volatile long reads;

		private volatile boolean closed;

		private long nanos;

		private long readsAtStart;

		Reader(Mmap mmap) {
			this.mmap = mmap;
		}

		/** Starts to measure. When this returns, each page has been read. */
		void start() throws InterruptedException {
			this.thread.start();
			while (this.reads < WARM_UP && this.thread.isAlive()) {
				Thread.sleep(10);
			}
			this.readsAtStart = this.reads;
			this.nanos = -System.nanoTime();
		}

		/** Returns how many reads there were per second since the start. */
		double stop() {
			this.nanos += System.nanoTime();
			if (!this.thread.isAlive()) {
				throw new IllegalStateException("The reader failed");
			}
			return (this.reads - this.readsAtStart) * 1e9 / this.nanos;
		}

		long nanos() {
			return this.nanos;
		}

		private void read() {
			byte[] record = new byte[LENGTH];
			for (long done = 0; !this.closed; done += BATCH) {
				this.reads = done;
				try {
					readBatch(record, done * STRIDE);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}

		/**
		 * In a method of its own, as HotSpot compiles a method that is called again
		 * better than a loop that never ends.
		 */
		private void readBatch(byte[] record, long first) throws IOException {
			long place = first;
			for (int i = 0; i < BATCH; i++) {
				place += STRIDE;
				this.mmap.readAt(record, place & (READ_PART - 1));
			}
		}

		@Override
		public void close() {
			this.closed = true;
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
