package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests what a device does that fails while a file is open.
 */
@Tag("faults")
class FailedSyncTests extends AbstractFaultTests {

	private static final int SIZE = 1 << 20;

	/** More than the first blocks of a disk, which have space from the start. */
	private static final int MANY_BLOCKS = 8 << 20;

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	@TempDir
	private Path directory;

	/**
	 * The device is a sparse image on a tmpfs; while the tmpfs is full, the device cannot
	 * write. After the failed {@code msync} the next one would succeed, and the content
	 * be gone.
	 */
	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void syncFailsForeverAfterTheDeviceFailedOnce(Disk.Kind kind) throws Exception {
		try (Disk host = Disk.mount(Disk.Kind.TMPFS, "400m", this.directory);
				Disk disk = Disk.mount(kind, Files.createDirectory(host.resolve("device")))) {
			Path path = disk.resolve("file");
			try (Mmap file = create(path, MANY_BLOCKS, StandardOpenOption.SPARSE)) {
				file.sync();
				Command.run("sync", "-f", path);
				FileOnFullDisk.fill(host.resolve("filler"));
				file.writeAt(Probe.filled(MANY_BLOCKS), 0);
				assertSyncFails(file);
				Files.delete(host.resolve("filler"));
				assertSyncFails(file);
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 42);
				assertSyncFails(file);
			}
			assertSyncSucceedsAfterReopening(path);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void syncAndDurableWriteFailAfterTheDeviceIsGone(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path path = disk.resolve("file");
			try (Mmap file = create(path, SIZE);
					Mmap durable = open(path, StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
				file.sync();
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
				disk.cutPower();
				assertSyncFails(file);
				assertSyncFails(file);
				assertThatIOException().isThrownBy(() -> durable.writeAt(new byte[8], 0));
				assertThatIOException().isThrownBy(() -> durable.writeAt(new byte[8], SIZE))
					.withMessageContaining(path.toString());
				assertThat(durable.size()).isEqualTo(SIZE);
			}
			disk.startAgain();
			assertSyncSucceedsAfterReopening(path);
		}
	}

	@Test
	void storeFaultsAndGrowthFailsAfterTheDeviceIsGone() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.XFS, this.directory)) {
			Path path = disk.resolve("file");
			try (Mmap file = create(path, SIZE)) {
				file.sync();
				disk.cutPower();
				assertThatIOException().isThrownBy(() -> file.writeAt(new byte[100], 0))
					.isInstanceOf(MappedFaultException.class)
					.withMessageContaining(path.toString());
				assertThatIOException().isThrownBy(() -> file.truncate(2L * SIZE))
					.withMessageContaining("Input/output error");
				assertThatIOException().isThrownBy(() -> file.writeAt(new byte[100], SIZE))
					.withMessageContaining("Input/output error");
				assertThat(file.size()).isEqualTo(SIZE);
			}
			disk.startAgain();
			assertThat(path).hasBinaryContent(new byte[SIZE]);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2" })
	void storeFaultsInTheCallThatMetItAfterTheDeviceIsGone(Jvm jvm) throws Exception {
		Path report = this.directory.resolve("report");
		try (KernelSetting _ = KernelSetting.withoutWriteback();
				Disk disk = Disk.mount(Disk.Kind.XFS, this.directory)) {
			child(FaultProgram.class, this.directory).flags(jvm.flags())
				.arguments(FaultProgram.ON_DEAD_DISK, disk.directory(), jvm.warmUp(), report)
				.run();
		}
		assertThat(Files.readAllLines(report)).isEqualTo(FaultProgram
			.expectedReport((opening, operation) -> FileOnDeadDisk.needsDisk(opening, operation) && tries(operation)));
	}

	@Test
	void growthFailsAndReadsGoOnWhenTheKernelMakesTheFileSystemReadOnly() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			Path path = disk.resolve("file");
			try (Mmap file = create(path, SIZE)) {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
				file.sync();
				disk.breakFileSystem();
				assertThatIOException().isThrownBy(() -> file.writeAt(new byte[100], SIZE))
					.withMessageContaining(path.toString())
					.withMessageContaining("Read-only file system");
				assertThatIOException().isThrownBy(() -> file.truncate(2L * SIZE))
					.withMessageContaining("Read-only file system");
				assertThat(file.size()).isEqualTo(SIZE);
				assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(42);
			}
		}
	}

	@Test
	void readOnlyFileSystemRefusesWritersAndServesReaders() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			Path path = Files.write(disk.resolve("file"), Probe.filled(100));
			disk.mountReadOnly();
			assertThatIOException().isThrownBy(() -> open(path, READ_WRITE).close())
				.withMessageContaining(path.toString())
				.withMessageContaining("Read-only file system");
			Path other = disk.resolve("other");
			assertThatIOException().isThrownBy(() -> create(other, 100).close())
				.withMessageContaining(other.toString())
				.withMessageContaining("Read-only file system");
			try (Mmap file = open(path)) {
				assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(Probe.INT_FILL);
				file.sync();
			}
		}
	}

	private static void assertSyncFails(Mmap file) {
		assertThatIOException().isThrownBy(file::sync).withMessageContaining(file.path().toString());
	}

	private void assertSyncSucceedsAfterReopening(Path path) throws IOException {
		try (Mmap file = open(path, READ_WRITE)) {
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 43);
			file.sync();
		}
		try (Mmap file = open(path)) {
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(43);
		}
	}

}
