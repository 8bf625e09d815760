package dev.yammap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Channels and threads: shared, closed in the middle, interrupted.
 */
class ChannelRaceTests extends AbstractMmapTests {

	private static final int RECORD = 48;

	private static final int RECORDS = 1_000;

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void gatheringAppendsOfManyChannelsAreWhole(boolean shared) throws Exception {
		Mmap file = openAppend();
		FileChannel one = file.channel();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			FileChannel channel = shared ? one : file.channel();
			ByteBuffer[] parts = { ByteBuffer.wrap(filled(20, thread)),
					ByteBuffer.allocateDirect(8).put(filled(8, thread)), ByteBuffer.wrap(filled(20, thread)) };
			for (int i = 0; i < RECORDS; i++) {
				for (ByteBuffer part : parts) {
					part.clear();
				}
				assertThat(channel.write(parts)).isEqualTo(RECORD);
			}
		}).with(() -> {
			for (int i = 0; i < RECORDS; i++) {
				file.write(filled(RECORD, 4));
			}
		}).run();
		assertRecords(content(), 5);
	}

	@Test
	void writesOfOneChannelFollowEachOther() throws Exception {
		Mmap file = openReadWrite();
		FileChannel channel = file.channel();
		Race.onVirtualThreads().with(4, (thread) -> () -> {
			for (int i = 0; i < RECORDS; i++) {
				channel.write(ByteBuffer.wrap(filled(RECORD, thread)));
			}
		}).run();
		assertThat(channel.position()).isEqualTo(4L * RECORDS * RECORD);
		assertRecords(content(), 4);
	}

	@Test
	void readsOfOneChannelShareTheFile() throws Exception {
		byte[] content = new byte[4 * RECORDS * RECORD];
		for (int i = 0; i < content.length; i += RECORD) {
			Arrays.fill(content, i, i + RECORD, (byte) (i / RECORD % 4));
		}
		FileChannel channel = openReadWrite(content).channel();
		AtomicLong read = new AtomicLong();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			ByteBuffer first = ByteBuffer.allocate(RECORD / 2);
			ByteBuffer second = ByteBuffer.allocateDirect(RECORD / 2);
			while (channel.read(new ByteBuffer[] { first.clear(), second.clear() }) != -1) {
				assertThat(first.flip()).isEqualTo(second.flip());
				read.addAndGet(RECORD);
			}
		}).run();
		assertThat(read).hasValue(content.length);
	}

	@Test
	void channelsOfOneFileDoNotDisturbEachOther() throws Exception {
		byte[] content = random(SOME_PAGES, 5);
		Mmap file = openReadWrite(content);
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			for (int round = 0; round < 20; round++) {
				FileChannel channel = file.channel().position(thread * 100L);
				ByteBuffer all = ByteBuffer.allocate(SOME_PAGES - thread * 100);
				while (all.hasRemaining()) {
					assertThat(channel.read(all.limit(Math.min(all.position() + 3_000, all.capacity())))).isPositive();
					all.limit(all.capacity());
				}
				assertThat(all.array()).isEqualTo(Arrays.copyOfRange(content, thread * 100, SOME_PAGES));
			}
		}).with(() -> {
			FileChannel channel = file.channel().position(SOME_PAGES);
			for (int i = 0; i < 500; i++) {
				channel.write(ByteBuffer.wrap(filled(1_000, i)));
			}
			channel.truncate(SOME_PAGES);
		}).run();
		assertThat(content()).isEqualTo(content);
	}

	/** What follows if the file is closed, {@link CloseRaceTests} has. */
	@Test
	void closeAmongThreadsAtWork() throws Exception {
		for (int round = 0; round < 100; round++) {
			Mmap file = openReadWrite(new byte[SOME_PAGES]);
			FileChannel channel = file.channel();
			CountDownLatch started = new CountDownLatch(40);
			Race.onPlatformThreads().with(4, (thread) -> () -> {
				for (int i = thread; CloseRaceProgram.succeeds(channel, i); i++) {
					started.countDown();
				}
			}).runWith(() -> {
				started.await();
				channel.close();
			});
			assertThat(channel.isOpen()).isFalse();
			assertThat(file.isOpen()).isTrue();
			file.close();
		}
	}

	@Test
	void releaseOfALockBesideTheCloseOfItsChannelEndsAndLeavesNothingLocked() throws Exception {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		FileChannel other = file.channel();
		for (int round = 0; round < 200; round++) {
			FileChannel channel = file.channel();
			FileLock lock = channel.lock(0, 10, false);
			Race.onPlatformThreads().with(() -> {
				try {
					lock.release();
				}
				catch (ClosedChannelException ex) {
					// The close came first.
				}
			}).runWith(channel::close);
			assertThat(lock.isValid()).isFalse();
			other.lock(0, 10, false).release();
			// The file knows only its own locks; another opening sees those of the
			// system.
			try (Mmap second = builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).open();
					FileLock free = second.channel().tryLock(0, 10, false)) {
				assertThat(free).isNotNull();
			}
		}
	}

	@Test
	void streamThatIsClosedNeverHasLessThanNothing() throws Exception {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		for (int round = 0; round < 200; round++) {
			InputStream stream = Channels.newInputStream(file.channel());
			Race.onPlatformThreads().with(stream::close).with(() -> {
				try {
					assertThat(stream.available()).isEqualTo(SOME_PAGES);
				}
				catch (ClosedChannelException ex) {
					assertThat(file.isOpen()).isTrue();
				}
			}).run();
		}
	}

	@Test
	void interruptEndsNoCallAndClosesNothing() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		FileChannel channel = file.channel();
		Thread.currentThread().interrupt();
		for (int i = 0; i < 12; i++) {
			assertThat(CloseRaceProgram.succeeds(channel, i)).isTrue();
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		assertThat(channel.isOpen()).isTrue();
		assertThat(file.isOpen()).isTrue();
	}

	@Test
	void interruptOfAWaitingThreadClosesNothing() throws Exception {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		FileChannel channel = file.channel();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			Thread self = Thread.currentThread();
			for (int i = 0; i < 300; i++) {
				self.interrupt();
				assertThat(CloseRaceProgram.succeeds(channel, thread + i)).isTrue();
			}
		}).run();
		assertThat(channel.isOpen()).isTrue();
	}

	private static void assertRecords(byte[] content, int writers) {
		assertThat(content).hasSize(writers * RECORDS * RECORD);
		int[] counts = new int[writers];
		for (int i = 0; i < content.length; i += RECORD) {
			assertThat(Arrays.copyOfRange(content, i, i + RECORD)).isEqualTo(filled(RECORD, content[i]));
			counts[content[i]]++;
		}
		assertThat(counts).containsOnly(RECORDS);
	}

}
