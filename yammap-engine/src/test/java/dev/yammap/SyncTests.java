package dev.yammap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link Mmap#sync()} and the options that imply it. That what is synced survives a power
 * cut is tested elsewhere.
 */
class SyncTests extends AbstractMmapTests {

	private final Syncs syncs = new Syncs();

	@Test
	void syncCanBeCalledAnyTime() throws IOException {
		Mmap file = open(syncing(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		file.sync();
		file.writeAt(random(SOME_PAGES, 1), 100);
		file.sync();
		file.sync();
		file.truncate(10);
		file.sync();
		file.truncate(0);
		file.sync();
		assertThat(this.syncs.files).hasSize(5).containsOnly(file);
	}

	@Test
	void appendingAndWriteOnlyFilesSync() throws IOException {
		for (StandardOpenOption option : List.of(StandardOpenOption.APPEND, StandardOpenOption.WRITE)) {
			Mmap file = open(syncing(option, StandardOpenOption.CREATE));
			file.write(new byte[100]);
			file.sync();
		}
		assertThat(this.syncs.files).hasSize(2);
	}

	@Test
	void syncOfAReadOnlyFileDoesNothing() throws IOException {
		write(new byte[100]);
		Mmap file = open(path());
		file.sync();
		file.sync();
		assertThat(readAt(file, 200, 0)).hasSize(100);
	}

	@Test
	void syncOfAPrivateMappingIsUnsupported() throws IOException {
		write(new byte[100]);
		Mmap file = openPrivate();
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(file::sync);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isOne();
	}

	@Test
	void syncOfAReadOnlyPrivateMappingDoesNothing() throws IOException {
		write(new byte[100]);
		Mmap file = open(builder(path()).mode(MapMode.PRIVATE));
		file.sync();
		assertThat(readAt(file, 200, 0)).hasSize(100);
	}

	@Test
	void anyRangeWithinTheFileCanBeSynced() throws IOException {
		Mmap file = open(syncing(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		file.sync(0, 0);
		file.writeAt(random(SOME_PAGES, 1), 0);
		file.sync(0, SOME_PAGES);
		file.sync(SOME_PAGES - 1, 1);
		file.sync(4_095, 2);
		file.sync(SOME_PAGES, 0);
		assertThat(this.syncs.files).hasSize(3).containsOnly(file);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1", "0, -1", "0, 101", "100, 1", "101, 0", "9223372036854775807, 1", "1, 9223372036854775807",
			"-9223372036854775808, 1" })
	void rangeThatIsNotWithinTheFileIsRefused(long offset, long length) throws IOException {
		write(new byte[100]);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> {
			Mmap file = openReadWrite();
			file.sync(offset, length);
		});
		Mmap readOnly = open(path());
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> readOnly.sync(offset, length));
	}

	@Test
	void rangeThatAnotherProcessAppendedCanBeSynced() throws IOException {
		write(new byte[100]);
		Mmap file = openReadWrite();
		Files.write(path(), new byte[100], StandardOpenOption.APPEND);
		file.sync(150, 50);
		assertThat(file.size()).isEqualTo(200);
	}

	@Test
	void rangesAreRefusedWhereTheFileIs() throws IOException {
		write(new byte[100]);
		open(path()).sync(0, 100);
		open(builder(path()).mode(MapMode.PRIVATE)).sync(0, 100);
		Mmap file = openPrivate();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.sync(0, 100));
	}

	@ParameterizedTest
	@EnumSource(names = { "SYNC", "DSYNC" })
	void everyWriteIsSynced(StandardOpenOption option) throws IOException {
		Mmap file = open(syncing(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE, option));
		file.write(new byte[100]);
		assertThat(this.syncs.files).hasSize(1);
		file.write(new byte[100], 10, 50);
		assertThat(this.syncs.files).hasSize(2);
		file.write(ByteBuffer.allocate(10));
		assertThat(this.syncs.files).hasSize(3);
		file.writeAt(new byte[100], 0);
		assertThat(this.syncs.files).hasSize(4);
		file.writeAt(new byte[100], 10, 50, 20);
		assertThat(this.syncs.files).hasSize(5);
		file.writeAt(ByteBuffer.allocateDirect(10), 5_000);
		assertThat(this.syncs.files).hasSize(6).containsOnly(file);
	}

