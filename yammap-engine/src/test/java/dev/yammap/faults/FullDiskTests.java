package dev.yammap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.Records;
import dev.yammap.Whence;
import dev.yammap.faults.FileOnFullDisk.SecondHalf;
import dev.yammap.internal.FileOpener;

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

	private static final OpenOption[] READ_APPEND = { StandardOpenOption.READ, StandardOpenOption.APPEND,
			StandardOpenOption.CREATE };

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
	void channelWithoutSpaceFailsAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory); Mmap file = held(disk)) {
			FileChannel channel = file.channel().position(7);
			assertNoSpace(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, TOO_MUCH), file.path(), TOO_MUCH);
			FileOnFullDisk.fill(disk.resolve("filler"));
			ByteBuffer content = ByteBuffer.allocate(50_000);
			assertNoSpace(() -> channel.write(content, HELD), file.path(), HELD, content.capacity());
			assertThat(content.position()).isZero();
			assertUnchanged(file);
			Files.delete(disk.resolve("filler"));
			try (Arena arena = Arena.ofShared()) {
				channel.map(FileChannel.MapMode.READ_WRITE, HELD, HELD, arena).fill((byte) 1);
			}
			assertThat(file.path()).hasSize(2L * HELD);
			assertThat(channel.position()).isEqualTo(7);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void appendWithoutSpaceFailsAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = builder(disk.resolve("journal")).options(READ_APPEND).lock(lock()).open()) {
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

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void appendThatTellsItsPlaceFailsWithoutSpaceAndChangesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = builder(disk.resolve("journal"))
					.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.lock(lock())
					.open()) {
			byte[] record = Probe.filled(10_007);
			long end = 0;
			IOException failure = null;
			while (failure == null) {
				try {
					assertThat(file.append(record)).isEqualTo(end);
					end += record.length;
				}
				catch (IOException ex) {
					failure = ex;
				}
			}
			assertThat(end).isGreaterThan(1 << 20);
			long size = end;
			assertNoSpace(() -> file.append(record), file.path(), size, record.length);
			assertThat(file.size()).isEqualTo(size);
			assertThat(file.path()).hasSize(size);
			assertThat(file.offset()).isZero();
		}
	}

	private static IOException appendUntilFull(Mmap file, byte[] record) {
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
			return ex;
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
			assertThat(file.atomics().getAndAddLong(0, 42)).isZero();
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(42);
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> sparse.atomics().getAndAddLong(1 << 21, 42))
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

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void whatOthersAppendSurvivesEveryCallThatFailsForSpace(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path path = disk.resolve("journal");
			try (Mmap appending = builder(path).options(READ_APPEND).open();
					Mmap failing = builder(path).options(READ_APPEND).open()) {
				Set<Long> durable = ConcurrentHashMap.newKeySet();
				CountDownLatch begun = new CountDownLatch(1);
				Thread other = Thread.ofPlatform().start(() -> appendRecords(appending, durable, begun));
				begun.await();
				do {
					assertNoSpace(() -> failing.truncate(TOO_MUCH), path, TOO_MUCH);
					fillUp(failing);
				}
				while (other.isAlive());
				assertThat(durable).isNotEmpty();
				assertThat(Records.in(Files.readAllBytes(path))).containsAll(durable);
			}
		}
	}

	/** Appends the first record before others may fill the disk. */
	private static void appendRecords(Mmap file, Set<Long> durable, CountDownLatch begun) {
		for (long number = 0; number < 300; number++) {
			try {
				Records.append(file, number);
				durable.add(number);
			}
			catch (IOException ex) {
				// The disk is full at the moment.
			}
			finally {
				begun.countDown();
			}
		}
	}

	private static void fillUp(Mmap file) {
		byte[] large = new byte[1 << 20];
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			while (true) {
				file.write(large);
			}
		}).withMessageContaining("No space left on device");
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void partOfAnAppendThatStaysIsTold(Disk.Kind kind) throws Exception {
		byte[] record = Probe.filled(10_007);
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = builder(disk.resolve("journal")).options(READ_APPEND).open()) {
			IOException failure = appendUntilFull(file, record);
			long left = Files.size(file.path()) - file.size();
			if (this.backend == Backend.NATIVE) {
				assertThat(left).isZero();
			}
			else {
				// On ext4 the write may take nothing at all.
				assertThat(left).isBetween((kind == Disk.Kind.TMPFS) ? 1L : 0L, record.length - 1L);
				String told = "bytes at offset " + file.size()
						+ " or behind it were written before it failed, and stay";
				assertThat(String.valueOf(failure.getMessage()).contains(told)).isEqualTo(left > 0);
			}
			byte[] content = Files.readAllBytes(file.path());
			assertThat(Arrays.copyOfRange(content, (int) file.size(), content.length))
				.isEqualTo(Arrays.copyOf(record, (int) left));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void writeIntoAHoleOfAFullDiskCountsAsWritten(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory);
				Mmap file = create(disk.resolve("file"), 16 << 10, StandardOpenOption.SPARSE)) {
			file.truncate(16L << 20);
			file.writeAt(new byte[4_096], 8 << 20);
			FileOnFullDisk.fill(disk.resolve("filler"));
			file.sync();
			file.sync();
			assertThat(file.isDirty()).isFalse();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(Probe.filled(8_192), 8 << 20));
			assertThat(file.isDirty()).isTrue();
		}
	}

	/** Where no blocks can be had beforehand, a part is taken back under a lock alone. */
	private LockMode lock() {
		return (this.backend == Backend.NATIVE) ? LockMode.NONE : LockMode.EXCLUSIVE;
	}

	private Mmap held(Disk disk) throws IOException {
		Mmap file = FileOpener.forCreation(disk.resolve("held"), HELD).backend(this.backend).lock(lock()).open();
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
