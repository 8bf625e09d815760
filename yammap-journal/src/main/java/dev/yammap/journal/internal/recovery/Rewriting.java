package dev.yammap.journal.internal.recovery;

import java.io.Closeable;
import java.io.IOException;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Zeros;
import dev.yammap.journal.internal.format.SlotFormat;

/**
 * Makes durable what is kept of a segment. A flush alone may do nothing: if an earlier
 * one failed, the kernel takes what it has in memory for written, and reports success. So
 * everything is written anew before the flush, as it is.
 * <p>
 * The pages are dropped from memory before that. Of a page that could not be written for
 * the first time ext4 also takes the block for used. So it writes such a page at each
 * flush, and the block still reads as zeros afterwards (Linux 6.18).
 */
final class Rewriting {

	/** Its multiples are where pages begin, whatever their size. */
	private static final int PIECE = 1 << 20;

	private Rewriting() {
	}

	/**
	 * Makes the slots and records of a segment durable.
	 * @param from where records begin that may not be durable
	 * @param to where the records end
	 */
	static void run(SegmentFile segment, long from, long to) throws IOException {
		Mmap file = segment.acquire();
		try (Closeable _ = segment::release) {
			// The kernel drops only what it takes for written.
			file.sync();
			write(file, SlotFormat.SECTOR, SegmentFile.DATA);
			write(file, from, to);
			file.sync();
		}
	}

	private static void write(Mmap file, long from, long to) throws IOException {
		byte[] bytes = new byte[Math.clamp(to - from, 0, PIECE)];
		for (long at = from; at < to; at += PIECE - at % PIECE) {
			int count = (int) Math.min(to - at, PIECE - at % PIECE);
			// Where somebody cut the file, zeros follow.
			int there = Math.max(0, file.readAt(bytes, 0, count, at));
			if (!Zeros.fill(bytes, 0, there)) {
				drop(file, at, there);
				file.writeAt(bytes, 0, there, at);
			}
		}
	}

	private static void drop(Mmap file, long offset, long length) {
		try {
			file.advise(Advice.PAGE_OUT, offset, length);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// The backend or the kernel cannot. Other file systems do without.
		}
	}

}
