package dev.yammap.journal.internal.file;

import java.io.Closeable;
import java.io.IOException;

import dev.yammap.Advice;
import dev.yammap.Mmap;

/**
 * Makes durable what a file holds, although an earlier flush may have failed. Then a
 * flush alone may do nothing: the kernel takes what it has in memory for written, and
 * reports success. So everything is written anew before the flush, as it is.
 * <p>
 * The pages are dropped from memory before that. Of a page that could not be written for
 * the first time ext4 also takes the block for used. So it writes such a page at each
 * flush, and the block still reads as zeros afterwards (Linux 6.18).
 */
public final class Rewriting {

	/** Where pages begin, whatever their size: a page is dropped as a whole. */
	private static final int PAGE = 1 << 16;

	private static final int PIECE = 1 << 20;

	private Rewriting() {
	}

	/** Makes a part of a file durable, and what else is on its pages. */
	static void run(Mmap file, long from, long to) throws IOException {
		// The kernel drops only what it takes for written.
		file.sync();
		write(file, from, to);
		file.sync();
	}

	/**
	 * Makes the slots and records of a segment durable. Drops from memory what is behind,
	 * too, where records may go next: all of it is zeros.
	 * @param from where records begin that may not be durable
	 * @param to where the content of the segment ends
	 */
	public static void run(SegmentFile segment, long from, long to) throws IOException {
		Mmap file = segment.acquire();
		try (Closeable _ = segment::release) {
			file.sync();
			write(file, 0, SegmentFile.DATA);
			write(file, Math.max(from, PAGE), to);
			drop(file, Math.max(to, PAGE), segment.size());
			file.sync();
		}
	}

	/**
	 * Writes a part of a file anew, as {@link #run(Mmap, long, long)}. Flushes nothing.
	 */
	static void write(Mmap file, long from, long to) throws IOException {
		long begin = from & -PAGE;
		byte[] bytes = new byte[Math.clamp(ceil(to) - begin, 0, PIECE)];
		for (long at = begin; at < to; at += PIECE) {
			int there = readAndDrop(file, at, bytes, Math.min(PIECE, ceil(to) - at));
			if (there > 0) {
				file.writeAt(bytes, 0, there, at);
			}
		}
	}

	private static void drop(Mmap file, long from, long to) throws IOException {
		long begin = ceil(from);
		byte[] bytes = new byte[Math.clamp(to - begin, 0, PIECE)];
		for (long at = begin; at < to; at += PIECE) {
			int _ = readAndDrop(file, at, bytes, Math.min(PIECE, to - at));
		}
	}

	private static long ceil(long offset) {
		return (offset + PAGE - 1) & -PAGE;
	}

	/**
	 * Only pages are dropped that are mapped, which a read sees to.
	 * @return how many bytes there are: somebody may have cut the file
	 */
	private static int readAndDrop(Mmap file, long at, byte[] bytes, long count) throws IOException {
		int there = Math.max(0, file.readAt(bytes, 0, (int) count, at));
		try {
			if (there > 0) {
				file.advise(Advice.PAGE_OUT, at, there);
			}
		}
		catch (IOException | UnsupportedOperationException ex) {
			// The backend or the kernel cannot. Other file systems do without.
		}
		return there;
	}

}
