package dev.yammap.internal.os.portable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.LoggedMessages;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of {@link HandleOpener}: files whose path changes between the channel that opens
 * them and the streams that open them again, and systems that have no other name for
 * them.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandleOpenerTests {

	private static final OpenOption[] WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	private static final OpenOption[] CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private static final HandleOpener.Naming OF_LINUX = new DescriptorNames(Path.of("/proc"), new Random());

	private static final HandleOpener.Naming NONE = new DescriptorNames(Path.of("/nowhere"), new Random());

	@TempDir
	private Path directory = Path.of("");

	private Path path = Path.of("");

	@BeforeEach
	void namePath() {
		this.path = this.directory.resolve("file");
	}

	private Handles open(HandleOpener.Naming names, OpenOption... options) throws IOException {
		return new HandleOpener(this.path, AccessOptions.of(options), PosixFilePermissions.fromString("rw-------"),
				MappingOptions.DEFAULT, names)
			.open();
	}

	private static HandleOpener.Naming after(DisturbedFile.Disturbance change, HandleOpener.Naming names) {
		return (channel) -> {
			change.happen();
			return names.of(channel);
		};
	}

	private void remove() throws IOException {
		Files.delete(this.path);
	}

	private void replace() throws IOException {
		remove();
		Files.write(this.path, new byte[] { 1, 2, 3 });
	}

	@Test
	void fileThatIsRemovedMeanwhileIsOpenAndNotCreatedAgain() throws IOException {
		Files.write(this.path, new byte[] { 1, 2 });
		try (Handles handles = open(after(this::remove, OF_LINUX), WRITE)) {
			assertThat(handles.file().length()).isEqualTo(2);
			assertThat(handles.origin()).isEqualTo(Origin.FOUND);
		}
		assertThat(this.path).doesNotExist();
	}

	@Test
	void fileThatIsReplacedMeanwhileIsTheOneThatWasOpened() throws IOException {
		try (Handles handles = open(after(this::replace, OF_LINUX), CREATE)) {
			assertThat(handles.file().length()).isZero();
			assertThat(handles.origin()).isEqualTo(Origin.CREATED);
			assertThat(new FileKeys(true).of(this.path)).isNotEqualTo(handles.key());
		}
	}

	@Test
	void whatTookThePlaceOfANewFileIsNotDeleted() {
		HandleOpener.Naming failing = after(this::replace, (channel) -> Path.of("/nowhere"));
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open(failing, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
		assertThat(this.path).hasBinaryContent(new byte[] { 1, 2, 3 });
	}

	@Test
	void newFileIsDeletedWhereItCannotBeOpenedAgain() {
		HandleOpener.Naming failing = (channel) -> {
			throw new IOException("as it was");
		};
		assertThatIOException().isThrownBy(() -> open(failing, CREATE)).withMessage("as it was");
		assertThat(this.path).doesNotExist();
	}

	@Test
	void newFileThatAnotherHasWrittenToIsNotDeleted() {
		HandleOpener.Naming failing = (channel) -> {
			Files.write(this.path, new byte[] { 1, 2, 3 });
			throw new IOException("as it was");
		};
		assertThatIOException().isThrownBy(() -> open(failing, CREATE)).withMessage("as it was");
		assertThat(this.path).hasBinaryContent(new byte[] { 1, 2, 3 });
	}

	@Test
	void withoutNamesAFileThatIsReplacedMeanwhileIsRefused() throws IOException {
		Files.write(this.path, new byte[] { 1, 2 });
		assertThatIOException().isThrownBy(() -> open(after(this::replace, NONE), WRITE))
			.withMessageContaining("replaced while it was opened");
		assertThat(this.path).hasBinaryContent(new byte[] { 1, 2, 3 });
	}

	@Test
	void withoutNamesFilesAreOpenedByTheirPath() throws IOException {
		try (Handles handles = open(NONE, CREATE)) {
			assertThat(handles.origin()).isEqualTo(Origin.CREATED);
			assertThat(handles.key()).isEqualTo(new FileKeys(true).of(this.path));
		}
		open(NONE, WRITE).close();
	}

	@Test
	void pipeIsRefusedAndNotWaitedFor() throws Exception {
		assertThat(new ProcessBuilder("mkfifo", this.path.toString()).start().waitFor()).isZero();
		assertThatIOException().isThrownBy(() -> open(OF_LINUX, WRITE));
	}

	@Test
	void deviceAndDirectoryAreRefused() {
		this.path = Path.of("/dev/zero");
		assertThatIOException().isThrownBy(() -> open(OF_LINUX, WRITE)).withMessageContaining("nly regular files");
		this.path = this.directory;
		assertThatIOException().isThrownBy(() -> open(OF_LINUX, StandardOpenOption.READ))
			.withMessage("Cannot open " + this.directory + ": it is a directory. Name a file");
	}

	@Test
	void interruptAtABadMomentIsNoReasonToFail() throws IOException {
		HandleOpener.Naming interrupted = new HandleOpener.Naming() {

			private boolean before;

			@Override
			public @Nullable Path of(FileChannel channel) throws IOException {
				if (!this.before) {
					this.before = true;
					channel.close();
					Thread.currentThread().interrupt();
					throw new ClosedByInterruptException();
				}
				return OF_LINUX.of(channel);
			}

		};
		try (Handles handles = open(interrupted, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
			assertThat(handles.origin()).isEqualTo(Origin.CREATED);
		}
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void everyFileIsFoundHoweverManyAreOpen() throws IOException {
		Handles[] opened = new Handles[100];
		try {
			for (int i = 0; i < opened.length; i++) {
				this.path = this.directory.resolve("file" + i);
				opened[i] = open(new DescriptorNames(Path.of("/proc"), new Random()), CREATE);
				assertThat(opened[i].key()).isEqualTo(new FileKeys(true).of(this.path));
			}
		}
		finally {
			for (Handles handles : opened) {
				if (handles != null) {
					handles.close();
				}
			}
		}
	}

	@Test
	void anotherFileThatIsAtTheSameOffsetByChanceIsNotTakenForIt() throws IOException {
		// So far that no other file of this process is there.
		long first = 1L << 30;
		AtomicLong next = new AtomicLong(first);
		DescriptorNames names = new DescriptorNames(Path.of("/proc"), new Random() {

			private static final long serialVersionUID = 1L;

			@Override
			public long nextLong(long origin, long bound) {
				return next.getAndIncrement();
			}

		});
		try (RandomAccessFile other = new RandomAccessFile(this.directory.resolve("other").toFile(), "rw")) {
			other.seek(first);
			try (Handles handles = open(names, CREATE)) {
				assertThat(handles.key()).isEqualTo(new FileKeys(true).of(this.path));
			}
		}
		// Each of the two attempts moves the file twice: to find it, and to make sure.
		assertThat(next).hasValue(first + 4);
	}

	@Test
	void fileIsFoundWhileOthersAreOpenedAndClosed() throws Exception {
		Files.write(this.path, new byte[1]);
		AtomicBoolean ended = new AtomicBoolean();
		try (ExecutorService other = Executors.newSingleThreadExecutor()) {
			Future<?> closing = other.submit(() -> {
				while (!ended.get()) {
					new FileInputStream("/dev/null").close();
				}
				return null;
			});
			try {
				for (int i = 0; i < 2_000; i++) {
					open(OF_LINUX, WRITE).close();
				}
			}
			finally {
				ended.set(true);
			}
			closing.get();
		}
	}

	/** {@code proc(5)} syncs no directories. */
	@Test
	void directoryThatCannotBeSyncedIsWarnedOf() throws IOException {
		Handles handles = new Handles(new DisturbedFile(Files.createFile(this.path), "r"), null,
				Path.of("/proc/was-created"), null, Origin.CREATED);
		try (handles; LoggedMessages log = new LoggedMessages("/proc/was-created")) {
			handles.syncDirectory();
			assertThat(log.messages()).singleElement()
				.asString()
				.startsWith("WARNING /proc/was-created was created, but its name is not durable: the directory /proc"
						+ " cannot be synced: Invalid argument. ")
				.contains("This file system syncs no directories");
		}
	}

}
