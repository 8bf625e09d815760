package dev.yammap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.LoggedMessages;
import dev.yammap.Mmap;
import dev.yammap.StorageException;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Files whose path changes while the native backend opens them: before each
 * {@code open(2)}, another process does something.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangedPathTests {

	private static final OpenOption[] CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private static final Change NOTHING = () -> {
	};

	private final FaultyLibrary library = new FaultyLibrary();

	@TempDir
	private Path directory = Path.of("");

	private Path path = Path.of("");

	private Path other = Path.of("");

	@BeforeEach
	void namePaths() {
		this.path = this.directory.resolve("file");
		this.other = this.directory.resolve("other");
	}

	private Mmap open(OpenOption... options) throws IOException {
		return OnBackend.open(this.library.backend(), this.path, options);
	}

	/** Has something happen before each of the next calls. */
	private void beforeOpening(Change... changes) {
		Queue<Change> next = new ArrayDeque<>(Arrays.asList(changes));
		this.library.before("open", () -> {
			try {
				Change change = next.poll();
				if (change != null) {
					change.happen();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private void plantLink() throws IOException {
		Files.createSymbolicLink(this.path, this.other);
	}

	private void remove() throws IOException {
		Files.delete(this.path);
	}

	private void makePipe() throws IOException {
		Files.deleteIfExists(this.path);
		try {
			assertThat(new ProcessBuilder("mkfifo", this.path.toString()).start().waitFor()).isZero();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	@Test
	void linkThatIsPlantedBeforeTheCreationIsFollowedByTheKernelAlone() throws IOException {
		beforeOpening(NOTHING, this::plantLink);
		this.library.fail("open", 3, FaultyLibrary.EACCES);
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> open(CREATE))
			.withMessageContaining("Permission denied");
		assertThat(this.other).doesNotExist();
		assertThat(this.path).isSymbolicLink();
	}

	@Test
	void linkThatIsPlantedBeforeTheCreationIsRefusedWhereNoneMayBeFollowed() {
		beforeOpening(NOTHING, this::plantLink);
		assertThatIOException()
			.isThrownBy(() -> open(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS))
			.withMessageContaining("symbolic links");
		assertThat(this.other).doesNotExist();
	}

	@Test
	void fileBehindALinkThatLedNowhereIsDurableButNotCalledOurs() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Files.createSymbolicLink(this.path, elsewhere.resolve("file"));
		this.library.failAlways("fsync", FaultyLibrary.EIO);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(CREATE))
			.withMessageContaining("Cannot sync the directory " + elsewhere.toRealPath() + ":");
		assertThat(elsewhere.resolve("file")).isEmptyFile();
	}

	@Test
	void fileThatOthersCreateMeanwhileIsTheirs() throws IOException {
		beforeOpening(NOTHING, () -> Files.write(this.path, new byte[] { 1, 2, 3 }));
		this.library.failAlways("mmap", FaultyLibrary.ENOMEM);
		assertThatIOException().isThrownBy(() -> open(CREATE));
		assertThat(this.path).hasBinaryContent(new byte[] { 1, 2, 3 });
		remove();
		beforeOpening(() -> Files.write(this.path, new byte[1]));
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> open(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
	}

	@Test
	void fileThatComesAndGoesIsOpenedInTheEnd() throws IOException {
		Change come = () -> Files.write(this.path, new byte[1]);
		beforeOpening(NOTHING, come, this::remove, come, this::remove);
		open(CREATE).close();
		assertThat(this.path).isEmptyFile();
		remove();
		beforeOpening(NOTHING, come, this::remove, come, this::remove, come);
		OpenOption[] unlinked = { StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS };
		open(unlinked).close();
		assertThat(this.path).hasSize(1);
	}

	@Test
	void fileThatIsRemovedMeanwhileIsNotCreatedUnasked() throws IOException {
		Files.write(this.path, new byte[1]);
		beforeOpening(this::remove);
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open(StandardOpenOption.READ, StandardOpenOption.WRITE));
		assertThat(this.path).doesNotExist();
	}

	@Test
	void pipeThatTakesThePlaceOfTheFileIsRefusedAndNotWaitedFor() throws IOException {
		for (OpenOption[] options : List.of(new OpenOption[] { StandardOpenOption.READ }, CREATE)) {
			Files.write(this.path, new byte[1]);
			beforeOpening(this::makePipe);
			assertThatIOException().isThrownBy(() -> open(options))
				.withMessage("Cannot open " + this.path + ": only regular files can be mapped");
			assertThat(this.library.calls()).containsSubsequence("open", "close");
			remove();
		}
	}

	@Test
	void directoryThatTakesThePlaceOfTheFileIsRefused() throws IOException {
		Files.write(this.path, new byte[1]);
		beforeOpening(() -> {
			remove();
			Files.createDirectory(this.path);
		});
		assertThatIOException().isThrownBy(() -> open(StandardOpenOption.READ))
			.withMessage("Cannot open " + this.path + ": it is a directory. Name a file");
	}

	@Test
	void leaseOfAnotherProcessIsWaitedFor() throws IOException {
		Files.write(this.path, new byte[] { 7 });
		this.library.fail("open", FaultyLibrary.EAGAIN);
		try (Mmap file = open(CREATE)) {
			assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
			assertThat(this.library.calls()).containsSubsequence("open", "open", "fstat", "open", "close");
		}
		this.library.mend();
		beforeOpening(NOTHING, this::makePipe);
		this.library.fail("open", FaultyLibrary.EAGAIN);
		assertThatIOException().isThrownBy(() -> open(CREATE)).withMessageContaining("only regular files");
	}

	@Test
	void whatTookThePlaceOfANewFileIsNotDeleted() {
		this.library.before("mmap", () -> {
			try {
				remove();
				Files.write(this.path, new byte[] { 1, 2, 3 });
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		this.library.failAlways("mmap", FaultyLibrary.ENOMEM);
		assertThatIOException().isThrownBy(() -> open(CREATE));
		assertThat(this.path).hasBinaryContent(new byte[] { 1, 2, 3 });
	}

	@Test
	void fileWhoseDirectoryCannotBeSyncedIsThereAndAWarningSaysWhatIsNotDurable() throws IOException {
		for (int errno : new int[] { FaultyLibrary.EINVAL, FaultyLibrary.EOPNOTSUPP, FaultyLibrary.ENOSYS }) {
			this.library.fail("fsync", errno);
			assertWarns("This file system syncs no directories");
		}
		this.library.fail("open", 3, FaultyLibrary.EACCES);
		assertWarns("Grant the right to read the directory");
	}

	private void assertWarns(String remedy) throws IOException {
		try (LoggedMessages log = new LoggedMessages(this.path.toString()); Mmap file = open(CREATE)) {
			file.write(new byte[10]);
			file.sync();
			assertThat(log.messages()).singleElement()
				.asString()
				.startsWith("WARNING " + this.path + " was created, but its name is not durable: the directory "
						+ this.directory + " cannot be synced: ")
				.contains(remedy);
		}
		assertThat(this.path).hasSize(10);
		remove();
		this.library.mend();
	}

	@Test
	void deviceThatFailsToSyncTheDirectoryFailsTheOpening() {
		this.library.fail("fsync", FaultyLibrary.EIO);
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> open(CREATE))
			.withMessageContaining("Cannot sync the directory " + this.directory);
		assertThat(this.path).doesNotExist();
	}

	/** What another process does. */
	@FunctionalInterface
	private interface Change {

		void happen() throws IOException;

	}

}
