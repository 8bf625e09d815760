package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what was synced survives power cuts: content, size and name.
 */
@Tag("faults")
class PowerCutTests extends AbstractFaultTests {

	private static final int CYCLES = 30;

	private static final int SIZE = 40_000;

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	@TempDir
	private Path directory;

	private final Random random = new Random(20260101);

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void unsyncedContentIsLost(Disk.Kind kind) throws Exception {
		try (KernelSetting _ = KernelSetting.withoutWriteback(); Disk disk = Disk.mount(kind, this.directory)) {
			Path path = disk.resolve("unsynced");
			try (Mmap file = create(path, SIZE)) {
				file.sync();
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
				disk.cutPower();
			}
			disk.startAgain();
			assertThat(path).hasBinaryContent(new byte[SIZE]);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void syncedContentAndSizeAreThereAfterEveryPowerCut(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path path = disk.resolve("synced");
			byte[] expected = new byte[SIZE];
			create(path, SIZE).close();
			for (int cycle = 0; cycle < CYCLES; cycle++) {
				try (Mmap file = open(path, READ_WRITE)) {
					expected = change(file, expected, cycle);
					file.sync();
					disk.cutPower();
				}
				disk.startAgain();
				assertThat(path).as("after power cut " + cycle).hasBinaryContent(expected);
			}
		}
	}

	private byte[] change(Mmap file, byte[] before, int cycle) throws IOException {
		return switch (cycle % 5) {
			case 0 -> overwrite(file, before);
			case 1 -> append(file, before);
			case 2 -> resize(file, before, before.length + 30_000);
			case 3 -> resize(file, before, before.length - 55_555);
			default -> resize(file, overwrite(file, append(file, before)), SIZE);
		};
	}

	private byte[] overwrite(Mmap file, byte[] before) throws IOException {
		byte[] after = overwrite(file, before, bytes(9_000));
		byte counted = (byte) this.random.nextInt();
		file.set(ValueLayout.JAVA_BYTE, 0, counted);
		after[0] = counted;
		return after;
	}

	private byte[] append(Mmap file, byte[] before) throws IOException {
		byte[] content = bytes(30_001);
		file.writeAt(content, before.length);
		return concat(before, content);
	}

	private static byte[] resize(Mmap file, byte[] before, int size) throws IOException {
		file.truncate(size);
		return Arrays.copyOf(before, size);
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void nameOfNewFileIsThereAfterEveryPowerCut(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			for (int cycle = 0; cycle < CYCLES; cycle++) {
				Path path = disk.resolve("new-" + cycle);
				Mmap file = create(path, cycle * 100L);
				disk.cutPower();
				file.close();
				disk.startAgain();
				assertThat(path).exists();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void newFileIsThereAfterItsFirstSync(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			Path folder = Files.createDirectory(disk.resolve("folder"));
			Command.run("sync", "-f", folder);
			for (int cycle = 0; cycle < CYCLES; cycle++) {
				Path path = folder.resolve("new-" + cycle);
				byte[] content = bytes(5_000);
				try (Mmap file = open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
					file.write(content);
					file.sync();
					disk.cutPower();
				}
				disk.startAgain();
				assertThat(path).hasBinaryContent(content);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void everyWriteToSyncFileIsThereAfterPowerCut(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			byte[] appended = new byte[0];
			byte[] overwritten = bytes(SIZE);
			Path counters = Files.write(disk.resolve("counters"), overwritten);
			Command.run("sync", "-f", counters);
			for (int cycle = 0; cycle < CYCLES; cycle++) {
				OpenOption durable = (cycle % 2 == 0) ? StandardOpenOption.SYNC : StandardOpenOption.DSYNC;
				try (Mmap journal = open(disk.resolve("journal"), StandardOpenOption.APPEND, StandardOpenOption.CREATE,
						durable);
						Mmap file = open(counters, StandardOpenOption.READ, StandardOpenOption.WRITE, durable)) {
					byte[] record = bytes(1_001);
					journal.write(record);
					overwritten = overwrite(file, overwritten, record);
					disk.cutPower();
					appended = concat(appended, record);
				}
				disk.startAgain();
				assertThat(disk.resolve("journal")).hasBinaryContent(appended);
				assertThat(counters).hasBinaryContent(overwritten);
			}
		}
	}

	private byte[] overwrite(Mmap file, byte[] before, byte[] content) throws IOException {
		int offset = this.random.nextInt(before.length - content.length);
		file.writeAt(content, offset);
		byte[] after = before.clone();
		System.arraycopy(content, 0, after, offset, content.length);
		return after;
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	private byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		this.random.nextBytes(bytes);
		return bytes;
	}

}
