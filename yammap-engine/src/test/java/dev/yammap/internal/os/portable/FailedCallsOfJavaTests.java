package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.LockMode;
import dev.yammap.LoggedMessages;
import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What a {@link PortableFile} makes of a call of {@code java.io} that fails: an exception
 * that names the operation, the file and the place, and a file as it was.
 */
@NullMarked
class FailedCallsOfJavaTests {

	/** Every write to it finds no space. */
	private static final Path FULL = Path.of("/dev/full");

	/** A file that is longer by less is not worth another mapping. */
	private static final int STEP = 64 << 10;

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private final Queue<AutoCloseable> opened = new ArrayDeque<>();

	@TempDir
	private Path directory = Path.of("");

	@BeforeEach
	void write() throws IOException {
		Files.write(path(), CONTENT);
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable open : this.opened) {
			open.close();
		}
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private DisturbedFile disturbed() throws IOException {
		return disturbed("rw");
	}

	private DisturbedFile disturbed(String mode) throws IOException {
		DisturbedFile file = new DisturbedFile(path(), mode);
		this.opened.add(file);
		return file;
	}

	/** Opens the file with an end that is elsewhere. */
	private PortableFile open(RandomAccessFile file, Path end) throws IOException {
		return open(file, end, LockMode.EXCLUSIVE);
	}

	private PortableFile open(RandomAccessFile file, Path end, LockMode lock) throws IOException {
		AppendStream stream = new AppendStream(path(), end, file);
		this.opened.add(stream);
		Handles handles = new Handles(file, stream, path(), null, Origin.FOUND);
		return new PortableFile(path(), handles, AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
				MappingOptions.DEFAULT.withLock(lock), true, new FreeSpace(path(), null));
	}

	private void assertFails(ThrowingCallable call, String start, String... words) {
		assertThatExceptionOfType(IOException.class).isThrownBy(call)
			.withMessageStartingWith("Cannot " + start + " " + path())
			.satisfies((ex) -> assertThat(List.of(words))
				.allMatch((word) -> String.valueOf(ex.getMessage()).contains(word)))
			.withCauseInstanceOf(IOException.class);
	}

	private void append(String text) throws IOException {
		Files.writeString(path(), text, StandardOpenOption.APPEND);
	}

	@Test
	void everyCallSaysWhatFailedAndWhere() throws IOException {
		PortableFile file = open(disturbed(), path());
		file.close();
		MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
		assertFails(file::size, "ask for the size of");
		assertFails(() -> file.read(bytes, 0, 10, 3), "read", ", 10 bytes at offset 3: ");
		assertFails(() -> file.write(bytes, 0, 10, 3), "write", ", 10 bytes at offset 3: ");
		assertFails(() -> file.extend(7, bytes, 0, 10, 7), "extend", " by 10 bytes at offset 7: ");
		assertFails(() -> file.grow(7, 20, false), "grow", " from 7 to 20 bytes: ");
		assertFails(() -> file.shrink(2), "truncate", " to 2 bytes: ");
		assertFails(() -> file.map(7), "map", ", 7 bytes: ");
		assertFails(file::lock, "lock");
		assertFails(file::sync, "sync");
		assertFails(() -> file.sync(0, 1), "sync");
		assertFails(file::appendedEnd, "ask for the offset of");
		assertThat(path()).hasBinaryContent(CONTENT);
	}

