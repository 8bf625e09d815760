package dev.yammap.journal.internal.file;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No byte that is not zero is overlooked, and none outside of the part that is asked for
 * counts.
 */
class ZerosTests {

	private static final int STEP = 1 << 14;

	@Test
	void everyByteOfThePartCountsAndNoOther() {
		byte[] bytes = new byte[2 * STEP + 20];
		int from = 5;
		int to = bytes.length - 5;
		assertThat(Zeros.fill(bytes, from, to)).isTrue();
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) 0x80;
			assertThat(Zeros.fill(bytes, from, to)).as("byte " + i).isEqualTo(i < from || i >= to);
			bytes[i] = 0;
		}
	}

	@Test
	void partsThatEndWithAStepAreLookedAtToTheirEnd() {
		for (int to : new int[] { 1, STEP - 1, STEP, STEP + 1, 2 * STEP }) {
			byte[] bytes = new byte[to];
			assertThat(Zeros.fill(bytes, 0, to)).isTrue();
			bytes[to - 1] = 1;
			assertThat(Zeros.fill(bytes, 0, to)).isFalse();
			assertThat(Zeros.fill(bytes, 0, to - 1)).isTrue();
		}
		assertThat(Zeros.fill(new byte[] { 1 }, 0, 0)).isTrue();
		assertThat(Zeros.fill(new byte[] { 1 }, 1, 1)).isTrue();
	}

}
