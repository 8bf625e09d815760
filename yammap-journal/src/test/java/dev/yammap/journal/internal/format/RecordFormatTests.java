package dev.yammap.journal.internal.format;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records in arrays: what tells a whole one from any other bytes.
 */
class RecordFormatTests {

	private static final long SEGMENT = 0x123456789ABCDEFL;

	private static final long OFFSET = 4096 + 808;

	private static final long NUMBER = 4711;

	private final RecordCodec codec = new RecordCodec();

	private byte[] record(int length, long mark) {
		byte[] bytes = new byte[(int) RecordFormat.frameLength(length)];
		new Random(length).nextBytes(bytes);
		this.codec.seal(bytes, length, SEGMENT, OFFSET, NUMBER, mark);
		return bytes;
	}

	/** As readers look at it: what does not fit the array is not there. */
	private boolean isThere(byte[] bytes, int length) {
		return RecordFormat.isHeader(bytes, 0, SEGMENT, OFFSET) && RecordFormat.number(bytes, 0) == NUMBER
				&& RecordFormat.length(bytes, 0) <= bytes.length - RecordFormat.HEADER && this.codec.isWhole(bytes, 0)
				&& RecordFormat.length(bytes, 0) == length;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 8, 9, 64, 100 })
	void everyBitCounts(int length) {
		byte[] bytes = record(length, NUMBER - 5);
		assertThat(isThere(bytes, length)).isTrue();
		for (int bit = 0; bit < (RecordFormat.HEADER + length) * Byte.SIZE; bit++) {
			byte[] changed = bytes.clone();
			changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
			assertThat(isThere(changed, length)).as("bit " + bit).isFalse();
			assertThat(RecordFormat.isHeader(changed, 0, SEGMENT, OFFSET) && RecordFormat.number(changed, 0) == NUMBER
					&& RecordFormat.length(changed, 0) <= length && this.codec.isWhole(changed, 0))
				.as("bit " + bit)
				.isFalse();
		}
	}

	@Test
	void recordIsTiedToItsPlace() {
		byte[] bytes = record(64, 0);
		assertThat(RecordFormat.isHeader(bytes, 0, SEGMENT, OFFSET)).isTrue();
		for (int i = 0; i < Long.SIZE; i++) {
			assertThat(RecordFormat.isHeader(bytes, 0, SEGMENT ^ 1L << i, OFFSET)).isFalse();
		}
		for (long offset = 0; offset < 10_000; offset += 8) {
			assertThat(RecordFormat.isHeader(bytes, 0, SEGMENT, offset)).isEqualTo(offset == OFFSET);
		}
	}

	/** As {@code docs/journal-format.md} says; journals that exist have such tags. */
	@Test
	void tagIsThatOfTheFormat() {
		assertThat(RecordFormat.tag(SEGMENT, OFFSET, NUMBER, 64, 5)).isEqualTo(0xED2CADC5);
	}

	@Test
	void firstRecordOfAllIsOne() {
		byte[] bytes = new byte[RecordFormat.HEADER];
		this.codec.seal(bytes, 0, SEGMENT, OFFSET, 0, 0);
		assertThat(RecordFormat.isHeader(bytes, 0, SEGMENT, OFFSET)).isTrue();
	}

	@Test
	void zerosAndNegativeNumbersAreNoHeader() {
		assertThat(RecordFormat.isHeader(new byte[RecordFormat.HEADER], 0, SEGMENT, OFFSET)).isFalse();
		for (long[] field : new long[][] { { -1, NUMBER }, { 10, -1 } }) {
			byte[] bytes = new byte[RecordFormat.HEADER];
			int length = (int) field[0];
			RecordFormat.INT.set(bytes, RecordFormat.LENGTH, length);
			RecordFormat.LONG.set(bytes, RecordFormat.NUMBER, field[1]);
			RecordFormat.INT.set(bytes, RecordFormat.TAG, RecordFormat.tag(SEGMENT, OFFSET, field[1], length, 0));
			assertThat(RecordFormat.isHeader(bytes, 0, SEGMENT, OFFSET)).isFalse();
		}
	}

	@Test
	void markIsTheNumberThatWasNotDurable() {
		for (long mark : new long[] { 0, 1, NUMBER - 1, NUMBER }) {
			assertThat(RecordFormat.mark(record(3, mark), 0)).isEqualTo(mark);
		}
		// A record says nothing of one that comes later, or that is too far behind.
		assertThat(RecordFormat.mark(record(3, NUMBER + 1), 0)).isZero();
		byte[] bytes = new byte[32];
		this.codec.seal(bytes, 3, SEGMENT, OFFSET, 0xFFFF_FFFEL + 7, 7);
		assertThat(RecordFormat.mark(bytes, 0)).isEqualTo(7);
		this.codec.seal(bytes, 3, SEGMENT, OFFSET, 0xFFFF_FFFFL + 7, 7);
		assertThat(RecordFormat.mark(bytes, 0)).isZero();
	}

	@Test
	void framesEndAtMultiplesOfEight() {
		assertThat(Arrays.stream(new int[] { 0, 1, 7, 8, 9, Integer.MAX_VALUE }).mapToLong(RecordFormat::frameLength))
			.containsExactly(24L, 32L, 32L, 32L, 40L, Integer.MAX_VALUE + 25L);
	}

}