	@ParameterizedTest
	@EnumSource(names = { "SYNC", "DSYNC" })
	void everyAppendIsSynced(StandardOpenOption option) throws IOException {
		Mmap file = open(syncing(StandardOpenOption.APPEND, StandardOpenOption.CREATE, option));
		file.write(new byte[100]);
		file.write(new byte[100]);
		assertThat(this.syncs.files).hasSize(2);
		assertThat(content()).hasSize(200);
	}

	/** Whoever makes the call again must know that its bytes are in the file. */
	@Test
	void writeWhoseFileIsClosedBeforeItsSyncSaysThatItWasUnderWay() throws IOException {
		MmapListener closing = new MmapListener() {

			@Override
			public void grown(Mmap file, long from, long to) {
				try {
					file.close();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}

		};
		ByteBuffer bytes = ByteBuffer.allocate(SOME_PAGES);
		List<IoFunction> writes = List.of((file) -> file.append(new byte[SOME_PAGES]),
				(file) -> file.write(new byte[SOME_PAGES]), (file) -> file.channel().write(bytes.clear()),
				(file) -> file.channel().write(new ByteBuffer[] { bytes.clear() }));
		for (IoFunction write : writes) {
			Mmap file = open(builder(path())
				.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
						StandardOpenOption.SYNC)
				.reserve(0)
				.listener(closing));
			assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> write.on(file));
			assertThat(content()).hasSize(SOME_PAGES);
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.append(new byte[1]))
				.isNotInstanceOf(AsynchronousCloseException.class);
			Files.delete(path());
		}
	}

	@Test
	void writesAreNotSyncedUnlessAsked() throws IOException {
		Mmap file = open(syncing(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		file.write(new byte[100]);
		file.writeAt(new byte[100], 50);
		file.truncate(1_000);
		file.close();
		assertThat(this.syncs.files).isEmpty();
	}

	@Test
	void syncsOfManyThreadsAllReturn() throws Exception {
		Mmap file = open(syncing(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		file.truncate(8 * 4096);
		Race.onPlatformThreads().with(8, (thread) -> () -> {
			for (int i = 0; i < 20; i++) {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 4096L * thread, i);
				file.sync();
			}
		}).run();
		assertThat(this.syncs.files).isNotEmpty().hasSizeLessThanOrEqualTo(160);
	}

	@Test
	void readsAndWritesGoOnWhileASyncIsRunning() throws Exception {
		Mmap file = openReadWrite(new byte[1 << 20]);
		AtomicInteger syncing = new AtomicInteger();
		AtomicBoolean enough = new AtomicBoolean();
		Race.onPlatformThreads().with(() -> {
			byte[] dirt = random(1 << 20, 1);
			while (!enough.get()) {
				file.writeAt(dirt, 0);
				syncing.incrementAndGet();
				file.sync();
				syncing.incrementAndGet();
			}
		}).with(() -> {
			int windows = 0;
			while (windows < 5) {
				windows += worksWithin(file, syncing) ? 1 : 0;
			}
			enough.set(true);
		}).run();
	}

	/**
	 * Whether twenty rounds of reading, overwriting and growing began and ended within
	 * one sync. The counter is odd while one is running.
	 */
	private static boolean worksWithin(Mmap file, AtomicInteger syncing) throws IOException {
		int window = syncing.get();
		if (window % 2 == 0) {
			return false;
		}
		for (int i = 0; i < 20 && syncing.get() == window; i++) {
			file.readAt(new byte[64], 1_000);
			file.writeAt(new byte[64], 2_000);
			file.seek(0, Whence.END);
			file.write(new byte[64]);
		}
		return syncing.get() == window;
	}

	private Mmap.Builder syncing(StandardOpenOption... options) {
		return builder(path()).options(options).listener(this.syncs);
	}

	/**
	 * Remembers the files that were synced.
	 */
	private static final class Syncs implements MmapListener {

		private final List<Mmap> files = new CopyOnWriteArrayList<>();

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			assertThat(failure).isNull();
			assertThat(duration).isPositive();
			this.files.add(file);
		}

	}

	/** Something done to a file. */
	private interface IoFunction {

		Object on(Mmap file) throws IOException;

	}

}