	@Test
	void appendThatWroteNothingLeavesTheFileAsItWas() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		assertFails(() -> file.append(MemorySegment.ofArray(new byte[64]), 0, 64), "append to",
				", 64 bytes at offset 7: ", "No space left on device");
		assertThat(disturbed.sizes).isEmpty();
		assertThat(path()).hasBinaryContent(CONTENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "m", "mor", "more" })
	void appendThatFailsHalfWayTakesBackWhatItWrote(String written) throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		disturbed.beforeLength(() -> {
		}, () -> append(written));
		MemorySegment more = MemorySegment.ofArray("and more".getBytes(StandardCharsets.UTF_8));
		assertFails(() -> file.append(more, 4, 4), "append to", ", 4 bytes at offset 7: ");
		assertThat(path()).hasBinaryContent(CONTENT);
	}

	@Test
	void appendThatFailsHalfWayLeavesWhatIsNotItsOwn() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		MemorySegment more = MemorySegment.ofArray("more".getBytes(StandardCharsets.UTF_8));
		disturbed.beforeLength(() -> {
		}, () -> append("mix"));
		assertFails(() -> file.append(more, 0, 4), "append to");
		assertThat(path()).hasContent("contentmix");
		disturbed.beforeLength(() -> {
		}, () -> append("more and more"));
		assertFails(() -> file.append(more, 0, 4), "append to");
		assertThat(path()).hasContent("contentmixmore and more");
	}

	/** The bytes look like ours, but others may have written the same. */
	@Test
	void appendThatFailsHalfWayWithoutALockLeavesItsPartAndTellsIt() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL, LockMode.NONE);
		disturbed.beforeLength(() -> {
		}, () -> append("mor"));
		MemorySegment more = MemorySegment.ofArray("more".getBytes(StandardCharsets.UTF_8));
		assertFails(() -> file.append(more, 0, 4), "append to", ", 4 bytes at offset 7: ",
				"up to 3 bytes at offset 7 or behind it were written before it failed, and stay");
		assertThat(disturbed.sizes).isEmpty();
		// A read that fails would hide what stays.
		assertThat(disturbed.reads).isEmpty();
		assertThat(path()).hasContent("contentmor");
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "EXCLUSIVE" })
	void appendThatFailsWhileTheFileIsShortenedCutsNothing(LockMode lock) throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL, lock);
		disturbed.beforeLength(() -> {
		}, () -> Files.writeString(path(), "co"));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> file.append(MemorySegment.ofArray(CONTENT), 0, CONTENT.length))
			.withMessageContaining("No space left on device")
			.withMessageNotContaining("truncate")
			.withMessageNotContaining("stay")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).isEmpty());
		assertThat(disturbed.sizes).isEmpty();
		assertThat(path()).hasContent("co");
	}

	@Test
	void appendThatCannotTakeBackWhatItWroteTellsBoth() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		disturbed.beforeLength(() -> {
		}, () -> {
			throw new IOException("It is gone");
		});
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> file.append(MemorySegment.ofArray(CONTENT), 0, CONTENT.length))
			.withMessageContaining("No space left on device")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.extracting(Throwable::getMessage)
				.asString()
				.contains("It is gone"));
	}

	@Test
	void growthThatWroteNothingLeavesTheFileAsItWas() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		assertFails(() -> file.grow(7, 20, true), "grow", "No space left on device");
		assertThat(disturbed.sizes).isEmpty();
		assertThat(path()).hasBinaryContent(CONTENT);
	}

	@Test
	void growthThatFailsHalfWayIsTakenBack() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		disturbed.beforeLength(() -> {
		}, () -> append("000"));
		assertFails(() -> file.grow(7, 20, true), "grow", " from 7 to 20 bytes: ", "No space left on device");
		assertThat(path()).hasBinaryContent(CONTENT);
	}

	@Test
	void growthThatCannotBeTakenBackFailsForItsOwnReason() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, FULL);
		disturbed.beforeLength(() -> {
		}, () -> {
		}, () -> {
			throw new IOException("It is gone");
		});
		try (LoggedMessages logged = new LoggedMessages(path().toString())) {
			assertFails(() -> file.grow(7, 20, true), "grow", "No space left on device");
			assertThat(logged.messages()).singleElement()
				.asString()
				.contains("could not be put back to 7", "It is gone");
		}
	}

	@Test
	void closeThatFailsSaysSo() throws IOException {
		DisturbedFile disturbed = disturbed();
		PortableFile file = open(disturbed, path());
		disturbed.failToClose = true;
		assertFails(file::close, "close", "Input/output error");
		disturbed.failToClose = false;
	}

	@Test
	void whatRemainsOfAFileLeavesItsMappings() throws IOException {
		PortableFile file = open(disturbed(), path());
		assertThat(file.map(7).byteSize()).isPositive();
		assertThat(file.remains().canUnmap()).isFalse();
		file.remains().unmap();
		assertThat(file.map(7).scope().isAlive()).isTrue();
		file.close();
		file.unmap();
	}

	@Test
	void directoryThatCannotBeSyncedIsNamed() throws IOException {
		Path missing = this.directory.resolve("missing");
		Handles handles = new Handles(disturbed(), null, missing.resolve("file"), null, Origin.FOUND);
		PortableFile file = new PortableFile(path(), handles, AccessOptions.READ_ONLY, MappingOptions.DEFAULT, true,
				new FreeSpace(path(), null));
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(file::syncDirectory)
			.withMessageContaining(missing.toString())
			.withMessageContaining("Cannot sync the directory");
	}

	@Test
	void rootIsItsOwnDirectory() throws IOException {
		Handles handles = new Handles(disturbed(), null, Path.of("/"), null, Origin.FOUND);
		assertThatNoException().isThrownBy(handles::syncDirectory);
	}

	@Test
	void mappingThatFailsIsPutOffUnlessAllIsWanted() throws IOException {
		DisturbedFile disturbed = disturbed("r");
		Mappings mappings = new Mappings(path(), disturbed, MapMode.READ_ONLY);
		MemorySegment first = mappings.follow(7);
		// A file that is not writable cannot be mapped behind its end.
		long failed = 100_000;
		disturbed.length = failed;
		assertThat(mappings.follow(failed)).isSameAs(first);
		disturbed.length = failed + 1;
		assertThat(mappings.follow(failed + 1)).isSameAs(first);
		assertFails(() -> mappings.mapAll(failed + 1), "map", ", 100001 bytes: ");
		disturbed.length = null;
		// It is tried again when the file is twice as long.
		Files.write(path(), new byte[(int) (3 * failed)]);
		assertThat(mappings.follow(2 * failed - 1)).isSameAs(first);
		assertThat(mappings.follow(2 * failed).byteSize()).isEqualTo(2 * failed);
		mappings.unmapAll();
	}

	@Test
	void manyMappingsAreNotJoinedByASmallOne() throws IOException {
		DisturbedFile disturbed = disturbed();
		Mappings mappings = new Mappings(path(), disturbed, MapMode.READ_WRITE);
		mappings.follow(7);
		for (int size = 8; size < 7 + STEP; size += 100) {
			disturbed.setLength(size);
			mappings.followAtOnce(size);
		}
		// One of 7 bytes, and seven more, each of which was 100 bytes longer.
		assertThat(mappings.mapAll(7).byteSize()).isEqualTo(8 + 6 * 100);
		disturbed.setLength(8 + 6 * 100 + STEP);
		mappings.followAtOnce(8 + 6 * 100 + STEP);
		assertThat(mappings.mapAll(7).byteSize()).isEqualTo(8 + 6 * 100 + STEP);
		mappings.unmapAll();
	}

	@Test
	void fileIsMappedAgainOnceItIsLongerByAStep() throws IOException {
		DisturbedFile disturbed = disturbed();
		disturbed.setLength(2 * STEP);
		Mappings mappings = new Mappings(path(), disturbed, MapMode.READ_WRITE);
		MemorySegment first = mappings.follow(10);
		assertThat(mappings.follow(10 + STEP - 1)).isSameAs(first);
		assertThat(mappings.follow(10 + STEP).byteSize()).isEqualTo(10 + STEP);
		mappings.unmapAll();
	}

	@Test
	void fileThatIsMappedWholeIsNotMappedAgain() throws IOException {
		Mappings mappings = new Mappings(path(), disturbed(), MapMode.READ_WRITE);
		MemorySegment first = mappings.follow(7);
		mappings.followAtOnce(7);
		assertThat(mappings.follow(1 << 20)).isSameAs(first);
		assertThat(mappings.mapAll(7)).isSameAs(first);
		assertThat(mappings.size()).isEqualTo(7);
		mappings.unmapAll();
	}

	@Test
	void endOfAnAppendIsAskedForAgainWhereAnotherAppends() throws IOException {
		DisturbedFile disturbed = disturbed();
		try (AppendStream stream = new AppendStream(path(), path(), disturbed)) {
			stream.write(MemorySegment.ofArray(CONTENT), 0, CONTENT.length);
			disturbed.beforeLength(() -> {
			}, () -> append("other"));
			assertThat(stream.position()).isEqualTo(2L * CONTENT.length);
		}
	}

	@Test
	void appendThatAnotherCutOffIsToldByThePathWhateverNameWasOpened() throws IOException {
		DisturbedFile disturbed = disturbed();
		Path name = Files.createSymbolicLink(this.directory.resolve("name"), path());
		try (AppendStream stream = new AppendStream(path(), name, disturbed)) {
			stream.write(MemorySegment.ofArray(CONTENT), 0, CONTENT.length);
			disturbed.setLength(0);
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(stream::position)
				.withMessageContaining("appended to " + path() + ":");
		}
	}

	@Test
	void appendInPartsIsOnePieceUnlessAnotherCameBetween() throws IOException {
		try (AppendStream stream = new AppendStream(path(), path(), disturbed())) {
			stream.write(ByteBuffer.allocate(25), new ShortChannel(stream, ""));
			assertThat(stream.position()).isEqualTo(7 + 25);
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> stream.write(ByteBuffer.allocate(25), new ShortChannel(stream, "other")))
				.withMessageContaining("another process wrote after the first part");
			assertThat(path()).hasSize(7 + 25 + 2 * (10 + 5));
		}
	}

	@Test
	void readEndsWithTheFile() throws IOException {
		PortableFile file = open(disturbed(), path());
		byte[] target = new byte[100];
		assertThat(file.read(MemorySegment.ofArray(target), 2, 98, 3)).isEqualTo(4);
		assertThat(new String(target, 2, 4, StandardCharsets.UTF_8)).isEqualTo("tent");
		assertThat(file.read(MemorySegment.ofArray(target), 0, 10, 7)).isZero();
	}

	@Test
	void spaceOfAFileThatIsGoneIsNotShort() throws IOException {
		FreeSpace space = new FreeSpace(this.directory.resolve("missing"), null);
		assertThat(space.isShort()).isFalse();
		space.require(Long.MAX_VALUE);
	}

	/**
	 * A channel that writes 10 bytes at most, after which another process appends.
	 */
	private final class ShortChannel implements WritableByteChannel {

		private final AppendStream stream;

		private final String other;

		ShortChannel(AppendStream stream, String other) {
			this.stream = stream;
			this.other = other;
		}

		@Override
		public int write(ByteBuffer bytes) throws IOException {
			int count = Math.min(bytes.remaining(), 10);
			this.stream.write(new byte[count]);
			bytes.position(bytes.position() + count);
			append(this.other);
			return count;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {
		}

	}

}
