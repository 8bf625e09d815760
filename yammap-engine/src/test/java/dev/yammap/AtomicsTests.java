package dev.yammap;

import java.io.IOException;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Atomic ints and longs.
 */
class AtomicsTests extends AbstractMmapTests {

	@Test
	void volatileValuesAreLittleEndian() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		file.putIntVolatile(4, 0x01020304);
		file.putLongVolatile(8, 0x0102030405060708L);
		assertThat(content()).startsWith(0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0);
		assertThat(file.getIntVolatile(4)).isEqualTo(0x01020304).isEqualTo(file.getInt(4));
		assertThat(file.getLongVolatile(8)).isEqualTo(0x0102030405060708L).isEqualTo(file.getLong(8));
	}

	@Test
	void getAndAddReturnsWhatWasThereAndWrapsAround() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		file.putInt(4, Integer.MAX_VALUE);
		assertThat(file.getAndAddInt(4, 2)).isEqualTo(Integer.MAX_VALUE);
		assertThat(file.getInt(4)).isEqualTo(Integer.MIN_VALUE + 1);
		file.putLong(16, Long.MIN_VALUE);
		assertThat(file.getAndAddLong(16, -1)).isEqualTo(Long.MIN_VALUE);
		assertThat(file.getLong(16)).isEqualTo(Long.MAX_VALUE);
		assertThat(file.getInt(0)).isZero();
		assertThat(file.getLong(8)).isZero();
		assertThat(file.getLong(24)).isZero();
	}

	@Test
	void getAndSetReturnsWhatWasThere() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		assertThat(file.getAndSetInt(4, -5)).isZero();
		assertThat(file.getAndSetInt(4, 6)).isEqualTo(-5);
		assertThat(file.getInt(4)).isEqualTo(6);
		assertThat(file.getAndSetLong(8, -5)).isZero();
		assertThat(file.getAndSetLong(8, 6)).isEqualTo(-5);
		assertThat(file.getLong(8)).isEqualTo(6);
	}

	@Test
	void compareAndSetReplacesTheExpectedValueAlone() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		assertThat(file.compareAndSetInt(4, 1, 2)).isFalse();
		assertThat(file.getInt(4)).isZero();
		assertThat(file.compareAndSetInt(4, 0, 2)).isTrue();
		assertThat(file.getInt(4)).isEqualTo(2);
		assertThat(file.compareAndSetLong(8, 1, 2)).isFalse();
		assertThat(file.getLong(8)).isZero();
		assertThat(file.compareAndSetLong(8, 0, 0x0102030405060708L)).isTrue();
		assertThat(file.getLong(8)).isEqualTo(0x0102030405060708L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 4097, 4098 })
	void unalignedIntIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(new byte[8192]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.getIntVolatile(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.putIntVolatile(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.getAndAddInt(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.getAndSetInt(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.compareAndSetInt(offset, 0, 1));
		assertThat(content()).isEqualTo(new byte[8192]);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 7, 12, 4100 })
	void unalignedLongIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(new byte[8192]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.getLongVolatile(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.putLongVolatile(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.getAndAddLong(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.getAndSetLong(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.compareAndSetLong(offset, 0, 1));
		assertThat(content()).isEqualTo(new byte[8192]);
	}

	/**
	 * The file ends within the last aligned int and long.
	 */
	@ParameterizedTest
	@ValueSource(longs = { -8, 96, 104, 4096, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE - 7 })
	void offsetOutsideTheFileIsRefused(long offset) throws IOException {
		byte[] content = random(99, 1);
		Mmap file = openReadWrite(content);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getIntVolatile(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putIntVolatile(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getAndAddInt(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getAndSetInt(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.compareAndSetInt(offset, 0, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getLongVolatile(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putLongVolatile(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getAndAddLong(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getAndSetLong(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.compareAndSetLong(offset, 0, 1));
		assertThat(file.size()).isEqualTo(99);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void writeOnlyFileTakesVolatileValues() throws IOException {
		Mmap file = open(write(new byte[16]), StandardOpenOption.WRITE);
		file.putIntVolatile(0, 1);
		file.putLongVolatile(8, 2);
		assertThat(content()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void additionsOfManyThreadsSumUp() throws Exception {
		Mmap file = openReadWrite(new byte[4096]);
		Race.onPlatformThreads().with(8, (thread) -> () -> {
			for (int i = 0; i < 20_000; i++) {
				file.getAndAddLong(8, thread + 1);
				file.getAndAddInt(4, -1);
			}
		}).run();
		assertThat(file.getLongVolatile(8)).isEqualTo(20_000L * 36);
		assertThat(file.getIntVolatile(4)).isEqualTo(-8 * 20_000);
		assertThat(file.getInt(0)).isZero();
		assertThat(file.getLong(16)).isZero();
	}

	@Test
	void additionsOfManyVirtualThreadsSumUpWhileTheFileGrows() throws Exception {
		Mmap file = openReadWrite(new byte[4096]);
		Race.onVirtualThreads().with(20, (thread) -> () -> {
			for (int i = 0; i < 2_000; i++) {
				file.getAndAddLong(8, 1);
			}
		}).runWith(() -> {
			for (int i = 1; i < 200; i++) {
				file.truncate(4096L * i);
			}
		});
		assertThat(file.getLongVolatile(8)).isEqualTo(40_000);
	}

	@Test
	void compareAndSetIsAtomicAmongMmapsOfOneFile() throws Exception {
		Mmap first = openReadWrite(new byte[64]);
		Mmap second = openReadWrite();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			Mmap file = (thread % 2 == 0) ? first : second;
			for (int i = 0; i < 5_000; i++) {
				long value = file.getLongVolatile(0);
				while (!file.compareAndSetLong(0, value, value + 1)) {
					value = file.getLongVolatile(0);
				}
				int small = file.getIntVolatile(8);
				while (!file.compareAndSetInt(8, small, small + 1)) {
					small = file.getIntVolatile(8);
				}
			}
		}).run();
		assertThat(first.getLong(0)).isEqualTo(20_000);
		assertThat(second.getInt(8)).isEqualTo(20_000);
	}

	@Test
	void volatileWritePublishesThePlainWritesBeforeIt() throws Exception {
		Mmap file = openReadWrite(new byte[8192]);
		int rounds = 20_000;
		Race.onPlatformThreads().with(() -> {
			for (int i = 1; i <= rounds; i++) {
				file.putLong(4096, i);
				file.putLongVolatile(0, i);
			}
		}).with(() -> {
			long published = 0;
			while (published < rounds) {
				published = file.getLongVolatile(0);
				assertThat(file.getLong(4096)).isGreaterThanOrEqualTo(published);
			}
		}).run();
	}

}
