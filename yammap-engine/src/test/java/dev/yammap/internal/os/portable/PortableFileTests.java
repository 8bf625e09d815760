package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.LockMode;
import dev.yammap.ProcessFiles;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of {@link PortableFile}: how it grows beside others, and what it knows of its
 * pages.
 */
@NullMarked
class PortableFileTests {

	private static final long MEBIBYTE = 1 << 20;

	/** What a file system that copies on write may report and not give. */
	private static final long DOUBTFUL = 16 * MEBIBYTE;

	/** The smallest page that a processor has. */
	private static final int PAGE = 4_096;

	/** How many appends each of two threads makes. */
	private static final int RECORDS = 20;

	private final Queue<AutoCloseable> opened = new ArrayDeque<>();

	private MappingOptions options = MappingOptions.DEFAULT;

	private boolean syncCoversMappings = true;

	/** How much space there is, and whether the file system tells. */
	private String fileSystem = "ext4";

	private long usable = 1L << 40;

	private boolean tells = true;

	@TempDir
	private Path directory = Path.of("");

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable open : this.opened) {
			open.close();
		}
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private DisturbedFile disturbed(int size) throws IOException {
		Files.write(path(), new byte[size]);
		DisturbedFile file = new DisturbedFile(path(), "rw");
		this.opened.add(file);
		return file;
	}

	private PortableFile open(DisturbedFile file, boolean created) throws IOException {
		return open(file, path(), created);
	}

	private PortableFile open(DisturbedFile file, Path end, boolean created) throws IOException {
		AppendStream stream = new AppendStream(path(), end, file);
		this.opened.add(stream);
		PortableFile opened = new PortableFile(path(),
				new Handles(file, stream, path(), null, created ? Origin.CREATED : Origin.FOUND),
				AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE), this.options,
				this.syncCoversMappings, new FreeSpace(path(), new Store()));
		this.opened.add(opened::unmap);
		return opened;
	}

	private PortableFile opened(int size) throws IOException {
		return open(disturbed(size), false);
	}

	private void append(String text) throws IOException {
		Files.writeString(path(), text, StandardOpenOption.APPEND);
	}

	private static MemorySegment bytes(String text) {
		return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fileTellsWhetherOpeningCreatedIt(boolean created) throws IOException {
		assertThat(open(disturbed(1), created).origin().mayBeNew()).isEqualTo(created);
	}

	@Test
	void fileIsNamedByItsPath() throws IOException {
		assertThat(opened(1)).hasToString(path().toString());
	}

	@Test
	void closedFileHoldsNoDescriptor() throws IOException {
		PortableFile file = opened(1);
		assertThat(ProcessFiles.descriptors(this.directory)).hasSize(2);
		file.close();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
	}

	@Test
	void populatedFileIsReadAsFarAsItIsTold() throws IOException {
		DisturbedFile disturbed = disturbed(300_000);
		open(disturbed, true).prepare(5, 200_000);
		assertThat(disturbed.reads).isEmpty();
		this.options = this.options.withPopulate(true);
		open(disturbed, true).prepare(5, 200_000);
		assertThat(disturbed.reads.stream().mapToInt(Integer::intValue).sum()).isEqualTo(199_995);
	}

	@Test
	void readFillsWhatItWasAskedForAlone() throws IOException {
		PortableFile file = opened(300_000);
		byte[] target = new byte[300_000];
		Arrays.fill(target, (byte) 1);
		byte[] expected = target.clone();
		Arrays.fill(expected, 2, 70_002, (byte) 0);
		assertThat(file.read(MemorySegment.ofArray(target), 2, 70_000, 3)).isEqualTo(70_000);
		assertThat(target).isEqualTo(expected);
	}

	@Test
	void writeOfNothingChangesNothing() throws IOException {
		PortableFile file = opened(3);
		file.write(bytes("more"), 0, 0, 1);
		assertThat(path()).hasBinaryContent(new byte[3]);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void mappingsAreWrittenBackWhereASyncOfTheFileDoesNotCoverThem(boolean covers) throws IOException {
		this.syncCoversMappings = covers;
		PortableFile file = opened(100);
		file.map(100);
		file.sync();
		file.unmap();
		if (covers) {
			file.sync();
		}
		else {
			assertThatIllegalStateException().isThrownBy(file::sync);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 70_000, MEBIBYTE })
	void smallGrowthNeverSetsTheSize(long growth) throws IOException {
		DisturbedFile disturbed = disturbed(7);
		PortableFile file = open(disturbed, true);
		file.map(7);
		file.grow(7, 7 + growth, false);
		assertThat(disturbed.sizes).isEmpty();
		assertThat(path()).hasSize(7 + growth);
	}

	@Test
	void sizeIsNotSetWhereOthersMayWrite() throws IOException {
		DisturbedFile disturbed = disturbed(7);
		PortableFile file = open(disturbed, true);
		file.map(7);
		file.grow(7, 8 + 64 * MEBIBYTE, false);
		assertThat(disturbed.sizes).isEmpty();
		assertThat(path()).hasSize(8 + 64 * MEBIBYTE);
	}

	@Test
	void largeGrowthIsSparseUnlessItIsPreallocated() throws IOException {
		this.options = this.options.withLock(LockMode.EXCLUSIVE);
		DisturbedFile disturbed = disturbed(7);
		PortableFile file = open(disturbed, true);
		file.map(7);
		file.grow(7, 8 + MEBIBYTE, false);
		assertThat(disturbed.sizes).containsExactly(8 + MEBIBYTE);
		file.grow(8 + MEBIBYTE, 9 + 2 * MEBIBYTE, true);
		assertThat(disturbed.sizes).hasSize(1);
		assertThat(path()).hasSize(9 + 2 * MEBIBYTE);
	}

	@Test
	void gapBehindWholePagesNeedsNoZeros() throws IOException {
		PortableFile file = open(disturbed(65_536), Path.of("/dev/full"), true);
		file.extend(65_536, bytes("more"), 0, 4, 200_000);
		assertThat(path()).hasSize(200_004);
	}

	/** Opens an empty file that another appends to just after its size was asked for. */
	private PortableFile openAndAppendAfterTheQuestion(DisturbedFile.Disturbance... later) throws IOException {
		DisturbedFile disturbed = disturbed(0);
		PortableFile file = open(disturbed, true);
		file.map(0);
		List<DisturbedFile.Disturbance> disturbances = new ArrayList<>();
		disturbances.add(() -> {
			append("other");
			disturbed.length = 0L;
		});
		disturbances.add(() -> disturbed.length = null);
		disturbances.addAll(List.of(later));
		disturbed.beforeLength(disturbances.toArray(new DisturbedFile.Disturbance[0]));
		return file;
	}

	@Test
	void growthKeepsWhatAnotherAppendedBeforeItsZeros() throws IOException {
		PortableFile file = openAndAppendAfterTheQuestion();
		file.grow(0, 20, true);
		assertThat(path()).hasContent("other" + "\0".repeat(20));
	}

	@Test
	void growthKeepsWhatAnotherAppendedBehindItsZeros() throws IOException {
		PortableFile file = openAndAppendAfterTheQuestion(() -> {
		}, () -> append("more"));
		file.grow(0, 20, true);
		assertThat(path()).hasContent("other" + "\0".repeat(20) + "more");
	}

	@Test
	void longAppendIsOneWholeAmongOthers() throws Exception {
		int length = 300_000;
		PortableFile file = opened(0);
		PortableFile other = open(disturbed(0), true);
		Thread thread = Thread.ofPlatform().start(() -> appendRecords(other, length, (byte) 'b'));
		appendRecords(file, length, (byte) 'a');
		thread.join();
		byte[] content = Files.readAllBytes(path());
		assertThat(content).hasSize(2 * RECORDS * length);
		for (int start = 0; start < content.length; start += length) {
			byte first = content[start];
			assertThat(Arrays.equals(content, start, start + length - 1, content, start + 1, start + length))
				.as("%s at %s", first, start)
				.isTrue();
		}
	}

	private static void appendRecords(PortableFile file, int length, byte value) {
		byte[] record = new byte[length];
		Arrays.fill(record, value);
		try {
			for (int i = 0; i < RECORDS; i++) {
				file.append(MemorySegment.ofArray(record), 0, length);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void pageIsKnownToBeWritableOnceItWasMadeSo() throws IOException {
		PortableFile file = opened(3 * PAGE);
		assertThat(file.isKnownWritable(0)).isFalse();
		assertThat(file.makeWritable(PAGE + 100)).isTrue();
		assertThat(file.isKnownWritable(PAGE)).isTrue();
		assertThat(file.isKnownWritable(2 * PAGE - 1)).isTrue();
		assertThat(file.isKnownWritable(PAGE - 1)).isFalse();
		assertThat(file.isKnownWritable(2 * PAGE)).isFalse();
		file.shrink(10);
		assertThat(file.isKnownWritable(PAGE + 100)).isFalse();
	}

	/**
	 * Space below a mebibyte is not asked for where it is needed, so it counts as none.
	 */
	@ParameterizedTest
	@CsvSource({ "0, true, false", "1048575, true, false", "1048576, true, true", "0, false, true" })
	void pageCannotBeMadeWritableWhereTheFileSystemIsKnownToBeFull(long left, boolean told, boolean writable)
			throws IOException {
		this.usable = left;
		this.tells = told;
		assertThat(opened(100).makeWritable(0)).isEqualTo(writable);
	}

	/** It may need another block each time, of which nobody knows how many there are. */
	@ParameterizedTest
	@ValueSource(strings = { "btrfs", "xfs", "apfs", "overlay" })
	void pageNeedsSpaceEachTimeWhereItMayNeedAnotherBlock(String fileSystem) throws IOException {
		this.fileSystem = fileSystem;
		PortableFile file = open(disturbed(0), true);
		file.map(0);
		file.grow(0, 100, true);
		assertThat(file.makeWritable(0)).isTrue();
		assertThat(file.isKnownWritable(0)).isFalse();
		this.usable = DOUBTFUL - 1;
		assertThat(file.makeWritable(0)).isFalse();
		this.usable++;
		assertThat(file.makeWritable(0)).isTrue();
	}

	@Test
	void pageOfAFileWithoutHolesNeedsNoSpace() throws IOException {
		this.usable = 0;
		PortableFile file = open(disturbed(0), true);
		file.map(0);
		file.extend(0, bytes("more"), 0, 4, 0);
		file.grow(4, 100, true);
		assertThat(file.makeWritable(0)).isTrue();
	}

	@Test
	void pageOfAFileWithHolesNeedsSpace() throws IOException {
		this.usable = 0;
		PortableFile written = open(disturbed(0), true);
		written.extend(0, bytes("more"), 0, 4, 1);
		assertThat(written.makeWritable(0)).isFalse();
		PortableFile grown = open(disturbed(0), true);
		grown.map(0);
		grown.grow(0, 100, false);
		assertThat(grown.makeWritable(0)).isFalse();
	}

	@Test
	void growthThatFindsJustEnoughSpaceIsDone() throws IOException {
		this.usable = 2 * MEBIBYTE;
		PortableFile file = opened(0);
		file.map(0);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.grow(0, 2 * MEBIBYTE + 1, true))
			.withMessageContaining("from 0 to 2097153 bytes: No space left on device (2097152 bytes are usable,"
					+ " 2097153 bytes are needed)");
		assertThat(path()).isEmptyFile();
		assertThatNoException().isThrownBy(() -> file.grow(0, 2 * MEBIBYTE, true));
	}

	@Test
	void spaceForALittleIsFoundOutByWriting() throws IOException {
		this.usable = 0;
		PortableFile file = opened(0);
		file.map(0);
		assertThatNoException().isThrownBy(() -> file.grow(0, MEBIBYTE - 1, true));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.grow(MEBIBYTE - 1, 2 * MEBIBYTE - 1, true))
			.withMessageContaining("No space left on device");
	}

	/** A file system that is as full as the test says. */
	private final class Store extends FileStore {

		@Override
		public String name() {
			return "some";
		}

		@Override
		public String type() {
			return PortableFileTests.this.fileSystem;
		}

		@Override
		public boolean isReadOnly() {
			return false;
		}

		@Override
		public long getTotalSpace() {
			return PortableFileTests.this.tells ? 1L << 40 : 0;
		}

		@Override
		public long getUsableSpace() {
			return PortableFileTests.this.usable;
		}

		@Override
		public long getUnallocatedSpace() {
			return getUsableSpace();
		}

		@Override
		public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
			return false;
		}

		@Override
		public boolean supportsFileAttributeView(String name) {
			return false;
		}

		@Override
		public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Object getAttribute(String attribute) {
			throw new UnsupportedOperationException();
		}

	}

}
