package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Files that outgrow their reservation.
 */
class GrowthTests extends AbstractMmapTests {

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 4096, 65_536, 1_000_001 })
	void everyDoublingKeepsTheViewsBeforeIt(long reserve) throws IOException {
		Mmap file = openReserving(reserve);
		file.write(new byte[] { 1 });
		List<MemorySegment> views = new ArrayList<>();
		for (long size = 1; size <= 64L << 20; size *= 2) {
			file.truncate(size);
			views.add(file.segment());
			assertThat(file.size()).isEqualTo(size);
		}
		byte value = 10;
		for (MemorySegment view : views) {
			file.set(ValueLayout.JAVA_BYTE, view.byteSize() - 1, ++value);
			assertThat(view.get(ValueLayout.JAVA_BYTE, view.byteSize() - 1)).isEqualTo(value);
			view.set(ValueLayout.JAVA_BYTE, view.byteSize() - 1, ++value);
			assertThat(file.get(ValueLayout.JAVA_BYTE, view.byteSize() - 1)).isEqualTo(value);
			assertThat(readAt(file, 1, view.byteSize() - 1)).containsExactly(value);
			assertThat(views.getLast().get(ValueLayout.JAVA_BYTE, view.byteSize() - 1)).isEqualTo(value);
		}
		file.close();
		for (MemorySegment view : views) {
			assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
		}
	}

	@Test
	void firstViewKeepsItsAddress() throws IOException {
		Mmap file = openReserving(4096);
		file.truncate(4096);
		MemorySegment view = file.segment();
		long address = view.address();
		file.truncate(1 << 20);
		file.writeAt(new byte[] { 9 }, 100);
		assertThat(view.address()).isEqualTo(address);
		assertThat(view.byteSize()).isEqualTo(4096);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 100)).isEqualTo((byte) 9);
	}

	@ParameterizedTest
	@CsvSource({ "0, 1000", "4096, 7", "4096, 4096", "10000, 9999", "65536, 100000" })
	void appendsAcrossTheReservationReadBack(long reserve, int length) throws IOException {
		Mmap file = openReserving(reserve);
		byte[] record = random(length, 1);
		int count = 300_000 / length + 10;
		for (int i = 0; i < count; i++) {
			assertThat(file.write(record)).isEqualTo(length);
		}
		assertThat(file.size()).isEqualTo((long) count * length);
		byte[] content = content();
		assertThat(readAt(file, content.length, 0)).isEqualTo(content);
		for (int i = 0; i < count; i += 97) {
			assertThat(Arrays.copyOfRange(content, i * length, (i + 1) * length)).isEqualTo(record);
		}
	}

	@Test
	void valuesAndAtomicsReachBehindTheReservation() throws IOException {
		Mmap file = openReserving(4096);
		file.truncate(1 << 20);
		for (long offset = 4088; offset < 1 << 20; offset = offset * 2 + 8) {
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset - 3, -1);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset - 3)).isEqualTo(-1);
			file.atomics().setLongVolatile(offset, 5);
			assertThat(file.atomics().getAndAddLong(offset, 2)).isEqualTo(5);
			assertThat(file.atomics().compareAndSetLong(offset, 7, 8)).isTrue();
			long at = offset;
			assertThat(file.<Long, RuntimeException>access(offset, 8,
					(view) -> view.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)))
				.isEqualTo(8)
				.isEqualTo(file.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
		}
	}

	@Test
	void atomicsOfOldAndNewMappingsAreOneCell() throws Exception {
		Mmap file = openReserving(4096);
		file.truncate(4096);
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			for (int i = 0; i < 20_000; i++) {
				file.atomics().getAndAddLong(64, 1);
			}
		}).runWith(() -> {
			for (long size = 8192; size <= 128L << 20; size *= 2) {
				file.truncate(size);
			}
		});
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 64)).isEqualTo(80_000);
	}

	@Test
	void readersGoOnWhileTheFileOutgrowsItsReservation() throws Exception {
		Mmap file = openReserving(4096);
		byte[] content = random(4096, 1);
		file.write(content);
		AtomicBoolean done = new AtomicBoolean();
		Race.onPlatformThreads().with(3, (thread) -> () -> {
			MemorySegment view = file.segment(0, 4096);
			while (!done.get()) {
				assertThat(readAt(file, 4096, 0)).isEqualTo(content);
				assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
				long size = file.size();
				file.get(ValueLayout.JAVA_BYTE, size - 1);
				file.segment(size - 1, 1).get(ValueLayout.JAVA_BYTE, 0);
			}
		}).runWith(() -> {
			try {
				for (long size = 8192; size <= 64L << 20; size *= 2) {
					file.truncate(size);
					file.writeAt(content, size - 100);
				}
			}
			finally {
				done.set(true);
			}
		});
	}

	@Test
	void shrinkingAndGrowingAcrossTheReservationReadsZeros() throws IOException {
		Mmap file = openReserving(8192);
		for (int i = 0; i < 20; i++) {
			file.truncate(100_000);
			assertThat(readAt(file, 100_000, 0)).isEqualTo(new byte[100_000]);
			file.writeAt(filled(100_000, 0xFF), 0);
			file.truncate(0);
		}
	}

	@Test
	void existingFileLargerThanItsReservationIsMappedWhole() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		write(content);
		Mmap file = openReserving(4096);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
		assertThat(file.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
		file.writeAt(content, SOME_PAGES);
		assertThat(content()).isEqualTo(concat(content, content));
	}

	@Test
	void reservationLargerThanTheAddressSpaceIsMadeSmaller() throws IOException {
		Mmap file = openReserving(Long.MAX_VALUE);
		file.write(new byte[100]);
		file.truncate(SOME_PAGES);
		assertThat(content()).hasSize(SOME_PAGES);
	}

	@Test
	void settingsOfTheMappingHoldForWhatTheFileGrowsBy() throws IOException {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.size(10_000)
					.reserve(16_384)
					.populate(true)
					.lockInMemory(this.backend == Backend.NATIVE));
		byte[] src = random(50_000, 1);
		file.writeAt(src, 5_000);
		file.truncate(60_000);
		file.truncate(20_000);
		assertThat(content()).isEqualTo(concat(new byte[5_000], Arrays.copyOf(src, 15_000)));
	}

	private Mmap openReserving(long reserve) throws IOException {
		return open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.reserve(reserve));
	}

}
