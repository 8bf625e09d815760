package dev.yammap.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * Measures what a device that takes seconds costs the threads that do not use it. One
 * thread asks for a page that is not in memory; how long does a garbage collection take
 * meanwhile? A virtual thread syncs; how long does another wait, which shares its only
 * carrier?
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.system.SlowDeviceComparison FILE
 * </pre>
 *
 * The file must lie on such a device, have 64 MiB, and not be in the page cache. Its
 * first bytes are changed.
 */
public final class SlowDeviceComparison {

	/** Further apart than the kernel reads ahead. */
	private static final long STEP = 8L << 20;

	/** How long to wait until a thread is stuck. */
	private static final long HEAD_START_MILLIS = 400;

	private static final int ROUNDS = 3;

	private final Path path;

	private long place;

	private SlowDeviceComparison(Path path) {
		this.path = path;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
		new SlowDeviceComparison(Path.of(args[0])).run();
	}

	private void run() throws IOException, InterruptedException {
		for (Backend backend : new Backend[] { Backend.NATIVE, Backend.PORTABLE }) {
			try (Mmap file = open(backend)) {
				byte[] bytes = new byte[64];
				collect(backend + ": readAt", (offset) -> file.readAt(bytes, offset));
			}
		}
		try (Mmap file = open(Backend.NATIVE)) {
			collect("NATIVE: advise(POPULATE_READ)", (offset) -> file.advise(Advice.POPULATE_READ, offset, 64));
		}
		try (FileChannel channel = FileChannel.open(this.path, StandardOpenOption.READ)) {
			collect("FileChannel of the JDK", (offset) -> channel.read(ByteBuffer.allocateDirect(64), offset));
		}
		for (Backend backend : new Backend[] { Backend.NATIVE, Backend.PORTABLE }) {
			try (Mmap file = open(backend)) {
				share(backend + ": sync()", (offset) -> file.writeAt(new byte[64], offset), (offset) -> file.sync());
			}
		}
		try (FileChannel channel = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
			share("FileChannel.force", (offset) -> channel.write(ByteBuffer.allocateDirect(64), offset),
					(offset) -> channel.force(false));
		}
	}

	private Mmap open(Backend backend) throws IOException {
		return Mmap.builder(this.path)
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.backend(backend)
			.open();
	}

	private void collect(String name, Access access) throws InterruptedException {
		long offset = this.place;
		this.place += STEP;
		Thread thread = Thread.ofPlatform().start(() -> access.run(offset));
		TimeUnit.MILLISECONDS.sleep(HEAD_START_MILLIS);
		long start = System.nanoTime();
		System.gc();
		long nanos = System.nanoTime() - start;
		thread.join();
		print("collection beside " + name, nanos);
	}

	/** Repeats it several times, as the first time loads classes. */
	private static void share(String name, Access write, Access sync) throws InterruptedException {
		for (int i = 0; i < ROUNDS; i++) {
			write.run(0);
			print("longest pause of a virtual thread beside " + name, longestPause(sync));
		}
	}

	private static long longestPause(Access access) throws InterruptedException {
		long start = System.nanoTime();
		Thread sync = Thread.ofVirtual().start(() -> access.run(0));
		long[] longest = new long[1];
		Thread other = Thread.ofVirtual().start(() -> {
			long before = start;
			boolean alive;
			do {
				alive = sync.isAlive();
				long now = System.nanoTime();
				longest[0] = Math.max(longest[0], now - before);
				before = now;
				LockSupport.parkNanos(1_000_000);
			}
			while (alive);
		});
		sync.join();
		other.join();
		return longest[0];
	}

	private static void print(String name, long nanos) {
		System.out.printf("%,7d ms: %s%n", TimeUnit.NANOSECONDS.toMillis(nanos), name);
	}

	/** A use of the file at an offset. */
	private interface Access {

		void tryRun(long offset) throws IOException;

		default void run(long offset) {
			try {
				tryRun(offset);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
