package dev.yammap.internal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Finds out by looking whether an append went where it was foreseen. The kernel appends
 * at the true end, which is elsewhere if another process has made the file longer or
 * shorter; to ask it for the place is a system call more for each append, a quarter of
 * its cost. If the last bytes that were written are found at the foreseen end, nobody
 * else was there. (Or somebody has just written the very same bytes; then no reader can
 * tell the two apart.) Zeros prove nothing: they are also what lies behind an end.
 * <p>
 * Belongs to the thread that may change the size.
 */
final class AppendedBytes {

	private static final int LENGTH = 64;

	private final byte[] written = new byte[LENGTH];

	private final byte[] found = new byte[LENGTH];

	/**
	 * Tells whether what was appended is known to end at a place.
	 * @param mapping the mapping of the file
	 * @param end the place, which the mapping may not cover
	 * @param source what was appended
	 * @param index where in {@code source} it began
	 * @param length how many bytes it was
	 */
	boolean isAt(MemorySegment mapping, long end, MemorySegment source, long index, long length) {
		if (end > mapping.byteSize()) {
			return false;
		}
		int count = (int) Math.min(length, LENGTH);
		MemorySegment.copy(source, ValueLayout.JAVA_BYTE, index + length - count, this.written, 0, count);
		try {
			MemorySegment.copy(mapping, ValueLayout.JAVA_BYTE, end - count, this.found, 0, count);
			FaultBarrier.await();
		}
		catch (InternalError error) {
			if (!FaultBarrier.isFault(error)) {
				throw error;
			}
			return false;
		}
		return Arrays.equals(this.written, 0, count, this.found, 0, count) && !isZero(count);
	}

	private boolean isZero(int count) {
		for (int i = 0; i < count; i++) {
			if (this.written[i] != 0) {
				return false;
			}
		}
		return true;
	}

}
