package dev.yammap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Advice;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.ProcessFiles;
import dev.yammap.RecordedEvents;
import dev.yammap.Whence;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What remains of a file after a call of the operating system has failed: all that was
 * there before.
 */
@NullMarked
class FailedCallTests extends AbstractFaultyLibraryTests {

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	private static final OpenOption[] READ_APPEND = { StandardOpenOption.READ, StandardOpenOption.APPEND };

	private static final OpenOption[] CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	/** The least of the advice that came with Linux 5.14. */
	private static final long POPULATE = 22;

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private Path content() throws IOException {
		return Files.write(this.directory.resolve("file"), CONTENT);
	}

	private Mmap open(Path path, long size, OpenOption... options) throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Opening opening = new Opening(this.library.backend(), path, access, this.mapping, !access.sparse(), true);
		OpenedFile file = opening.open(PosixFilePermissions.fromString("rw-------"), size, (parts) -> parts);
		Mmap mmap = new FileMmap(file, access.syncOnWrite(), List.of());
		this.opened.add(mmap);
		return mmap;
	}

	private static void assertFails(ThrowingCallable call, String... words) {
		assertThatExceptionOfType(IOException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(words));
	}

	@ParameterizedTest
	@ValueSource(strings = { "open", "lseek", "mmap" })
	void failedOpenLeavesNoDescriptorAndTheFileAsItWas(String function) throws IOException {
		Path path = content();
		this.library.failAlways(function, FaultyLibrary.EIO);
		assertFails(() -> open(path, 100, READ_WRITE), "file", "Input/output error");
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "lseek", "mmap", "fallocate", "fdatasync", "fsync" })
	void failedCreationLeavesNoFile(String function) throws IOException {
		Path path = this.directory.resolve("new");
		this.library.failAlways(function, FaultyLibrary.EIO);
		assertFails(() -> open(path, 100, CREATE), "Input/output error");
		assertThat(path).doesNotExist();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void creationIsSyncedUnlessItsCallerDoesThat(boolean synced) throws IOException {
		Path path = this.directory.resolve("new");
		Opening opening = new Opening(this.library.backend(), path, AccessOptions.of(CREATE), this.mapping, true,
				synced);
		this.library.calls();
		OpenedFile file = opening.open(PosixFilePermissions.fromString("rw-------"), 100, (parts) -> parts);
		assertThat(this.library.calls().stream().filter(Set.of("fdatasync", "fsync")::contains))
			.hasSize(synced ? 2 : 0);
		file.close();
		assertThat(path).hasSize(100);
	}

	/** As a virtual machine does that is short of memory, within any call. */
	@ParameterizedTest
	@ValueSource(strings = { "mmap", "madvise", "mlock", "fcntl", "fallocate", "fdatasync", "fsync" })
	void errorWhileOpeningLeavesNoDescriptorAndNoFile(String function) throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE).withLocked(true);
		Path path = this.directory.resolve("new");
		this.library.before(function, () -> {
			throw new OutOfMemoryError("as it was");
		});
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> open(path, 100, CREATE))
			.withMessage("as it was");
		assertThat(path).doesNotExist();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
	}

	/** What says what is open could not be made. */
	@Test
	void errorRightAfterTheCreationDeletesWhatNobodyHasTouched() throws IOException {
		Path path = this.directory.resolve("new");
		failAfterCreation(() -> {
		});
		assertThat(path).doesNotExist();
		failAfterCreation(() -> append(path, "other"));
		assertThat(path).hasContent("other");
		Files.delete(path);
		failAfterCreation(() -> this.library.fail("fstat", FaultyLibrary.EIO));
		assertThat(path).as("what cannot be looked at may be another's").exists();
		Files.delete(path);
		Path elsewhere = this.directory.resolve("elsewhere");
		failAfterCreation(() -> assertThat(path.toFile().renameTo(elsewhere.toFile())).isTrue());
		assertThat(elsewhere).isEmptyFile();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
	}

	private void failAfterCreation(Runnable meanwhile) {
		this.library.before("fstatfs", () -> {
			meanwhile.run();
			throw new OutOfMemoryError("as it was");
		});
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> open(this.directory.resolve("new"), 100, CREATE))
			.withMessage("as it was");
	}

	@Test
	void errorOfTheLastStepOfOpeningLeavesNoDescriptorAndNoFile() throws IOException {
		Path path = this.directory.resolve("new");
		Opening opening = new Opening(this.library.backend(), path, AccessOptions.of(CREATE), this.mapping, true, true);
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> opening.open(PosixFilePermissions.fromString("rw-------"), 0, (file) -> {
				throw new OutOfMemoryError("as it was");
			}));
		assertThat(path).doesNotExist();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
	}

	/** Else it would soon be short, and each call map some for itself. */
	@Test
	void noOperationKeepsMemoryOfCallsWhateverBecomesOfIt() throws IOException {
		ByteBuffer gone;
		try (Arena arena = Arena.ofConfined()) {
			gone = arena.allocate(100).asByteBuffer();
		}
		for (int i = 0; i < 100; i++) {
			Mmap file = open(this.directory.resolve("file" + i), 0, CREATE);
			file.write(CONTENT);
			file.truncate(10_000);
			Mmap appending = open(this.directory.resolve("file" + i), 0, READ_APPEND);
			appending.write(CONTENT);
			assertThatIllegalStateException().isThrownBy(() -> file.writeAt(gone, 20_000));
			assertThatIllegalStateException().isThrownBy(() -> appending.write(gone));
			this.library.fail("pwrite", FaultyLibrary.EIO);
			assertFails(() -> file.writeAt(CONTENT, 20_000), "Input/output error");
			this.library.fail("write", FaultyLibrary.EIO);
			assertFails(() -> appending.write(CONTENT), "Input/output error");
		}
		assertThat(this.library.calls()).doesNotContain("munmap");
	}

	@Test
	void fileThatCannotGrowToItsSizeIsNotEmptied() throws IOException {
		Path path = content();
		this.library.fail("fallocate", FaultyLibrary.ENOSPC);
		assertFails(() -> open(path, 1 << 20, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
				"No space left on device");
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@ParameterizedTest
	@CsvSource({ "pwrite, 1, NONE", "fallocate, 1, NONE", "mmap, 1, NONE", "pwrite, 1, EXCLUSIVE",
			"pwrite, 2, EXCLUSIVE", "mmap, 1, EXCLUSIVE" })
	void failedExtensionChangesNothing(String function, int nth, LockMode lock) throws IOException {
		this.mapping = this.mapping.withReserve(0).withMaxSize(200_002).withLock(lock);
		this.library.limitFreeBlocks(1_000);
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		byte[] large = new byte[200_000];
		file.seek(2, Whence.START);
		this.library.fail(function, nth, FaultyLibrary.ENOSPC);
		assertFails(() -> file.write(large), "file", "No space left on device");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(file.offset()).isEqualTo(2);
		assertThat(path).hasBinaryContent(CONTENT);
		this.library.mend();
		assertThat(file.write(large)).isEqualTo(large.length);
		assertThat(file.size()).isEqualTo(200_002);
	}

	@Test
	void failedAppendChangesNothing() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.fail("write", FaultyLibrary.ENOSPC);
		assertFails(() -> file.write(new byte[64]), "append to", "file", "64 bytes at offset 7",
				"No space left on device");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void extensionThatFailsHalfWayLeavesItsPartWhereOthersMayWrite() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		byte[] large = filled(200_000);
		this.library.before("pwrite", () -> append(path, "other"));
		this.library.fail("pwrite", 2, FaultyLibrary.ENOSPC);
		assertFails(() -> file.writeAt(large, 100), "extend", "by 200000 bytes at offset 100",
				"No space left on device", "65536 bytes at offset 100 were written before it failed, and stay");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(Files.size(path)).isEqualTo(100 + (64 << 10) + 5);
		assertThat(path).content(StandardCharsets.ISO_8859_1).startsWith("content").endsWith("other");
	}

	@Test
	void appendThatFailsHalfWayLeavesItsPartWhereOthersMayWrite() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.limitWrites(10);
		this.library.fail("write", 3, FaultyLibrary.ENOSPC);
		assertFails(() -> file.write(filled(64)), "append to", "64 bytes at offset 7",
				"20 bytes at offset 7 were written before it failed, and stay");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(path).hasContent("content" + "x".repeat(20));
	}

	@Test
	void appendThatAnotherCameBetweenIsNoWhole() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.limitWrites(10);
		this.library.before("write", () -> append(path, "-"));
		assertFails(() -> file.write(filled(64)), "append to", "64 bytes at offset 8", "in one piece",
				"10 bytes at offset 8 were", "10 bytes at offset 19 were");
		assertThat(path).hasContent("content-xxxxxxxxxx-xxxxxxxxxx");
	}

	@Test
	void appendMeetsADiskThatIsNearlyFullBeforeItWritesAnything() throws IOException {
		this.library.limitFreeBlocks(1_000);
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		file.write(CONTENT);
		this.library.fail("fallocate", FaultyLibrary.ENOSPC);
		this.library.calls();
		assertFails(() -> file.write(filled(100)), "append to", "100 bytes at offset 14", "No space left on device",
				"the size of the file is unchanged");
		assertThat(this.library.calls()).doesNotContain("write", "ftruncate");
		this.library.limitFreeBlocks(0);
		assertFails(() -> file.write(filled(100_000)), "append to", "No space left on device");
		assertThat(this.library.calls()).doesNotContain("write", "fallocate", "ftruncate");
		assertThat(path).hasContent("contentcontent");
	}

	/** A part of ext4 is for root alone. */
	@Test
	void appendMeetsADiskThatIsFullForAllButRootBeforeItWritesAnything() throws IOException {
		this.library.limitAvailableBlocks(0);
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		file.write(CONTENT);
		this.library.fail("fallocate", FaultyLibrary.ENOSPC);
		this.library.calls();
		assertFails(() -> file.write(filled(100)), "append to", "No space left on device");
		assertThat(this.library.calls()).contains("fallocate").doesNotContain("write");
		assertThat(path).hasContent("contentcontent");
	}

	@Test
	void freeSpaceIsAskedForOnceInAWhile() throws IOException {
		Mmap file = open(content(), 0, READ_APPEND);
		this.library.calls();
		byte[] chunk = new byte[32 << 10];
		for (int i = 0; i < 320; i++) {
			file.write(chunk);
		}
		assertThat(this.library.calls()).doesNotContain("fallocate").filteredOn("fstatfs"::equals).hasSize(10);
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "true, false", "false, true", "false, false" })
	void growthNeverCutsWhatAnotherAppendsMeanwhile(boolean fallocate, boolean preallocate) throws IOException {
		if (!fallocate) {
			this.library.failAlways("fallocate", FaultyLibrary.EOPNOTSUPP);
		}
		for (OpenOption[] options : List.of(READ_WRITE, READ_APPEND)) {
			Path path = content();
			Mmap file = preallocate ? open(path, 0, options) : open(path, 0,
					Stream.concat(Stream.of(options), Stream.of(StandardOpenOption.SPARSE)).toArray(OpenOption[]::new));
			this.library.beforeAll(() -> append(path, "0123456789".repeat(1_000)));
			file.truncate(20_000);
			this.library.beforeAll(() -> {
			});
			String content = Files.readString(path, StandardCharsets.ISO_8859_1).replace("\0", "");
			assertThat(content).startsWith("content0123456789").endsWith("0123456789");
			assertThat(content.substring(CONTENT.length).replace("0123456789", "")).isEmpty();
			assertThat(file.size()).isEqualTo(20_000);
			file.close();
		}
	}

	@Test
	void writeThatTakesNothingFails() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		Mmap appending = open(path, 0, READ_APPEND);
		this.library.limitWrites(0);
		assertFails(() -> appending.write(new byte[64]), "append to", "64 bytes at offset 7", "wrote no byte");
		assertFails(() -> file.writeAt(new byte[64], 7), "extend", "by 64 bytes at offset 7", "wrote no byte");
		assertThat(path).hasBinaryContent(CONTENT);
	}

	private static byte[] filled(int length) {
		return "x".repeat(length).getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void appendThatFailsHalfWayTakesBackWhatItWroteUnderItsLock() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.limitWrites(10);
		this.library.fail("write", 3, FaultyLibrary.ENOSPC);
		assertFails(() -> file.write(new byte[64]), "append to", "64 bytes at offset 7");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void shortWritesAreContinued() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		Mmap appending = open(path, 0, READ_APPEND);
		this.library.limitWrites(3);
		file.writeAt("CONTENT, longer".getBytes(StandardCharsets.UTF_8), 0);
		appending.write(" still".getBytes(StandardCharsets.UTF_8));
		assertThat(path).hasContent("CONTENT, longer still");
	}

	@ParameterizedTest
	@CsvSource({ "open, 1", "lseek, 2", "mmap, 1", "ftruncate, 1", "pwrite, 1", "fdatasync, 1" })
	void interruptedCallsAreRepeated(String function, int nth) throws IOException {
		this.library.fail(function, nth, FaultyLibrary.EINTR);
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		file.writeAt(CONTENT, 1);
		file.truncate(3);
		file.sync();
		assertThat(path).hasContent("cco");
	}

	@ParameterizedTest
	@CsvSource({ "fallocate, NONE", "write, NONE", "fcntl, NONE", "mmap, NONE", "fallocate, EXCLUSIVE",
			"pwrite, EXCLUSIVE", "mmap, EXCLUSIVE" })
	void failedGrowthByTruncateChangesNothing(String function, LockMode lock) throws IOException {
		this.mapping = this.mapping.withReserve(0).withLock(lock);
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		this.library.failAlways(function, FaultyLibrary.ENOSPC);
		assertFails(() -> file.truncate(1 << 20), "file", "No space left on device");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void failedShrinkChangesNothing() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		this.library.fail("ftruncate", FaultyLibrary.EIO);
		assertFails(() -> file.truncate(1), "truncate", "to 1 bytes", "Input/output error");
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void growthIsSparseWhereTheFileSystemCannotPreallocate() throws IOException {
		this.library.fail("fallocate", FaultyLibrary.EOPNOTSUPP);
		Mmap file = open(content(), 0, READ_WRITE);
		file.truncate(100_000);
		assertThat(file.size()).isEqualTo(100_000);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 99_999)).isZero();
	}

	@Test
	void failedSyncIsRememberedUntilTheFileIsOpenedAgain() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		this.library.fail("fdatasync", FaultyLibrary.EIO);
		assertFails(file::sync, "Cannot sync", "file", "Input/output error");
		assertFails(file::sync, "Cannot sync", "file", "earlier sync failed", "Open the file again");
		this.library.calls();
		assertFails(file::sync, "earlier sync failed");
		assertThat(this.library.calls()).isEmpty();
		Mmap again = open(path, 0, READ_WRITE);
		again.sync();
	}

	@Test
	void fileIsNotSyncedAfterSyncFailed() throws IOException {
		Mmap file = open(content(), 0, READ_WRITE);
		file.sync();
		file.sync();
		assertThat(file.isDirty()).isFalse();
		this.library.fail("fdatasync", FaultyLibrary.EIO);
		assertFails(file::sync, "Cannot sync");
		assertThat(file.isDirty()).isTrue();
	}

	@Test
	void failedSyncIsRecordedWithItsReason() throws Exception {
		Mmap file = open(content(), 0, READ_WRITE);
		this.library.fail("fdatasync", FaultyLibrary.EIO);
		List<RecordedEvent> events = RecordedEvents.of(file.path(), () -> {
			assertFails(file::sync, "Input/output error");
			assertFails(file::sync, "earlier sync failed");
		});
		assertThat(events).singleElement().satisfies((event) -> {
			assertThat(event.getEventType().getName()).isEqualTo("yammap.Sync");
			assertThat(event.getString("outcome")).isEqualTo("failure");
			assertThat(event.getString("failure")).contains("Cannot sync", "Input/output error");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "fdatasync", "msync" })
	void failedSyncIsRememberedOfAFileAndItsRanges(String function) throws IOException {
		Mmap file = open(content(), 0, READ_WRITE);
		this.library.fail("fdatasync", FaultyLibrary.EIO);
		this.library.fail("msync", FaultyLibrary.EIO);
		if (function.equals("msync")) {
			assertFails(() -> file.sync(2, 3), "Cannot sync", "file", "3 bytes at offset 2", "Input/output error");
		}
		else {
			assertFails(file::sync, "Cannot sync", "file", "Input/output error");
		}
		this.library.calls();
		assertFails(file::sync, "earlier sync failed");
		assertFails(() -> file.sync(0, 1), "earlier sync failed");
		assertFails(() -> file.sync(0, 0), "earlier sync failed");
		assertThat(this.library.calls()).isEmpty();
	}

	@Test
	void rangeIsSyncedByOneCallWhereverItBegins() throws IOException {
		Mmap file = open(this.directory.resolve("new"), 20_000, CREATE);
		this.library.calls();
		file.sync(5000, 10);
		file.sync(4095, 2);
		file.sync(0, 20_000);
		file.sync(20_000, 0);
		assertThat(this.library.calls()).containsExactly("msync", "msync", "msync");
		file.sync();
		assertThat(this.library.calls()).containsExactly("fdatasync");
	}

	@Test
	void writeOfASynchronousFileFailsWithItsSync() throws IOException {
		Mmap file = open(content(), 0, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
		this.library.fail("fdatasync", FaultyLibrary.EIO);
		assertFails(() -> file.writeAt(CONTENT, 0), "Cannot sync");
		assertFails(() -> file.writeAt(CONTENT, 0), "earlier sync failed");
	}

	/** A mapping that is writable from the start would make the file as long. */
	@Test
	void fileOfHugePagesIsMadeWritableOnceItIsMapped() throws IOException {
		this.library.pretendFileSystem(FaultyLibrary.HUGETLBFS);
		Mmap file = open(content(), 0, READ_WRITE);
		assertThat(this.library.calls()).containsSubsequence("mmap", "mprotect");
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 'C');
		assertThat(file.path()).hasContent("Content");
		this.library.pretendFileSystem(FaultyLibrary.EXT4);
		open(file.path(), 0, READ_WRITE);
		assertThat(this.library.calls()).contains("mmap").doesNotContain("mprotect");
	}

	@Test
	void reservationShrinksWhereAddressSpaceIsScarce() throws IOException {
		this.library.fail("mmap", FaultyLibrary.ENOMEM);
		Mmap file = open(content(), 0, READ_WRITE);
		assertThat(this.library.calls()).filteredOn("mmap"::equals).hasSize(2);
		file.writeAt(new byte[100_000], 0);
		assertThat(file.size()).isEqualTo(100_000);
	}

	@Test
	void lockBeyondTheLimitIsExplainedAndNothingIsLeft() throws IOException {
		this.mapping = this.mapping.withLocked(true);
		Path path = this.directory.resolve("new");
		this.library.failAlways("mlock", FaultyLibrary.EAGAIN);
		assertFails(() -> open(path, 100, CREATE), "lock in memory", "ulimit -l");
		assertThat(path).doesNotExist();
	}

	@Test
	void growthThatCannotBeLockedIsTakenBackUnderALockOfTheFile() throws IOException {
		this.mapping = this.mapping.withLocked(true).withLock(LockMode.EXCLUSIVE);
		Path path = content();
		try (Mmap file = open(path, 0, READ_WRITE)) {
			this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
			assertFails(() -> file.writeAt(new byte[10_000], CONTENT.length), "lock in memory", "ulimit -l");
			assertFails(() -> file.truncate(10_000), "lock in memory", "8192 bytes at offset 4096", "ulimit -l");
			assertThat(file.size()).isEqualTo(CONTENT.length);
		}
		Mmap appending = openAppending(path);
		assertFails(() -> appending.write(new byte[10_000]), "lock in memory", "ulimit -l");
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void growthThatCannotBeLockedStaysWhereOthersMayWrite() throws IOException {
		this.mapping = this.mapping.withLocked(true);
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		file.sync();
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		assertThat(file.isDirty()).isFalse();
		assertFails(() -> file.truncate(10_000), "lock in memory", "ulimit -l",
				"9993 bytes at offset 7 were written before it failed, and stay");
		assertThat(file.isDirty()).as("what stays is not durable").isTrue();
		assertThat(file.size()).isEqualTo(CONTENT.length);
		Mmap appending = openAppending(path);
		assertFails(() -> appending.write(new byte[10_000]), "lock in memory", "ulimit -l",
				"10000 bytes at offset 10000 were written before it failed, and stay");
		assertThat(Files.size(path)).isEqualTo(20_000);
	}

	private Mmap openAppending(Path path) throws IOException {
		this.library.mend();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		return file;
	}

	@ParameterizedTest
	@EnumSource(MapMode.class)
	void oldKernelsReadAheadInsteadOfPopulating(MapMode mode) throws IOException {
		this.mapping = this.mapping.withMode(mode).withPopulate(true);
		this.library.failAlways("madvise", FaultyLibrary.EINVAL, (advice) -> advice >= POPULATE);
		Mmap file = open(content(), 0, READ_WRITE);
		assertThat(this.library.calls()).filteredOn("madvise"::equals).hasSize(3);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo(CONTENT[0]);
	}

	@Test
	void failedPopulationIsExplained() throws IOException {
		this.mapping = this.mapping.withPopulate(true);
		Path path = content();
		this.library.failAlways("madvise", FaultyLibrary.ENOMEM);
		assertFails(() -> open(path, 0, READ_WRITE), "populate", "file", "at offset 0");
	}

	/** Before Linux 5.14 there is no MADV_POPULATE_WRITE. */
	@Test
	void atomicsAskForAPageByACallThatOldKernelsHave() throws IOException {
		Mmap file = open(this.directory.resolve("new"), 64, CREATE);
		this.library.failAlways("madvise", FaultyLibrary.EINVAL);
		this.library.calls();
		assertThat(file.atomics().getAndAddLong(0, 5)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(5);
		assertThat(this.library.calls()).containsExactly("futex");
	}

	@ParameterizedTest
	@ValueSource(ints = { FaultyLibrary.EFAULT, FaultyLibrary.ENOMEM, FaultyLibrary.ENOSYS })
	void atomicOnAPageThatCannotBeHadIsAFault(int errno) throws IOException {
		Mmap file = open(this.directory.resolve("new"), 64, CREATE);
		this.library.failAlways("futex", errno);
		assertThatThrownBy(() -> file.atomics().compareAndSetInt(0, 0, 1)).isInstanceOf(UncheckedIOException.class)
			.hasMessageContaining("compareAndSetInt")
			.hasMessageContaining("offset 0, 4 bytes");
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isZero();
	}

	@Test
	void pageIsMadeWritableOncePerPage() throws IOException {
		this.library.pretendFileSystem(FaultyLibrary.EXT4);
		Mmap file = open(this.directory.resolve("new"), 20_000, CREATE);
		this.library.calls();
		for (long offset = 0; offset < 64; offset += 8) {
			file.atomics().compareAndSetLong(offset, 0, 1);
		}
		assertThat(this.library.calls()).containsExactly("futex");
		file.atomics().getAndAddLong(8192, 1);
		assertThat(this.library.calls()).containsExactly("futex");
		for (long offset = 0; offset < 20_000; offset += 8192) {
			file.atomics().getAndAddLong(offset, 1);
		}
		assertThat(this.library.calls()).containsExactly("futex");
	}

	/** Else an update of a page that the disk has no block for would end the process. */
	@ParameterizedTest
	@ValueSource(strings = { "hole", "shrink", "sync", "range" })
	void pageIsMadeWritableAnewAfterWhatMayTakeItAway(String taken) throws IOException {
		this.library.pretendFileSystem(FaultyLibrary.EXT4);
		Mmap file = open(this.directory.resolve("new"), 20_000, CREATE);
		file.atomics().getAndAddLong(0, 1);
		file.atomics().getAndAddLong(8192, 1);
		switch (taken) {
			case "hole" -> file.punchHole(0, 4096);
			case "shrink" -> file.truncate(10_000);
			case "sync" -> file.sync();
			default -> file.sync(0, 4096);
		}
		this.library.calls();
		file.atomics().getAndAddLong(0, 1);
		file.atomics().getAndAddLong(8192, 1);
		assertThat(this.library.calls()).containsExactly("futex", "futex");
	}

	/** The kernel may have written the page back between any two updates. */
	@ParameterizedTest
	@ValueSource(longs = { FaultyLibrary.BTRFS, FaultyLibrary.XFS, FaultyLibrary.OVERLAY })
	void pageIsMadeWritableEachTimeWhereItMayNeedAnotherBlock(long fileSystem) throws IOException {
		this.library.pretendFileSystem(fileSystem);
		Mmap file = open(this.directory.resolve("new"), 20_000, CREATE);
		assertThatPageIsAskedForEachTime(file);
	}

	@Test
	void pageIsMadeWritableEachTimeWhereNobodyTellsTheFileSystem() throws IOException {
		this.library.failAlways("fstatfs", FaultyLibrary.ENOSYS);
		assertThatPageIsAskedForEachTime(open(this.directory.resolve("new"), 20_000, CREATE));
	}

	private void assertThatPageIsAskedForEachTime(Mmap file) {
		this.library.calls();
		file.atomics().getAndAddLong(8, 1);
		file.atomics().getAndAddInt(4, 1);
		file.atomics().getAndAddLong(8, 1);
		assertThat(this.library.calls()).containsExactly("futex", "futex", "futex");
		this.library.failAlways("futex", FaultyLibrary.EFAULT);
		assertThatThrownBy(() -> file.atomics().getAndAddLong(8, 1)).isInstanceOf(UncheckedIOException.class);
		this.library.mend();
		assertThat(file.atomics().getAndAddLong(8, 1)).isEqualTo(2);
	}

	/** What is written to it is a page of its own in memory. */
	@Test
	void pageOfAPrivateMappingIsMadeWritableOnce() throws IOException {
		this.mapping = this.mapping.withMode(MapMode.PRIVATE);
		this.library.pretendFileSystem(FaultyLibrary.BTRFS);
		Mmap file = open(Files.write(this.directory.resolve("file"), new byte[64]), 0, READ_WRITE);
		this.library.calls();
		file.atomics().getAndAddLong(8, 1);
		file.atomics().getAndAddLong(8, 1);
		assertThat(this.library.calls()).containsExactly("futex");
	}

	@Test
	void failuresOfCloseDoNotHideEachOther() throws IOException {
		Mmap file = open(Files.createFile(this.directory.resolve("empty")), 0, READ_WRITE);
		MemorySegment view = file.segment();
		this.library.failAlways("munmap", FaultyLibrary.EINVAL);
		this.library.fail("close", FaultyLibrary.EIO);
		assertThatThrownBy(file::close).hasMessageContaining("Cannot close")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies((other) -> assertThat(other).hasMessageContaining("Cannot unmap")));
		assertThat(file.isOpen()).isFalse();
		assertThat(view.scope().isAlive()).isFalse();
		file.close();
	}

	@Test
	void fileThatComesAndGoesWhileOpeningIsFoundInTheEnd() throws IOException {
		this.library.fail("open", FaultyLibrary.ENOENT);
		Path path = content();
		Mmap file = open(path, 0, CREATE);
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(this.library.calls()).filteredOn("open"::equals).hasSize(3);
	}

	@Test
	void appendAsksWhereItWent() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.calls();
		file.write(CONTENT);
		assertThat(this.library.calls()).containsExactly("fstatfs", "write", "lseek");
		this.library.before("write", () -> append(path, "other"));
		file.write(CONTENT);
		assertThat(this.library.calls()).containsExactly("write", "lseek");
		assertThat(file.size()).isEqualTo(3 * 7 + 5);
		assertThat(file.offset()).isEqualTo(file.size());
		file.sync();
		assertThat(this.library.calls()).containsExactly("fdatasync");
		assertThat(path).hasContent("contentcontentothercontent");
	}

	@Test
	void appendUnderAnExclusiveLockBelievesTheEndUntilTheNextSync() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		Mmap file = open(content(), 0, READ_APPEND);
		this.library.calls();
		file.write(CONTENT);
		file.write(CONTENT);
		assertThat(file.size()).isEqualTo(21);
		assertThat(file.offset()).isEqualTo(21);
		assertThat(this.library.calls()).containsExactly("write", "write");
		file.sync();
		assertThat(this.library.calls()).containsExactly("fstat", "lseek", "fdatasync");
		file.sync();
		assertThat(this.library.calls()).containsExactly("fdatasync");
	}

	@Test
	void writeAtTheEndUnderAnExclusiveLockMakesOneCall() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		Mmap file = open(content(), 0, READ_WRITE);
		this.library.calls();
		file.writeAt(CONTENT, 7);
		file.writeAt(CONTENT, 14);
		assertThat(this.library.calls()).containsExactly("fcntl", "write", "write");
		file.sync();
		assertThat(this.library.calls()).containsExactly("fstat", "lseek", "fdatasync", "futimens");
	}

	@Test
	void appendThatFailsHalfWayLeavesTheOnesBeforeIt() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		file.write(CONTENT);
		this.library.before("write", () -> append(path, "other"));
		file.write(CONTENT);
		this.library.mend();
		this.library.limitWrites(10);
		this.library.fail("write", 3, FaultyLibrary.ENOSPC);
		assertFails(() -> file.write(new byte[64]), "append to", "64 bytes at offset 26");
		assertThat(path).hasContent("contentcontentothercontent");
		this.library.mend();
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(file::sync)
			.withMessageContaining("somebody else wrote to it although it is locked");
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.write(CONTENT));
		assertThat(path).hasContent("contentcontentothercontent");
	}

	@Test
	void appendThatFailsHalfWayLeavesWhatOthersWroteBehindIt() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_APPEND);
		this.library.limitWrites(3);
		this.library.fail("write", 2, FaultyLibrary.ENOSPC);
		this.library.before("lseek", () -> append(path, "x"));
		assertFails(() -> file.write(CONTENT), "append to", "7 bytes at offset 7");
		this.library.mend();
		assertThat(path).content().startsWith("contentconx");
	}

	private static void append(Path path, String text) {
		try {
			Files.writeString(path, text, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void overwriteMakesNoCall() throws IOException {
		Path path = content();
		Mmap writing = open(path, 14, READ_WRITE);
		this.library.calls();
		writing.writeAt(CONTENT, 0);
		writing.readAt(new byte[3], 0);
		writing.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
		writing.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
		assertThat(this.library.calls()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "HUGE_PAGES", "COLLAPSE" })
	void fileThatGrewForAnOpeningThatFailedIsAsLongAsBefore(Advice advice) throws IOException {
		this.mapping = this.mapping.withAdvice(advice).withLock(LockMode.EXCLUSIVE);
		Path path = content();
		this.library.failAlways("madvise", FaultyLibrary.EINVAL);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> open(path, 10_000, READ_WRITE));
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void fileIsNotSyncedAfterAHoleFailed() throws IOException {
		Mmap file = open(content(), 0, READ_WRITE);
		file.sync();
		file.sync();
		this.library.fail("fallocate", FaultyLibrary.EIO);
		assertThat(file.isDirty()).isFalse();
		assertFails(() -> file.punchHole(0, 4), "punch a hole", "Input/output error");
		assertThat(file.isDirty()).as("a part of the hole may be there").isTrue();
	}

	@Test
	void timeIsSetInTheEndWhereTheSyncOfARangeFailed() throws IOException {
		Mmap file = open(content(), 0, READ_WRITE);
		file.writeAt(CONTENT, 0);
		this.library.fail("msync", FaultyLibrary.EIO);
		assertFails(() -> file.sync(0, 1), "Input/output error");
		assertThat(file.isDirty()).isTrue();
		this.library.calls();
		file.close();
		assertThat(this.library.calls()).startsWith("futimens");
	}

	@Test
	void timeThatMayNotBeSetIsLeftAlone() throws IOException {
		Path path = content();
		Mmap file = open(path, 0, READ_WRITE);
		this.library.fail("futimens", FaultyLibrary.EPERM);
		this.library.calls();
		file.writeAt(CONTENT, 0);
		file.sync();
		assertThat(this.library.calls()).containsExactly("fdatasync", "futimens", "strerror", "futimens");
		this.library.failAlways("futimens", FaultyLibrary.EPERM);
		file.writeAt(CONTENT, 0);
		file.sync();
		file.sync(0, 1);
		file.writeAt(CONTENT, 0);
		file.close();
		assertThat(path).hasBinaryContent(CONTENT);
	}

	@Test
	void whatIsThrownAwayIsNeitherPopulatedNorLocked() throws IOException {
		this.mapping = this.mapping.withLocked(true).withPopulate(true).withAdvice(Advice.POPULATE_READ);
		Path path = content();
		open(path, 0, READ_WRITE);
		assertThat(this.library.calls()).contains("mlock").filteredOn("madvise"::equals).hasSize(3);
		open(path, 0, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
		assertThat(this.library.calls()).doesNotContain("mlock").filteredOn("madvise"::equals).hasSize(1);
	}

	@Test
	void fileWhoseLaterSizeCannotBeLockedIsNotEmptied() throws IOException {
		this.mapping = this.mapping.withLocked(true);
		Path path = content();
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		assertFails(() -> open(path, 4, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
				"lock in memory", "at offset 0");
		assertThat(path).hasBinaryContent(CONTENT);
		open(path, 0, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
		assertThat(path).isEmptyFile();
	}

	@Test
	void syncOfAReadOnlyFileAsksNothing() throws IOException {
		Mmap file = open(content(), 0, StandardOpenOption.READ);
		this.library.calls();
		file.sync();
		file.sync(0, 3);
		assertThat(this.library.calls()).isEmpty();
	}

	@Test
	void listenerIsToldOfEveryFailureOfASyncAsOneOfIo() throws IOException {
		List<@Nullable IOException> told = new ArrayList<>();
		Opening opening = new Opening(this.library.backend(), content(), AccessOptions.of(READ_WRITE), this.mapping,
				true, true);
		Mmap file = new FileMmap(opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts), false,
				List.of(new MmapListener() {

					@Override
					public void synced(Mmap mmap, Duration duration, @Nullable IOException failure) {
						told.add(failure);
					}

				}));
		this.opened.add(file);
		file.sync();
		IllegalStateException failure = new IllegalStateException("broken");
		this.library.before("fdatasync", () -> {
			throw failure;
		});
		assertThatThrownBy(file::sync).isSameAs(failure);
		assertThat(told).hasSize(2).first().isNull();
		assertThat(told.getLast()).hasMessage("Cannot sync " + file.path() + ": " + failure).hasCause(failure);
	}

}
