package dev.yammap.spring.boot.reload;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.MmapReloadedEvent;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file is replaced again and again while threads read it in every way there is. Each
 * version has a size of its own, and is full of its own number.
 */
class ReloadUnderLoadTests {

	private static final int VERSIONS = 200;

	private static final int READERS = 4;

	private static final int LEAST_SIZE = 8_000;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "native", "portable" })
	void everyReadIsWhollyFromOneVersion(String backend) throws IOException {
		replace(0);
		List<MmapReloadedEvent> events = new ArrayList<>();
		Contexts
			.in(this.directory, "yammap.files.table.path=table", "yammap.files.table.access=read-only",
					"yammap.files.table.reload-on-update=true", "yammap.reload-interval=1d",
					"yammap.files.table.backend=" + backend)
			.run((context) -> {
				FileReloader reloader = new FileReloader(context.getBean(DefaultMmaps.class), Duration.ofSeconds(1),
						context.getBeanProvider(MmapReloadValidator.class),
						(event) -> events.add((MmapReloadedEvent) event));
				readWhileReplaced(context.getBean(Mmap.class), reloader);
				awaitOldVersionsClosed(context.getBean(DefaultMmaps.class), backend);
			});
		assertThat(events).hasSize(VERSIONS);
		assertThat(events).allSatisfy((event) -> {
			int version = events.indexOf(event) + 1;
			assertThat(event.getOldSize()).isEqualTo(size(version - 1));
			assertThat(event.getNewSize()).isEqualTo(size(version));
		});
	}

	private void readWhileReplaced(Mmap file, FileReloader reloader) throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService executor = Executors.newFixedThreadPool(READERS)) {
			List<Future<Boolean>> readers = new ArrayList<>();
			CountDownLatch reading = new CountDownLatch(READERS);
			for (int i = 0; i < READERS; i++) {
				readers.add(executor.submit(() -> new Reader(file).readUntil(done, reading)));
			}
			try {
				reading.await();
				for (int version = 1; version <= VERSIONS; version++) {
					replace(version);
					reloader.lookAtAll();
					reloader.lookAtAll();
					assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(version);
				}
			}
			finally {
				done.set(true);
			}
			for (Future<Boolean> reader : readers) {
				assertThat(reader.get()).isTrue();
			}
		}
	}

	private static void awaitOldVersionsClosed(DefaultMmaps mmaps, String backend) {
		SwappableMmap file = (SwappableMmap) mmaps.get("table");
		if (backend.equals("portable")) {
			// Views were handed out of every version, or of most.
			assertThat(file.versions().retired()).isPositive();
			return;
		}
		Threads.await(() -> {
			System.gc();
			file.versions().closeUnused();
			return file.versions().retired() == 0;
		});
	}

	private void replace(int version) throws IOException {
		ByteBuffer content = ByteBuffer.allocate(size(version)).order(ByteOrder.LITTLE_ENDIAN);
		while (content.hasRemaining()) {
			content.putLong(version);
		}
		Path next = Files.write(this.directory.resolve("next"), content.array());
		Files.move(next, this.directory.resolve("table"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static int size(long version) {
		return LEAST_SIZE + 8 * (int) ((version * 4099) % 5000);
	}

	/**
	 * Reads in turn in every way.
	 */
	private static final class Reader {

		private final Mmap file;

		private final byte[] bytes = new byte[64_000];

		private long last;

		Reader(Mmap file) {
			this.file = file;
		}

		/** Reads at least once. */
		boolean readUntil(AtomicBoolean done, CountDownLatch reading) throws IOException {
			try {
				read();
			}
			finally {
				reading.countDown();
			}
			while (!done.get()) {
				read();
			}
			return true;
		}

		private void read() throws IOException {
			readAt();
			single();
			access();
			view();
			channel();
		}

		private void readAt() throws IOException {
			int count = this.file.readAt(this.bytes, 0);
			check(MemorySegment.ofArray(this.bytes).asSlice(0, count), true);
		}

		private void single() {
			seen(this.file.get(ValueLayout.JAVA_LONG_UNALIGNED, LEAST_SIZE - 8));
			seen(this.file.atomics().getLongVolatile(0));
		}

		private void access() throws IOException {
			seen(this.file.access(0, LEAST_SIZE, (view) -> view.get(LONG, same(view))));
			seen(this.file.accessLong(8, LEAST_SIZE - 8, (view) -> view.get(LONG, same(view))));
		}

		private void view() {
			check(this.file.segment(), true);
			check(this.file.segment(16, 4000), false);
		}

		private void channel() throws IOException {
			int count = this.file.channel().read(ByteBuffer.wrap(this.bytes));
			check(MemorySegment.ofArray(this.bytes).asSlice(0, count), true);
		}

		private void check(MemorySegment content, boolean whole) {
			long version = content.get(LONG, same(content));
			seen(version);
			if (whole) {
				assertThat(content.byteSize()).isEqualTo(size(version));
			}
		}

		/**
		 * Returns an offset of the number that all are.
		 */
		private static long same(MemorySegment content) {
			long first = content.get(LONG, 0);
			for (long offset = 8; offset < content.byteSize(); offset += 8) {
				if (content.get(LONG, offset) != first) {
					throw new AssertionError("Version " + first + " until " + offset);
				}
			}
			return 0;
		}

		/**
		 * A call that begins later is not on an older version.
		 */
		private void seen(long version) {
			assertThat(version).isBetween(this.last, (long) VERSIONS);
			this.last = version;
		}

	}

}
