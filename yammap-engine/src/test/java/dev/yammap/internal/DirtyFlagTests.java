package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.portable.PortableBackend;
import dev.yammap.internal.file.DirtyFlag;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often syncs set the time of modification.
 */
@NullMarked
class DirtyFlagTests {

	private long nanos;

	@TempDir
	private Path directory = Path.of("");

	@SuppressWarnings("NullAway.Init")
	private OpenedFile file;

	@SuppressWarnings("NullAway.Init")
	private DirtyFlag unsynced;

	@BeforeEach
	void openFile() throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[100]);
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
		Opening opening = new Opening(new PortableBackend(), path, access, MappingOptions.DEFAULT, false, true);
		this.file = opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		this.unsynced = new DirtyFlag(this.file.state(), () -> this.nanos);
	}

	@AfterEach
	void closeFile() throws IOException {
		this.file.close();
	}

	private void pass(long millis) {
		this.nanos += TimeUnit.MILLISECONDS.toNanos(millis);
	}

	@Test
	void syncAfterAWriteSetsTheTime() {
		this.unsynced.wrote();
		assertThat(this.unsynced.syncing()).isTrue();
		pass(10);
		this.unsynced.wrote();
		assertThat(this.unsynced.syncingPart()).isTrue();
		pass(10);
		assertThat(this.unsynced.syncing()).isFalse();
		assertThat(this.unsynced.closing()).isFalse();
	}

	@Test
	void syncSoonAfterAnotherLeavesTheTimeToALaterOne() {
		this.unsynced.wrote();
		assertThat(this.unsynced.syncing()).isTrue();
		this.unsynced.wrote();
		pass(9);
		assertThat(this.unsynced.syncing()).isFalse();
		pass(1);
		assertThat(this.unsynced.syncing()).as("nothing more was written").isTrue();
		assertThat(this.unsynced.closing()).isFalse();
	}

	@Test
	void endSetsTheTimeThatASyncLeft() {
		this.unsynced.wrote();
		assertThat(this.unsynced.syncing()).isTrue();
		this.unsynced.wrote();
		assertThat(this.unsynced.syncingPart()).isFalse();
		assertThat(this.unsynced.closing()).isTrue();
	}

}
