package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Holes that are punched into a file. The portable backend cannot.
 */
class HoleTests extends AbstractMmapTests {

	private static final int SIZE = 1 << 20;

	@Test
	void holeReadsAsZerosAndTheRestStays() throws IOException {
		byte[] content = random(SIZE, 1);
		Mmap file = openReadWrite(content);
		if (isRefused(file)) {
			return;
		}
		MemorySegment view = file.segment();
		file.punchHole(10_001, 500_000);
		Arrays.fill(content, 10_001, 510_001, (byte) 0);
		assertThat(readAt(file, SIZE, 0)).isEqualTo(content);
		assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
		assertThat(content()).isEqualTo(content);
		assertThat(file.size()).isEqualTo(SIZE);
	}

	@Test
	void holeTakesNoBlocks() throws IOException {
		Mmap file = openReadWrite(random(SIZE, 1));
		if (isRefused(file)) {
			return;
		}
		file.sync();
		long before = blocks();
		file.punchHole(0, SIZE);
		assertThat(blocks()).isLessThan(before / 2);
		file.writeAt(random(SIZE, 2), 0);
		assertThat(content()).isEqualTo(random(SIZE, 2));
	}

	@Test
	void atomicUpdateFindsItsPageAfterAHoleTookIt() throws IOException {
		Mmap file = openReadWrite(random(SIZE, 1));
		if (isRefused(file)) {
			return;
		}
		file.atomics().getAndAddLong(4_096, 1);
		file.punchHole(0, SIZE);
		assertThat(file.atomics().getAndAddLong(4_096, 3)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 4_096)).isEqualTo(3);
	}

	@Test
	void holeOfNoLengthChangesNothing() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		if (this.backend == Backend.NATIVE) {
			file.punchHole(100, 0);
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void filesThatMayNotBeChangedAreNot() throws IOException {
		byte[] content = random(SIZE, 1);
		write(content);
		Mmap readOnly = open(path());
		Mmap append = openAppend();
		Mmap copy = openPrivate();
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> readOnly.punchHole(0, SIZE));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> append.punchHole(0, SIZE));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> copy.punchHole(0, SIZE))
			.withMessageContaining(path().toString())
			.withMessageContaining("private mapping");
		assertThat(readAt(copy, SIZE, 0)).isEqualTo(content);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void rangeMustBeWithinTheFile() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		for (long[] range : new long[][] { { -1, 1 }, { 0, 101 }, { 100, 1 }, { 0, -1 } }) {
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> file.punchHole(range[0], range[1]));
		}
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.punchHole(0, 1));
		assertThat(content()).isEqualTo(content);
	}

	private boolean isRefused(Mmap file) throws IOException {
		if (this.backend == Backend.NATIVE) {
			return false;
		}
		byte[] before = Files.readAllBytes(path());
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.punchHole(0, 1))
			.withMessageContaining(path().toString())
			.withMessageContaining("portable backend");
		assertThat(content()).isEqualTo(before);
		return true;
	}

}
