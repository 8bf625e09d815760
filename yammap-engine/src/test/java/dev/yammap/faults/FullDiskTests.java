package dev.yammap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.faults.FileOnFullDisk.SecondHalf;
import dev.yammap.Whence;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests that a call for which there is no space fails before it changes anything.
 */
@Tag("faults")
class FullDiskTests extends AbstractFaultTests {

	private static final int HELD = 100_000;

	/** What the file system may keep for itself of the space of a failed call. */
	private static final long METADATA = 1 << 14;

	private static final long TOO_MUCH = 64L << 20;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void createWithoutSpaceFailsAndLeavesNoFile(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path path = disk.resolve("new");
			assertNoSpace(() -> create(path, TOO_MUCH).close(), path, TOO_MUCH);
			assertThat(path).doesNotExist();
			create(path, HELD).close();
			assertThat(path).hasSize(HELD);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void createOverShorterFileWithoutSpaceFailsAndLeavesItAsItWas(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path path = Files.write(disk.resolve("old"), Probe.filled(HELD));
			assertNoSpace(() -> create(path, TOO_MUCH).close(), path, TOO_MUCH);
			assertThat(path).hasBinaryContent(Probe.filled(HELD));
			assertNoSpace(() -> create(path, TOO_MUCH, StandardOpenOption.TRUNCATE_EXISTING).close(), path, TOO_MUCH);
			assertThat(path).hasBinaryContent(Probe.filled(HELD));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void truncateWithoutSpaceFailsAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory); Mmap file = held(disk)) {
			long free = usableSpace(disk);
			assertNoSpace(() -> file.truncate(TOO_MUCH), file.path(), TOO_MUCH);
			assertUnchanged(file);
			assertThat(usableSpace(disk)).as("space after the failed call").isCloseTo(free, within(METADATA));
			file.truncate(2L * HELD);
			assertThat(file.path()).hasSize(2L * HELD);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void appendWithoutSpaceFailsAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = open(disk.resolve("journal"), StandardOpenOption.APPEND, StandardOpenOption.READ,
						StandardOpenOption.CREATE)) {
			byte[] record = Probe.filled(10_007);
			appendUntilFull(file, record);
			assertThat(file.size() % record.length).isZero();
			assertThat(file.size()).isGreaterThan(1 << 20);
			long size = file.size();
			assertNoSpace(() -> file.write(record), file.path(), size, record.length);
			assertThat(file.size()).isEqualTo(size);
			assertThat(file.path()).hasSize(size);
			byte[] last = new byte[record.length];
			assertThat(file.readAt(last, size - last.length)).isEqualTo(last.length);
			assertThat(last).isEqualTo(record);
		}
	}

	private static void appendUntilFull(Mmap file, byte[] record) {
		long size = file.size();
		try {
			while (true) {
				file.write(record);
				size += record.length;
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("No space left on device");
			assertThat(file.size()).isEqualTo(size);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void writePastEndWithoutSpaceFailsAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory); Mmap file = held(disk)) {
			FileOnFullDisk.fill(disk.resolve("filler"));
			byte[] content = new byte[50_000];
			assertNoSpace(() -> file.writeAt(content, HELD), file.path(), HELD, content.length);
			assertNoSpace(() -> file.writeAt(content, HELD + 123_456), file.path(), HELD + 123_456, content.length);
			assertNoSpace(() -> file.writeAt(content, HELD - 7), file.path());
			file.seek(0, Whence.END);
			assertNoSpace(() -> file.write(content), file.path(), HELD, content.length);
			assertThat(file.offset()).isEqualTo(HELD);
			assertUnchanged(file);
			Files.delete(disk.resolve("filler"));
			file.write(content);
			assertThat(file.path()).hasBinaryContent(Arrays.copyOf(Probe.filled(HELD), HELD + content.length));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void storeIntoPreallocatedFileSucceedsOnFullDisk(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory); Mmap file = create(disk.resolve("file"), HELD)) {
			FileOnFullDisk.fill(disk.resolve("filler"));
			byte[] content = Probe.filled(HELD);
			file.writeAt(content, 0);
			file.sync();
			assertThat(file.path()).hasBinaryContent(content);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void updateOfPreallocatedFileSucceedsOnFullDiskAndOfHoleFaults(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = create(disk.resolve("file"), HELD);
				Mmap sparse = create(disk.resolve("sparse"), HELD, StandardOpenOption.SPARSE)) {
			sparse.truncate(1 << 22);
			FileOnFullDisk.fill(disk.resolve("filler"));
			assertThat(file.getAndAddLong(0, 42)).isZero();
			assertThat(file.getLong(0)).isEqualTo(42);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> sparse.getAndAddLong(1 << 21, 42))
				.withCauseInstanceOf(MappedFaultException.class);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2", "INTERPRETED_ZGC", "C1_ZGC", "C2_ZGC" })
	void everyAccessToHoleOfFullTmpfsFaultsInTheCallThatMetIt(Jvm jvm) throws Exception {
		assertFaults(jvm, Disk.Kind.TMPFS, SecondHalf.UNREADABLE_HOLE);
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2" })
	void storeIntoHoleOfFullExt4FaultsInTheCallThatMetIt(Jvm jvm) throws Exception {
		assertFaults(jvm, Disk.Kind.EXT4, SecondHalf.HOLE);
	}

	private void assertFaults(Jvm jvm, Disk.Kind kind, SecondHalf secondHalf) throws Exception {
		Path report = this.directory.resolve("report");
		try (Disk disk = Disk.mount(kind, this.directory)) {
			child(FaultProgram.class, this.directory).flags(jvm.flags())
				.arguments(secondHalf, disk.directory(), jvm.warmUp(), report)
				.run();
		}
		assertThat(Files.readAllLines(report)).isEqualTo(FaultProgram
			.expectedReport((opening, operation) -> secondHalf.concerns(opening, operation) && tries(operation)));
	}

	private Mmap held(Disk disk) throws IOException {
		Mmap file = create(disk.resolve("held"), HELD);
		file.writeAt(Probe.filled(HELD), 0);
		file.sync();
		return file;
	}

	private static long usableSpace(Disk disk) throws IOException {
		Command.run("sync", "-f", disk.directory());
		return Files.getFileStore(disk.directory()).getUsableSpace();
	}

	private static void assertUnchanged(Mmap file) throws IOException {
		assertThat(file.size()).isEqualTo(HELD);
		assertThat(file.path()).hasBinaryContent(Probe.filled(HELD));
		byte[] content = new byte[HELD];
		assertThat(file.readAt(content, 0)).isEqualTo(HELD);
		assertThat(content).isEqualTo(Probe.filled(HELD));
	}

	private static void assertNoSpace(ThrowingCallable call, Path path, long... numbers) {
		assertThatExceptionOfType(IOException.class).isThrownBy(call)
			.withMessageContaining("No space left on device")
			.withMessageContaining(path.toString())
			.satisfies((ex) -> Arrays.stream(numbers)
				.forEach((number) -> assertThat(ex).hasMessageContaining(Long.toString(number))));
	}

}
