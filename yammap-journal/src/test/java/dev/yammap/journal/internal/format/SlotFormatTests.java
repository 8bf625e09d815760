package dev.yammap.journal.internal.format;

import java.util.Arrays;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Slots and headers: of what is not whole, nothing is believed.
 */
class SlotFormatTests {

	private static final long OWNER = 42;

	private static final int INDEX = 512;

	private static byte[] pair(long firstTurn, long secondTurn) {
		byte[] bytes = new byte[INDEX + 2 * SlotFormat.SECTOR];
		put(bytes, INDEX, SlotFormat.encode(SlotKind.CONTROL, OWNER, firstTurn, firstTurn, 2, 3, 4, 5, 6));
		put(bytes, INDEX + SlotFormat.SECTOR, SlotFormat.encode(SlotKind.CONTROL, OWNER, secondTurn, secondTurn));
		return bytes;
	}

	private static void put(byte[] bytes, int index, byte[] slot) {
		System.arraycopy(slot, 0, bytes, index, slot.length);
	}

	private static long turn(byte[] bytes) {
		SlotState state = SlotFormat.decode(bytes, INDEX, SlotKind.CONTROL, OWNER);
		return (state != null) ? state.turn() : -1;
	}

	@Test
	void laterTurnCounts() {
		assertThat(turn(pair(7, 8))).isEqualTo(8);
		assertThat(turn(pair(9, 8))).isEqualTo(9);
		SlotState state = Objects.requireNonNull(SlotFormat.decode(pair(9, 8), INDEX, SlotKind.CONTROL, OWNER));
		assertThat(state.kind()).isEqualTo(SlotKind.CONTROL);
		assertThat(state.value(0)).isEqualTo(9);
		assertThat(state.value(5)).isEqualTo(6);
	}

	@Test
	void everyBitOfASlotCounts() {
		for (int bit = 0; bit < SlotFormat.SIZE * Byte.SIZE; bit++) {
			byte[] bytes = pair(9, 8);
			bytes[INDEX + bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
			assertThat(turn(bytes)).as("bit " + bit).isEqualTo(8);
		}
		byte[] second = pair(8, 9);
		second[INDEX + SlotFormat.SECTOR]++;
		assertThat(turn(second)).isEqualTo(8);
	}

	@Test
	void slotOfAnotherIsNone() {
		byte[] bytes = pair(1, 2);
		assertThat(SlotFormat.decode(bytes, INDEX, SlotKind.CLOSED, OWNER)).isNull();
		assertThat(SlotFormat.decode(bytes, INDEX, SlotKind.CONTROL, OWNER + 1)).isNull();
		assertThat(SlotFormat.decode(new byte[bytes.length], INDEX, SlotKind.CONTROL, 0)).isNull();
	}

	@Test
	void slotThatIsCutShortIsNone() {
		byte[] bytes = pair(1, 2);
		assertThat(turn(Arrays.copyOf(bytes, INDEX + SlotFormat.SECTOR + SlotFormat.SIZE))).isEqualTo(2);
		assertThat(turn(Arrays.copyOf(bytes, INDEX + SlotFormat.SECTOR + SlotFormat.SIZE - 1))).isEqualTo(1);
		assertThat(turn(Arrays.copyOf(bytes, INDEX))).isEqualTo(-1);
	}

	@Test
	void everyBitOfAHeaderCounts() {
		byte[] header = HeaderFormat.SEGMENT.encode(1, 2, 3, 4);
		assertThat(HeaderFormat.SEGMENT.isValid(header)).isTrue();
		assertThat(header).hasSize(44);
		for (int i = 0; i < 4; i++) {
			assertThat(HeaderFormat.SEGMENT.number(header, i)).isEqualTo(i + 1);
		}
		for (int bit = 0; bit < header.length * Byte.SIZE; bit++) {
			byte[] changed = header.clone();
			changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
			assertThat(HeaderFormat.SEGMENT.isValid(changed)).as("bit " + bit).isFalse();
		}
		assertThat(HeaderFormat.SEGMENT.isValid(Arrays.copyOf(header, header.length - 1))).isFalse();
		assertThat(HeaderFormat.CONTROL.isValid(HeaderFormat.READER.encode(1))).isFalse();
		assertThat(new String(header, 0, 8, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("YMJSEGM1");
	}

}
