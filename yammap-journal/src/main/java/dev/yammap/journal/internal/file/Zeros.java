package dev.yammap.journal.internal.file;

import java.util.Arrays;

/**
 * Finds out, many bytes at a time, what was never written to: most of a segment may be.
 */
public final class Zeros {

	private static final int LENGTH = 1 << 14;

	private static final byte[] ZEROS = new byte[LENGTH];

	private Zeros() {
	}

	/** Tells whether all bytes of a part of an array are 0. */
	public static boolean fill(byte[] bytes, int from, int to) {
		for (int at = from; at < to; at += LENGTH) {
			int end = Math.min(to, at + LENGTH);
			if (!Arrays.equals(bytes, at, end, ZEROS, 0, end - at)) {
				return false;
			}
		}
		return true;
	}

}
