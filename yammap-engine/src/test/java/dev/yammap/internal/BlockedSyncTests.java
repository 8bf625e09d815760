package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.Mmap;
import dev.yammap.Whence;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes on while the operating system takes its time over a sync: everything but
 * closing.
 */
@NullMarked
@Timeout(1_800)
class BlockedSyncTests {

	private final FaultyLibrary library = new FaultyLibrary();

	private final CountDownLatch syncing = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@TempDir
	private Path directory = Path.of("");

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void blockASync() throws Exception {
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE);
		Opening opening = new Opening(this.library.backend(), this.directory.resolve("file"), access,
				MappingOptions.DEFAULT, true, true);
		OpenedFile opened = opening.open(PosixFilePermissions.fromString("rw-------"), 100, (parts) -> parts);
		this.file = new FileMmap(opened, false, List.of());
		this.library.before("fdatasync", this::block);
		this.threads.execute(this::sync);
		assertThat(this.syncing.await(1, TimeUnit.MINUTES)).isTrue();
	}

	private void block() {
		this.syncing.countDown();
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void sync() {
		try {
			this.file.sync();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@AfterEach
	void end() throws IOException {
		this.release.countDown();
		this.file.close();
		this.threads.close();
	}

	@Test
	void readsAndWritesGoOn() throws IOException {
		byte[] bytes = { 1, 2, 3 };
		this.file.writeAt(bytes, 10);
		assertThat(this.file.readAt(new byte[3], 10)).isEqualTo(3);
		this.file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 5);
		assertThat(this.file.atomics().getAndAddLong(0, 1)).isEqualTo(5);
		this.file.seek(0, Whence.END);
		this.file.write(bytes);
		assertThat(this.file.size()).isEqualTo(103);
	}

	@Test
	void fileGrowsAndShrinks() throws IOException {
		this.file.truncate(1_000_000);
		this.file.truncate(10);
		assertThat(this.file.size()).isEqualTo(10);
	}

	@Test
	void closeWaitsForTheSync() throws Exception {
		this.library.calls();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
			try {
				this.file.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, this.threads);
		assertThat(this.library.calls()).doesNotContain("close");
		this.release.countDown();
		closing.get(1, TimeUnit.MINUTES);
		assertThat(this.library.calls()).containsSubsequence("close", "mmap");
	}

}
