package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.Mmap;
import dev.yammap.StorageException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files that the kernel does not have opened, each with its cause and what to do, and
 * files that are opened though something is wrong.
 */
@Tag("faults")
class RefusedOpeningTests extends AbstractFaultTests {

	private static final OpenOption[] CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private static final int ATTEMPTS = 2_000;

	@TempDir
	private Path directory;

	@Test
	void fileOfAReadOnlyFileSystemIsOpenedForReadingOnly() throws IOException {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			Path path = Files.write(disk.resolve("file"), new byte[] { 1 });
			disk.mountReadOnly();
			for (Path refused : new Path[] { path, disk.resolve("new") }) {
				assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(refused, CREATE))
					.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.READ_ONLY))
					.withMessageContaining(refused.toString())
					.withMessageContaining("mounted read-only")
					.withMessageContaining("for reading only");
			}
			try (Mmap file = open(path)) {
				assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
			}
		}
	}

	@Test
	void fileThatIsProtectedFromEverybodyIsOpenedForReadingOnly() throws IOException {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			Path path = Files.write(disk.resolve("file"), new byte[] { 1 });
			for (String flag : new String[] { "i", "a" }) {
				Command.run("chattr", "+" + flag, path);
				try {
					assertThatExceptionOfType(FileProtectedException.class).isThrownBy(() -> open(path, CREATE))
						.withMessageContaining("Operation not permitted")
						.withMessageContaining("chattr -a");
					open(path).close();
					assertThatExceptionOfType(IOException.class)
						.isThrownBy(() -> open(path, StandardOpenOption.READ, StandardOpenOption.APPEND))
						.satisfies((ex) -> assertThat(FailureCause.of(ex)).isEqualTo(FailureCause.PROTECTED))
						.withMessageContaining("append-only")
						.withMessageContaining("chattr -a");
				}
				finally {
					Command.run("chattr", "-" + flag, path);
				}
			}
			Command.run("chattr", "+i", disk.directory());
			assertThatExceptionOfType(FileProtectedException.class).isThrownBy(() -> open(disk.resolve("new"), CREATE))
				.withMessageContaining("immutable");
			Command.run("chattr", "-i", disk.directory());
		}
	}

	@Test
	void fileOfADeviceThatFailedIsRefused() throws IOException {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			Path path = Files.write(disk.resolve("file"), new byte[] { 1 });
			disk.cutPower();
			for (Path refused : new Path[] { path, disk.resolve("new") }) {
				assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(refused, CREATE))
					.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.IO_ERROR))
					.withMessageContaining("Input/output error")
					.withMessageContaining("see dmesg");
			}
		}
	}

	@Test
	void fileIsCreatedInADirectoryThatMayNotBeRead() throws Exception {
		Path closed = Files.createDirectory(this.directory.resolve("closed"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-wx------")));
		Path path = closed.resolve("file");
		String output = child(CreatingProgram.class, this.directory)
			.under("setpriv", "--bounding-set=-dac_override,-dac_read_search",
					"--inh-caps=-dac_override,-dac_read_search")
			.arguments(this.backend, path)
			.run();
		assertThat(output).containsOnlyOnce("WARNING")
			.contains(path + " was created, but its name is not durable: the directory " + closed
					+ " cannot be synced: Permission denied")
			.contains("Grant the right to read the directory");
		assertThat(path).hasSize(10);
	}

	/**
	 * With {@code fs.protected_symlinks} the kernel does not follow a link of another
	 * user in a directory that all may write to, not even for root.
	 */
	@Test
	void linkThatAnotherUserPlantsIsNeverFollowed() throws Exception {
		try (KernelSetting _ = KernelSetting.change("fs/protected_symlinks", (_) -> 1)) {
			Path secret = Files.createDirectory(this.directory.resolve("secret"),
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
			Path everybody = Files.createDirectory(this.directory.resolve("everybody"));
			Path link = Files.createSymbolicLink(everybody.resolve("link"), secret.resolve("planted"));
			Command.run("chown", "-h", "65534", link);
			Command.run("chmod", "1777", everybody);
			openWhilePlanting(everybody.resolve("file"), link);
			assertThat(secret).isEmptyDirectory();
		}
	}

	private void openWhilePlanting(Path path, Path link) throws Exception {
		AtomicBoolean ended = new AtomicBoolean();
		try (ExecutorService other = Executors.newSingleThreadExecutor()) {
			Future<?> planting = other.submit(() -> {
				while (!ended.get()) {
					plantAndRemove(path, link);
				}
				return null;
			});
			try {
				for (int i = 0; i < ATTEMPTS; i++) {
					tryToOpen(path);
				}
			}
			finally {
				ended.set(true);
			}
			planting.get();
		}
	}

	/** A hard link of the symbolic one has its owner. */
	private static void plantAndRemove(Path path, Path link) throws IOException {
		try {
			Files.createLink(path, link);
		}
		catch (FileAlreadyExistsException ex) {
			// The file was created.
		}
		Files.deleteIfExists(path);
	}

	private void tryToOpen(Path path) throws IOException {
		try {
			open(path, CREATE).close();
		}
		catch (AccessDeniedException | FileAlreadyExistsException | NoSuchFileException ex) {
			// The link was there.
		}
	}

}
