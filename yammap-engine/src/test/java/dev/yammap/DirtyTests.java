package dev.yammap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Mmap#isDirty()}.
 */
class DirtyTests extends AbstractMmapTests {

	private static final byte[] BYTE = { 1 };

	@Test
	void fileJustOpenedMayHoldWhatItsLastUserDidNotSync() throws IOException {
		Mmap file = openReadWrite(new byte[64]);
		assertThat(file.isDirty()).isTrue();
		assertThat(synced(file).isDirty()).isFalse();
	}

	@Test
	void fileThatIsOnlyReadIsAlwaysSynced() throws IOException {
		write(new byte[64]);
		Mmap file = open(path());
		file.segment();
		file.access(0, 64, MemorySegment::byteSize);
		assertThat(file.isDirty()).isFalse();
	}

	@Test
	void everyWriteNeedsSync() throws IOException {
		Mmap file = openReadWrite(new byte[64]);
		Map<String, Write> writes = Map.ofEntries(Map.entry("write", () -> file.write(BYTE)),
				Map.entry("write buffer", () -> file.write(ByteBuffer.wrap(BYTE))),
				Map.entry("writeAt", () -> file.writeAt(BYTE, 0)),
				Map.entry("writeAt past the end", () -> file.writeAt(BYTE, file.size())),
				Map.entry("append", () -> file.append(BYTE)),
				Map.entry("append buffer", () -> file.append(ByteBuffer.wrap(BYTE))),
				Map.entry("writeAt segment", () -> file.writeAt(MemorySegment.ofArray(BYTE), 0)),
				Map.entry("writeAt buffer", () -> file.writeAt(ByteBuffer.wrap(BYTE), 0)),
				Map.entry("truncate to less", () -> file.truncate(60)),
				Map.entry("truncate to more", () -> file.truncate(100)),
				Map.entry("set of byte", () -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1)),
				Map.entry("set of int", () -> file.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 1)),
				Map.entry("set of long", () -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1)),
				Map.entry("setIntVolatile", () -> file.atomics().setIntVolatile(0, 1)),
				Map.entry("setLongVolatile", () -> file.atomics().setLongVolatile(0, 1)),
				Map.entry("getAndAddInt", () -> file.atomics().getAndAddInt(0, 1)),
				Map.entry("getAndSetInt", () -> file.atomics().getAndSetInt(0, 1)),
				Map.entry("compareAndSetInt",
						() -> file.atomics().compareAndSetInt(0, file.get(ValueLayout.JAVA_INT_UNALIGNED, 0), 2)),
				Map.entry("getAndAddLong", () -> file.atomics().getAndAddLong(0, 1)),
				Map.entry("getAndSetLong", () -> file.atomics().getAndSetLong(0, 1)),
				Map.entry("compareAndSetLong",
						() -> file.atomics().compareAndSetLong(0, file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), 2)),
				Map.entry("access",
						() -> file.access(0, 1, (view) -> view.copyFrom(MemorySegment.ofArray(BYTE)).byteSize())),
				Map.entry("accessLong",
						() -> file.accessLong(0, 1, (view) -> view.copyFrom(MemorySegment.ofArray(BYTE)).byteSize())),
				Map.entry("access that fails", () -> writeAndFail(file)),
				Map.entry("channel write", () -> file.channel().write(ByteBuffer.wrap(BYTE))),
				Map.entry("channel gathering write",
						() -> file.channel().write(new ByteBuffer[] { ByteBuffer.wrap(BYTE), ByteBuffer.wrap(BYTE) })),
				Map.entry("channel truncate", () -> file.channel().truncate(60)), Map.entry("channel transferFrom",
						() -> file.channel().transferFrom(Channels.newChannel(new ByteArrayInputStream(BYTE)), 0, 1)));
		for (Map.Entry<String, Write> write : writes.entrySet()) {
			synced(file).truncate(64);
			synced(file);
			assertThat(file.isDirty()).isFalse();
			write.getValue().run();
			assertThat(file.isDirty()).as(write.getKey()).isTrue();
			assertThat(synced(file).isDirty()).as(write.getKey()).isFalse();
		}
	}

	@Test
	void whatCameOfASourceThatFailsIsDirty() throws IOException {
		Mmap file = synced(openReadWrite(new byte[200_000]));
		ReadableByteChannel source = new ReadableByteChannel() {

			private boolean read;

			@Override
			public int read(ByteBuffer dst) {
				if (this.read) {
					throw new IllegalStateException("No more");
				}
				this.read = true;
				int count = dst.remaining();
				dst.position(dst.limit());
				return count;
			}

			@Override
			public boolean isOpen() {
				return true;
			}

			@Override
			public void close() {
			}

		};
		assertThat(file.isDirty()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> file.channel().transferFrom(source, 0, 200_000));
		assertThat(file.isDirty()).isTrue();
	}

	private static void writeAndFail(Mmap file) {
		assertThatIllegalArgumentException().isThrownBy(() -> file.access(0, 1, (view) -> {
			view.set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
			throw new IllegalArgumentException();
		}));
	}

	@Test
	void readsNeedNoSync() throws IOException {
		Mmap file = synced(openReadWrite(new byte[64]));
		file.read(new byte[8]);
		file.readAt(new byte[8], 0);
		file.get(ValueLayout.JAVA_BYTE, 0);
		file.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
		file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
		file.atomics().getIntVolatile(0);
		file.atomics().getLongVolatile(0);
		file.seek(0, Whence.START);
		file.channel().read(ByteBuffer.allocate(1));
		file.write(new byte[0]);
		file.truncate(64);
		file.channel().truncate(100);
		file.refresh();
		file.isCurrent();
		assertThat(file.isDirty()).isFalse();
	}

	@Test
	void refusedWritesNeedNoSync() throws IOException {
		write(new byte[64]);
		Mmap file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(64));
		synced(file);
		Map<String, Write> writes = Map.of("append", () -> file.append(BYTE), "write past the end",
				() -> file.writeAt(BYTE, 64), "write behind a gap", () -> file.writeAt(BYTE, 100), "truncate",
				() -> file.truncate(65), "channel", () -> file.channel().write(ByteBuffer.wrap(BYTE), 64));
		writes.forEach((name, write) -> {
			assertThatIOException().as(name).isThrownBy(write::run);
			assertThat(file.isDirty()).as(name).isFalse();
		});
	}

	@Test
	void appendNeedsSyncAndReadingOfViewsDoesNot() throws IOException {
		Mmap file = synced(openAppend());
		file.write(BYTE);
		assertThat(file.isDirty()).isTrue();
		synced(file).segment();
		file.access(0, 1, MemorySegment::byteSize);
		assertThat(file.isDirty()).isFalse();
	}

	@Test
	void writableViewMayBeWrittenToForever() throws IOException {
		Mmap file = synced(openReadWrite(new byte[64]));
		file.segment(0, 8);
		assertThat(file.isDirty()).isTrue();
		assertThat(synced(file).isDirty()).isTrue();
		Mmap whole = synced(openReadWrite());
		whole.segment();
		assertThat(whole.isDirty()).isTrue();
	}

	@Test
	void firstSyncAfterWriteAsksForOneMore() throws IOException {
		Mmap file = synced(openReadWrite(new byte[64]));
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		file.sync();
		assertThat(file.isDirty()).isTrue();
		file.sync();
		assertThat(file.isDirty()).isFalse();
	}

	@Test
	void holeNeedsSync() throws IOException {
		Mmap file = synced(openReadWrite(new byte[SOME_PAGES]));
		if (this.backend == Backend.NATIVE) {
			file.punchHole(0, 0);
			assertThat(file.isDirty()).isFalse();
			file.punchHole(0, SOME_PAGES);
			assertThat(file.isDirty()).isTrue();
		}
		else {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.punchHole(0, 1));
			assertThat(file.isDirty()).isFalse();
		}
	}

	@Test
	void syncOfRangeLeavesTheRest() throws IOException {
		Mmap file = synced(openReadWrite(new byte[64]));
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		file.sync(0, 8);
		file.sync(0, 64);
		assertThat(file.isDirty()).isTrue();
	}

	@Test
	void whatIsWrittenToPrivateMappingIsNeverSynced() throws IOException {
		write(new byte[64]);
		assertThat(openPrivate().isDirty()).isTrue();
	}

	@Test
	void writeOfSyncedFileIsSynced() throws IOException {
		Mmap file = open(path(), StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.SYNC);
		file.write(BYTE);
		file.sync();
		assertThat(file.isDirty()).isFalse();
	}

	private static Mmap synced(Mmap file) throws IOException {
		file.sync();
		file.sync();
		return file;
	}

	private interface Write {

		void run() throws IOException;

	}

}
