package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Bugs that other implementations of mapped files have or had, and what catches each of
 * them here:
 * <ul>
 * <li>growth by {@code size + n} where {@code max(size, offset + n)} was meant:
 * {@link #writeAcrossTheEndGrowsToOffsetPlusLength}</li>
 * <li>a failure with the lock held on a negative or far offset:
 * {@link #badOffsetLeavesNoLockHeld}</li>
 * <li>a second close that unmaps somebody else's memory:
 * {@link #secondCloseUnmapsNothing}, {@link CloseTests}</li>
 * <li>write-only files that cannot be mapped: {@link #writeOnlyFileIsMapped}</li>
 * <li>create that silently cuts a longer file: {@link #createDoesNotCutALongerFile}</li>
 * <li>create of size 0 that fails and leaves a file: {@link #createOfSizeZeroSucceeds},
 * {@link #failedCreateLeavesNoFile}</li>
 * <li>a read-only create that maps past the end and reports the wrong size:
 * {@link #readOnlyFileHasItsOwnSize}</li>
 * <li>append ignored on create: {@link #createForAppendingAppends}</li>
 * <li>truncate of an empty file: {@link #emptyFileIsTruncated}</li>
 * <li>{@code truncate(0)} on a read-only file that unmaps first and fails after:
 * {@link #refusedTruncateLeavesTheMapping}</li>
 * <li>a write to a read-only file reported as "bus error":
 * {@link #writeToAReadOnlyFileIsRefusedAsSuch}</li>
 * <li>ftruncate on every open, which cuts what another process just grew:
 * {@link #openDoesNotCutWhatAnotherGrows},
 * {@link CreatingTests#whatAnotherProcessGrowsWhileAFileIsCompletedStays}</li>
 * <li>sync under the exclusive lock:
 * {@link SyncTests#readsAndWritesGoOnWhileASyncIsRunning}</li>
 * <li>truncation never made durable: {@link #truncationIsSynced}; that it survives a
 * power cut is tested with the other faults</li>
 * <li>errno dropped: {@link #reasonOfTheSystemIsTold}</li>
 * <li>range checks against the wrong length:
 * {@link #rangesAreCheckedAgainstTheSizeOfTheFile}</li>
 * </ul>
 */
class BugsOfOthersTests extends AbstractMmapTests {

	@Test
	void writeAcrossTheEndGrowsToOffsetPlusLength() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		file.writeAt(new byte[20], 90);
		assertThat(file.size()).isEqualTo(110);
		file.seek(105, Whence.START);
		file.write(new byte[10]);
		assertThat(file.size()).isEqualTo(115);
		file.writeAt(new byte[115], 0);
		assertThat(content()).hasSize(115);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 5, 1L << 62 })
	void badOffsetLeavesNoLockHeld(long offset) throws Exception {
		write(new byte[Call.SIZE]);
		// Without a limit, tmpfs and XFS have files of more than 4 EiB.
		Mmap file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(1L << 40));
		assertThatException().isThrownBy(() -> file.writeAt(new byte[10], offset));
		assertThatException().isThrownBy(() -> file.seek(offset, Whence.START));
		assertThatException().isThrownBy(() -> file.truncate(offset));
		assertThatException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
		assertThatException().isThrownBy(() -> file.atomics().getAndAddLong(offset, 1));
		assertThatException().isThrownBy(() -> file.segment(offset, 1));
		assertThatException().isThrownBy(() -> file.access(offset, 1, (view) -> view));
		assertThat(file.size()).isEqualTo(Call.SIZE);
		Race.onPlatformThreads().with(() -> {
			for (Call call : Call.values()) {
				call.on(file);
			}
		}).run();
		file.close();
	}

	@Test
	void secondCloseUnmapsNothing() throws IOException {
		Mmap first = openReadWrite(filled(SOME_PAGES, 1));
		first.close();
		Mmap second = openReadWrite();
		byte[] other = filled(SOME_PAGES, 2);
		second.writeAt(other, 0);
		first.close();
		assertThat(readAt(second, SOME_PAGES, 0)).isEqualTo(other);
		second.truncate(2 * SOME_PAGES);
		second.set(ValueLayout.JAVA_BYTE, 2 * SOME_PAGES - 1, (byte) 3);
		assertThat(content()).hasSize(2 * SOME_PAGES).endsWith(0, 3);
	}

	@Test
	void writeOnlyFileIsMapped() throws IOException {
		Mmap file = open(write(new byte[100]), StandardOpenOption.WRITE);
		file.writeAt(new byte[] { 1 }, 0);
		file.set(ValueLayout.JAVA_BYTE, 1, (byte) 2);
		file.writeAt(new byte[] { 3 }, 100);
		file.sync();
		assertThat(content()).hasSize(101).startsWith(1, 2, 0).endsWith(0, 3);
	}

	@Test
	void createDoesNotCutALongerFile() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		write(content);
		for (long size : new long[] { 0, 1, 4096, SOME_PAGES - 1 }) {
			Mmap file = create(size);
			assertThat(file.size()).isEqualTo(SOME_PAGES);
			file.close();
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void createOfSizeZeroSucceeds() throws IOException {
		Mmap file = create(0);
		assertThat(file.size()).isZero();
		file.write(new byte[] { 1 });
		assertThat(content()).containsExactly(1);
	}

	@Test
	void failedCreateLeavesNoFile() {
		assertThatIllegalArgumentException().isThrownBy(() -> create(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> create(0, StandardOpenOption.READ));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> create(Long.MAX_VALUE));
		assertThat(path()).doesNotExist();
	}

	@Test
	void readOnlyFileHasItsOwnSize() throws IOException {
		write(new byte[100]);
		assertThatIllegalArgumentException().isThrownBy(() -> create(8_192, StandardOpenOption.READ));
		assertThatIllegalArgumentException().isThrownBy(() -> builder(path()).size(8_192).open());
		Mmap file = open(path());
		assertThat(file.size()).isEqualTo(100);
		assertThat(file.segment().byteSize()).isEqualTo(100);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 100));
		assertThat(content()).hasSize(100);
	}

	@Test
	void createForAppendingAppends() throws IOException {
		write(new byte[] { 1, 2, 3 });
		Mmap file = create(5, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
		file.write(new byte[] { 4 });
		assertThat(content()).containsExactly(1, 2, 3, 0, 0, 4);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.writeAt(new byte[1], 0));
	}

	@Test
	void emptyFileIsTruncated() throws IOException {
		Mmap file = openReadWrite();
		file.truncate(0);
		file.truncate(10);
		assertThat(content()).isEqualTo(new byte[10]);
		file.truncate(0);
		assertThat(content()).isEmpty();
	}

	@Test
	void refusedTruncateLeavesTheMapping() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = open(write(content));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.truncate(0));
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
		assertThat(file.get(ValueLayout.JAVA_BYTE, SOME_PAGES - 1)).isEqualTo(content[SOME_PAGES - 1]);
		assertThat(content()).isEqualTo(content);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void writeToAReadOnlyFileIsRefusedAsSuch(boolean empty) throws IOException {
		Mmap file = open(write(new byte[(empty) ? 0 : 100]));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.write(new byte[1]));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.writeAt(new byte[1], 0));
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> file.atomics().getAndAddLong(0, 1));
	}

	@Test
	void openDoesNotCutWhatAnotherGrows() throws Exception {
		write(new byte[8_192]);
		int count = 2_000;
		byte[] record = filled(97, 7);
		Race.onPlatformThreads().with(() -> {
			for (int i = 0; i < count; i++) {
				Files.write(path(), record, StandardOpenOption.APPEND);
			}
		}).with(() -> {
			for (int i = 0; i < 500; i++) {
				create(8_192).close();
				open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE).close();
			}
		}).run();
		byte[] content = content();
		assertThat(content).hasSize(8_192 + count * 97);
		assertThat(Arrays.copyOfRange(content, 8_192, content.length)).containsOnly(7);
	}

	@Test
	void truncationIsSynced() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		file.truncate(10);
		file.sync();
		file.truncate(SOME_PAGES);
		file.sync();
		assertThat(content()).hasSize(SOME_PAGES);
	}

	@Test
	void reasonOfTheSystemIsTold() throws IOException {
		Path tooLong = this.directory.resolve("x".repeat(300));
		Path notInADirectory = write(new byte[100]).resolve("file.dat");
		for (Path path : new Path[] { tooLong, notInADirectory }) {
			FileSystemException expected = catchThrowableOfType(FileSystemException.class,
					() -> Files.newByteChannel(path).close());
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(path))
				.withMessageContaining(path.toString())
				.withMessageContaining(expected.getReason());
		}
	}

	@Test
	void rangesAreCheckedAgainstTheSizeOfTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[5_000]);
		file.truncate(100);
		assertThat(file.readAt(new byte[10], 100)).isEqualTo(-1);
		assertThat(file.readAt(new byte[200], 50)).isEqualTo(50);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 100));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.segment(0, 101));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.access(0, 101, (view) -> view.byteSize()));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.readAt(new byte[10], 5, 6, 0));
		file.truncate(6_000);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 5_999)).isZero();
		assertThat(file.segment(0, 6_000).byteSize()).isEqualTo(6_000);
	}

}
