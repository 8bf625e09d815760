package dev.yammap.docs;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the recipes for files that several share keep what they promise. Each side
 * has a mapping of its own, as a process would.
 */
@Timeout(1_800)
class SharedFileRecipeTests {

	private static final String RING = "docs/guide/shared-memory.md";

	private static final int MESSAGES = 10_000;

	@TempDir
	private Path directory;

	@Test
	void noCountIsLost() throws Exception {
		try (Mmap one = open(8192);
				Mmap other = open(8192);
				ExecutorService threads = Executors.newFixedThreadPool(4)) {
			List<Future<?>> counting = new ArrayList<>();
			for (Mmap file : List.of(one, other, one, other)) {
				Recipe views = Recipe.create("docs/guide/counters.md", "PageViews", file);
				counting.add(threads.submit(() -> {
					for (int i = 0; i < 5_000; i++) {
						views.call("add", 1023);
					}
					return true;
				}));
			}
			for (Future<?> counter : counting) {
				counter.get();
			}
		}
		try (Mmap file = open(8192)) {
			Recipe views = Recipe.create("docs/guide/counters.md", "PageViews", file);
			assertThat(views.call("count")).isEqualTo(1024L);
			assertThat(views.call("get", 1023)).isEqualTo(20_000L);
			assertThat(views.call("get", 0)).isEqualTo(0L);
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> views.call("add", 1024));
			assertThat(file.size()).isEqualTo(8192);
		}
	}

	@Test
	void everyMessageArrivesWholeAndInOrder() throws Exception {
		try (Mmap one = open(1024);
				Mmap other = open(1024);
				ExecutorService threads = Executors.newFixedThreadPool(1)) {
			Recipe writer = Recipe.create(RING, "Ring", one);
			Future<?> writing = threads.submit(() -> {
				for (int i = 0; i < MESSAGES; i++) {
					while (!Boolean.TRUE.equals(writer.call("offer", message(i)))) {
						Thread.onSpinWait();
					}
				}
				return true;
			});
			Recipe reader = Recipe.create(RING, "Ring", other);
			for (int i = 0; i < MESSAGES; i++) {
				assertThat(poll(reader, writing)).isEqualTo(message(i));
			}
			writing.get();
			assertThat(reader.call("poll")).isNull();
		}
	}

	private static byte[] poll(Recipe reader, Future<?> writing) throws Exception {
		while (true) {
			if (reader.call("poll") instanceof byte[] message) {
				return message;
			}
			if (writing.isDone()) {
				writing.get();
			}
			Thread.onSpinWait();
		}
	}

	/** Returns content of a length, and with bytes, that depend on the number. */
	private static byte[] message(int number) {
		ByteBuffer message = ByteBuffer.allocate(number % 61);
		while (message.hasRemaining()) {
			message.put((byte) (number * 31 + message.position()));
		}
		return message.array();
	}

	@Test
	void ringThatIsFullTakesNoMessage() throws Exception {
		try (Mmap file = open(128 + 2 * 64)) {
			Recipe ring = Recipe.create(RING, "Ring", file);
			assertThat(ring.call("offer", new byte[60])).isEqualTo(true);
			assertThat(ring.call("offer", new byte[0])).isEqualTo(true);
			assertThat(ring.call("offer", new byte[1])).isEqualTo(false);
			assertThat(ring.call("poll")).isEqualTo(new byte[60]);
			assertThat(ring.call("offer", new byte[2])).isEqualTo(true);
			assertThat(ring.call("poll")).isEqualTo(new byte[0]);
			assertThat(ring.call("poll")).isEqualTo(new byte[2]);
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> ring.call("offer", new byte[61]));
		}
	}

	@Test
	void lengthThatNoWriterWroteIsNotBelieved() throws Exception {
		try (Mmap file = open(1024)) {
			Recipe ring = Recipe.create(RING, "Ring", file);
			ring.call("offer", new byte[1]);
			for (int length : new int[] { -1, 61, Integer.MAX_VALUE }) {
				file.set(ValueLayout.JAVA_INT_UNALIGNED, 128, length);
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> ring.call("poll"));
			}
		}
	}

	private Mmap open(long size) throws IOException {
		return Mmap.create(this.directory.resolve("shared"), size);
	}

}
