package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Atomic ints and longs.
 */
class AtomicsTests extends AbstractMmapTests {

	@Test
	void volatileValuesAreLittleEndian() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		file.atomics().setIntVolatile(4, 0x01020304);
		file.atomics().setLongVolatile(8, 0x0102030405060708L);
		assertThat(content()).startsWith(0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0);
		assertThat(file.atomics().getIntVolatile(4)).isEqualTo(0x01020304)
			.isEqualTo(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4));
		assertThat(file.atomics().getLongVolatile(8)).isEqualTo(0x0102030405060708L)
			.isEqualTo(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
	}

	@Test
	void getAndAddReturnsWhatWasThereAndWrapsAround() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		file.set(ValueLayout.JAVA_INT_UNALIGNED, 4, Integer.MAX_VALUE);
		assertThat(file.atomics().getAndAddInt(4, 2)).isEqualTo(Integer.MAX_VALUE);
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isEqualTo(Integer.MIN_VALUE + 1);
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 16, Long.MIN_VALUE);
		assertThat(file.atomics().getAndAddLong(16, -1)).isEqualTo(Long.MIN_VALUE);
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)).isEqualTo(Long.MAX_VALUE);
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 24)).isZero();
	}

	@Test
	void getAndSetReturnsWhatWasThere() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		assertThat(file.atomics().getAndSetInt(4, -5)).isZero();
		assertThat(file.atomics().getAndSetInt(4, 6)).isEqualTo(-5);
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isEqualTo(6);
		assertThat(file.atomics().getAndSetLong(8, -5)).isZero();
		assertThat(file.atomics().getAndSetLong(8, 6)).isEqualTo(-5);
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(6);
	}

	@Test
	void compareAndSetReplacesTheExpectedValueAlone() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		assertThat(file.atomics().compareAndSetInt(4, 1, 2)).isFalse();
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isZero();
		assertThat(file.atomics().compareAndSetInt(4, 0, 2)).isTrue();
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isEqualTo(2);
		assertThat(file.atomics().compareAndSetLong(8, 1, 2)).isFalse();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isZero();
		assertThat(file.atomics().compareAndSetLong(8, 0, 0x0102030405060708L)).isTrue();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(0x0102030405060708L);
	}

	@Test
	void compareAndExchangeReturnsWhatWasThere() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		assertThat(file.atomics().compareAndExchangeInt(4, 1, 2)).isZero();
		assertThat(file.atomics().compareAndExchangeInt(4, 0, -2)).isZero();
		assertThat(file.atomics().compareAndExchangeInt(4, -2, 3)).isEqualTo(-2);
		assertThat(file.atomics().getIntAcquire(4)).isEqualTo(3);
		assertThat(file.atomics().compareAndExchangeLong(8, 1, 2)).isZero();
		assertThat(file.atomics().compareAndExchangeLong(8, 0, -2)).isZero();
		assertThat(file.atomics().compareAndExchangeLong(8, -2, 3)).isEqualTo(-2);
		assertThat(file.atomics().getLongAcquire(8)).isEqualTo(3);
	}

	@Test
	void atomicsAreTheSameObjectAndEndWithTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[32]);
		MmapAtomics atomics = file.atomics();
		assertThat(file.atomics()).isSameAs(atomics);
		file.close();
		assertThat(file.atomics()).isSameAs(atomics);
		assertThatIllegalStateException().isThrownBy(() -> atomics.getAndAddLong(0, 1));
	}

	@Test
	void releaseWritesAreLittleEndian() throws IOException {
		Mmap file = openReadWrite(new byte[16]);
		file.atomics().setIntRelease(4, 0x01020304);
		file.atomics().setLongRelease(8, 0x0102030405060708L);
		assertThat(content()).containsExactly(0, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 5, 4097, 4098 })
	void unalignedIntIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(new byte[8192]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getIntVolatile(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().setIntVolatile(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getIntAcquire(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().setIntRelease(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().compareAndExchangeInt(offset, 0, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getAndAddInt(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getAndSetInt(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().compareAndSetInt(offset, 0, 1));
		assertThat(content()).isEqualTo(new byte[8192]);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 7, 12, 4100 })
	void unalignedLongIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(new byte[8192]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getLongVolatile(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().setLongVolatile(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getLongAcquire(offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().setLongRelease(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().compareAndExchangeLong(offset, 0, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getAndAddLong(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().getAndSetLong(offset, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.atomics().compareAndSetLong(offset, 0, 1));
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
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getIntVolatile(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().setIntVolatile(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getIntAcquire(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().setIntRelease(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().compareAndExchangeInt(offset, 0, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getAndAddInt(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getAndSetInt(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().compareAndSetInt(offset, 0, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getLongVolatile(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().setLongVolatile(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getLongAcquire(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().setLongRelease(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().compareAndExchangeLong(offset, 0, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getAndAddLong(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getAndSetLong(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().compareAndSetLong(offset, 0, 1));
		assertThat(file.size()).isEqualTo(99);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void writeOnlyFileTakesVolatileValues() throws IOException {
		Mmap file = open(write(new byte[16]), StandardOpenOption.WRITE);
		file.atomics().setIntVolatile(0, 1);
		file.atomics().setLongVolatile(8, 2);
		assertThat(content()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void additionsOfManyThreadsSumUp() throws Exception {
		Mmap file = openReadWrite(new byte[4096]);
		Race.onPlatformThreads().with(8, (thread) -> () -> {
			for (int i = 0; i < 20_000; i++) {
				file.atomics().getAndAddLong(8, thread + 1);
				file.atomics().getAndAddInt(4, -1);
			}
		}).run();
		assertThat(file.atomics().getLongVolatile(8)).isEqualTo(20_000L * 36);
		assertThat(file.atomics().getIntVolatile(4)).isEqualTo(-8 * 20_000);
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)).isZero();
	}

	@Test
	void additionsOfManyVirtualThreadsSumUpWhileTheFileGrows() throws Exception {
		Mmap file = openReadWrite(new byte[4096]);
		Race.onVirtualThreads().with(20, (thread) -> () -> {
			for (int i = 0; i < 2_000; i++) {
				file.atomics().getAndAddLong(8, 1);
			}
		}).runWith(() -> {
			for (int i = 1; i < 200; i++) {
				file.truncate(4096L * i);
			}
		});
		assertThat(file.atomics().getLongVolatile(8)).isEqualTo(40_000);
	}

	@Test
	void compareAndSetIsAtomicAmongMmapsOfOneFile() throws Exception {
		Mmap first = openReadWrite(new byte[64]);
		Mmap second = openReadWrite();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			Mmap file = (thread % 2 == 0) ? first : second;
			for (int i = 0; i < 5_000; i++) {
				long value = file.atomics().getLongVolatile(0);
				while (!file.atomics().compareAndSetLong(0, value, value + 1)) {
					value = file.atomics().getLongVolatile(0);
				}
				int small = file.atomics().getIntVolatile(8);
				while (!file.atomics().compareAndSetInt(8, small, small + 1)) {
					small = file.atomics().getIntVolatile(8);
				}
			}
		}).run();
		assertThat(first.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(20_000);
		assertThat(second.get(ValueLayout.JAVA_INT_UNALIGNED, 8)).isEqualTo(20_000);
	}

	@Test
	void volatileWritePublishesThePlainWritesBeforeIt() throws Exception {
		Mmap file = openReadWrite(new byte[8192]);
		int rounds = 20_000;
		Race.onPlatformThreads().with(() -> {
			for (int i = 1; i <= rounds; i++) {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 4096, i);
				file.atomics().setLongVolatile(0, i);
			}
		}).with(() -> {
			long published = 0;
			while (published < rounds) {
				published = file.atomics().getLongVolatile(0);
				assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 4096)).isGreaterThanOrEqualTo(published);
			}
		}).run();
	}

}
