package dev.yammap.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.MmapListener.WriteOperation;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests what listeners are told of writes that a full or failed file system refuses.
 */
@Tag("faults")
class RefusedWriteFaultTests extends AbstractFaultTests {

	private static final int SIZE = 1 << 20;

	private final List<String> told = new ArrayList<>();

	private final MmapListener listener = new MmapListener() {

		@Override
		public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
			RefusedWriteFaultTests.this.told.add(operation + " " + cause);
		}

	};

	@TempDir
	private Path directory;

	private Mmap appending(Path path) throws IOException {
		return builder(path).options(StandardOpenOption.APPEND, StandardOpenOption.CREATE)
			.listener(this.listener)
			.open();
	}

	private Mmap writing(Path path) throws IOException {
		return builder(path).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.size(SIZE)
			.listener(this.listener)
			.open();
	}

	private void assertTold(ThrowingCallable call, String event) {
		assertThatIOException().isThrownBy(call);
		assertThat(this.told).containsExactly(event);
		this.told.clear();
	}

	@Test
	void fullDiskIsTold() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.TMPFS, this.directory);
				Mmap journal = appending(disk.resolve("journal"));
				Mmap table = writing(disk.resolve("table"))) {
			FileOnFullDisk.fill(disk.resolve("filler"));
			assertTold(() -> journal.write(new byte[SIZE]), "APPEND NO_SPACE");
			assertTold(() -> journal.channel().write(ByteBuffer.allocate(SIZE)), "APPEND NO_SPACE");
			assertTold(() -> table.writeAt(new byte[SIZE], SIZE), "GROWTH NO_SPACE");
			assertTold(() -> table.channel().position(SIZE).write(ByteBuffer.allocate(SIZE)), "GROWTH NO_SPACE");
			assertTold(() -> table.truncate(2 * SIZE), "GROWTH NO_SPACE");
			Files.delete(disk.resolve("filler"));
			journal.write(new byte[SIZE]);
			table.truncate(10);
			assertThat(this.told).isEmpty();
		}
	}

	@Test
	void fileSystemThatWentAwayIsTold() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			try (Mmap journal = appending(disk.resolve("journal")); Mmap table = writing(disk.resolve("table"))) {
				// Nothing is mapped where this goes on the portable backend.
				table.writeAt(new byte[10], SIZE);
				table.sync();
				disk.cutPower();
				if (this.backend == Backend.PORTABLE) {
					assertTold(() -> table.writeAt(new byte[10], SIZE), "WRITE IO_ERROR");
				}
				assertTold(() -> journal.write(new byte[10]), "APPEND IO_ERROR");
				assertTold(() -> table.writeAt(new byte[10], SIZE + 10), "GROWTH IO_ERROR");
				assertTold(() -> table.truncate(2 * SIZE), "GROWTH IO_ERROR");
			}
		}
	}

	@Test
	void fileSystemThatTheKernelMadeReadOnlyIsTold() throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			try (Mmap journal = appending(disk.resolve("journal")); Mmap table = writing(disk.resolve("table"))) {
				table.sync();
				disk.breakFileSystem();
				assertTold(() -> journal.write(new byte[10]), "APPEND READ_ONLY");
				assertTold(() -> table.writeAt(new byte[10], SIZE), "GROWTH READ_ONLY");
				assertTold(() -> table.truncate(10), "TRUNCATE READ_ONLY");
			}
		}
	}

}
