package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Mappings that a channel makes.
 */
class ChannelMapTests extends AbstractMmapTests {

	private static final byte[] CONTENT = random(SOME_PAGES, 3);

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(buffer.position(), bytes);
		return bytes;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4_095, 66_000 })
	void mappingAndFileAreOne(int offset) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel().position(7);
		MappedByteBuffer buffer = channel.map(MapMode.READ_WRITE, offset, 5_000);
		assertThat(buffer.position()).isZero();
		assertThat(buffer.limit()).isEqualTo(5_000);
		assertThat(buffer.capacity()).isEqualTo(5_000);
		assertThat(bytes(buffer)).isEqualTo(Arrays.copyOfRange(CONTENT, offset, offset + 5_000));
		buffer.put(10, (byte) 77).put(11, (byte) 78);
		buffer.force(10, 2);
		assertThat(readAt(file, 2, offset + 10)).containsExactly(77, 78);
		file.set(ValueLayout.JAVA_BYTE, offset + 12, (byte) 79);
		assertThat(buffer.get(12)).isEqualTo((byte) 79);
		assertThat(channel.position()).isEqualTo(7);
		assertThat(file.size()).isEqualTo(SOME_PAGES);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.force(4_000, 1_001));
	}

	@Test
	void mappingOutlivesChannelAndFile() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		MappedByteBuffer buffer = file.channel().map(MapMode.READ_WRITE, 0, SOME_PAGES);
		file.close();
		buffer.put(0, (byte) 1).put(1, (byte) 2);
		buffer.force();
		assertThat(content()).startsWith(1, 2);
	}

	@Test
	void fileThatIsTooShortGrowsToBeWrittenTo() throws IOException {
		List<Long> grown = new ArrayList<>();
		write(new byte[10]);
		Mmap file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.maxSize(100_000)
			.listener(new MmapListener() {

				@Override
				public void grown(Mmap file, long from, long to) {
					grown.addAll(List.of(from, to));
				}

			}));
		FileChannel channel = file.channel();
		MappedByteBuffer buffer = channel.map(MapMode.READ_WRITE, 50_000, 1_000);
		assertThat(file.size()).isEqualTo(51_000);
		assertThat(grown).containsExactly(10L, 51_000L);
		buffer.put(999, (byte) 7);
		assertThat(content()).hasSize(51_000).endsWith(7);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.map(MapMode.READ_WRITE, 50_000, 50_001))
			.withMessageContaining("maxSize");
		assertThat(content()).hasSize(51_000);
	}

	@Test
	void fileStaysAsItIsWhereItIsOnlyRead() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.PRIVATE)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.channel().map(mode, 1, SOME_PAGES))
				.withMessageContaining(path().toString())
				.withMessageContaining("only " + SOME_PAGES);
		}
		assertThat(file.isDirty()).isEqualTo(isDirtyOnceOpen());
		writeFromOutside(new byte[] { 1, 2, 3 }, SOME_PAGES);
		assertThat(bytes(file.channel().map(MapMode.READ_ONLY, SOME_PAGES, 3))).containsExactly(1, 2, 3);
		assertThat(content()).hasSize(SOME_PAGES + 3);
	}

	private boolean isDirtyOnceOpen() throws IOException {
		try (Mmap other = builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).open()) {
			return other.isDirty();
		}
	}

	@Test
	void readOnlyMappingIsReadOnlyAndPrivateOneStaysPrivate() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThat(file.channel().map(MapMode.READ_ONLY, 5, 10).isReadOnly()).isTrue();
		MappedByteBuffer copy = file.channel().map(MapMode.PRIVATE, 5, 10);
		copy.put(0, (byte) (CONTENT[5] + 1));
		assertThat(copy.get(0)).isEqualTo((byte) (CONTENT[5] + 1));
		assertThat(readAt(file, 10, 5)).isEqualTo(Arrays.copyOfRange(CONTENT, 5, 15));
		assertThat(content()).isEqualTo(CONTENT);
		assertThat(bytes(open(path()).channel().map(MapMode.READ_ONLY, 5, 10)))
			.isEqualTo(Arrays.copyOfRange(CONTENT, 5, 15));
	}

	@Test
	void nothingCanBeMapped() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		assertThat(channel.map(MapMode.READ_ONLY, 5, 0).capacity()).isZero();
		assertThat(channel.map(MapMode.READ_WRITE, SOME_PAGES, 0, Arena.ofAuto()).byteSize()).isZero();
		assertThat(open(write(new byte[0])).channel().map(MapMode.READ_ONLY, 0, 0).capacity()).isZero();
	}

	@Test
	void fileCountsAsWrittenToOnceItIsMappedToBeWrittenTo() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.sync();
		file.channel().map(MapMode.READ_ONLY, 0, 10);
		assertThat(file.isDirty()).isFalse();
		file.channel().map(MapMode.READ_WRITE, 0, 10);
		file.sync();
		assertThat(file.isDirty()).isTrue();
	}

	@Test
	void mappingEndsWithItsArena() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		MemorySegment mapping;
		try (Arena arena = Arena.ofShared()) {
			mapping = channel.map(MapMode.READ_WRITE, 4_097, 10_000, arena);
			assertThat(mapping.isMapped()).isTrue();
			assertThat(mapping.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(Arrays.copyOfRange(CONTENT, 4_097, 14_097));
			mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 5);
			mapping.force();
		}
		assertThatIllegalStateException().isThrownBy(() -> mapping.get(ValueLayout.JAVA_BYTE, 0));
		assertThat(content()[4_097]).isEqualTo((byte) 5);
		assertThat(channel.isOpen()).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> channel.map(MapMode.READ_WRITE, 0, 10, closed()));
		assertThat(channel.map(MapMode.READ_ONLY, 0, 10, Arena.ofAuto()).isReadOnly()).isTrue();
	}

	private static Arena closed() {
		try (Arena arena = Arena.ofShared()) {
			return arena;
		}
	}

	@Test
	void arenaOfOneThreadIsUsedWhereThatThreadMaps() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		Thread.currentThread().interrupt();
		try (Arena arena = Arena.ofConfined()) {
			if (this.backend == Backend.NATIVE) {
				assertThat(channel.map(MapMode.READ_ONLY, 1, 10, arena).toArray(ValueLayout.JAVA_BYTE))
					.isEqualTo(Arrays.copyOfRange(CONTENT, 1, 11));
			}
			else {
				assertThatExceptionOfType(UnsupportedOperationException.class)
					.isThrownBy(() -> channel.map(MapMode.READ_ONLY, 1, 10, arena))
					.withMessageContaining(path().toString())
					.withMessageContaining("shared");
			}
		}
		assertThat(Thread.interrupted()).isTrue();
		assertThat(channel.isOpen()).isTrue();
	}

	@Test
	void interruptedThreadMapsAndClosesNothing() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		Thread.currentThread().interrupt();
		assertThat(file.channel().map(MapMode.READ_WRITE, 0, 10).capacity()).isEqualTo(10);
		assertThat(file.channel().map(MapMode.READ_WRITE, 0, 10, Arena.ofAuto()).byteSize()).isEqualTo(10);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(readAt(file, 10, 0)).isEqualTo(Arrays.copyOf(CONTENT, 10));
		file.sync();
	}

	@Test
	void virtualThreadMaps() throws Exception {
		FileChannel channel = openReadWrite(CONTENT).channel();
		Race.onVirtualThreads().with(4, (thread) -> () -> {
			for (int i = 0; i < 50; i++) {
				assertThat(channel.map(MapMode.READ_WRITE, thread, 10, Arena.ofAuto()).get(ValueLayout.JAVA_BYTE, 0))
					.isEqualTo(CONTENT[thread]);
			}
		}).run();
	}

	@Test
	void threadsGrowAFileByMappingIt() throws Exception {
		Mmap file = openReadWrite();
		FileChannel channel = file.channel();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			for (int i = thread; i < 80; i += 4) {
				MappedByteBuffer buffer = channel.map(MapMode.READ_WRITE, i * 5_000L, 5_000);
				buffer.put(filled(5_000, i));
				assertThat(channel.size()).isGreaterThanOrEqualTo((i + 1) * 5_000L);
			}
		}).run();
		assertThat(file.size()).isEqualTo(400_000);
		for (int i = 0; i < 80; i++) {
			assertThat(readAt(file, 5_000, i * 5_000L)).isEqualTo(filled(5_000, i));
		}
	}

	@Test
	void fileThatWasReplacedIsMappedItself() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		Files.move(path(), this.directory.resolve("moved"));
		write(new byte[SOME_PAGES]);
		assertThat(bytes(file.channel().map(MapMode.READ_ONLY, 0, 100))).isEqualTo(Arrays.copyOf(CONTENT, 100));
		Files.delete(this.directory.resolve("moved"));
		assertThat(bytes(file.channel().map(MapMode.READ_WRITE, 0, 100))).isEqualTo(Arrays.copyOf(CONTENT, 100));
	}

	@Test
	void mappingLeavesTheLockOfTheFile() throws IOException {
		write(CONTENT);
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).lock(LockMode.EXCLUSIVE));
		file.channel().map(MapMode.READ_WRITE, 0, 100);
		assertThatExceptionOfType(FileLockedException.class)
			.isThrownBy(() -> builder(path()).lock(LockMode.SHARED).open());
	}

	@Test
	void mapIsRefusedAsNioDoes() throws Exception {
		FileChannel channel = openReadWrite(CONTENT).channel();
		assertThatNullPointerException().isThrownBy(() -> channel.map(null, 0, 10));
		assertThatNullPointerException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 10, null));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, -1, 10));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, Long.MAX_VALUE, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1L << 31));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, -1, Arena.global()));
		MapMode other = (MapMode) Class.forName("jdk.nio.mapmode.ExtendedMapMode").getField("READ_ONLY_SYNC").get(null);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> channel.map(other, 0, 10))
			.withMessageContaining("READ_ONLY_SYNC");
		channel.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.map(MapMode.READ_ONLY, -1, 1));
	}

	@Test
	void mapNeedsWhatItsModeNeeds() throws IOException {
		write(CONTENT);
		FileChannel reader = open(path()).channel();
		FileChannel writer = open(path(), StandardOpenOption.WRITE).channel();
		FileChannel appender = openAppend().channel();
		for (MapMode mode : List.of(MapMode.READ_WRITE, MapMode.PRIVATE)) {
			assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reader.map(mode, 0, 10));
			assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writer.map(mode, 0, 10));
			assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> appender.map(mode, 0, 10));
		}
		assertThatExceptionOfType(NonReadableChannelException.class)
			.isThrownBy(() -> writer.map(MapMode.READ_ONLY, 0, 10));
		assertThat(appender.map(MapMode.READ_ONLY, 0, 10).capacity()).isEqualTo(10);
	}

	@Test
	void privateFileIsNotMappedAgain() throws IOException {
		write(CONTENT);
		FileChannel channel = openPrivate().channel();
		for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE)) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> channel.map(mode, 0, 10))
				.withMessageContaining("private");
		}
	}

}
