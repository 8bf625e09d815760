package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Advice;
import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Tells the kernel how a mapping is used ({@code madvise(2)}). It remembers advice that
 * is kept, and gives it for later mappings, too.
 */
public final class Advisor {

	/** Stands for the end of the mapping. */
	static final long END = Long.MAX_VALUE;

	// <sys/mman.h>, asm-generic/mman-common.h

	static final int WILLNEED = 3;

	static final int DONTDUMP = 16;

	/** Since Linux 5.14, as the next one. */
	static final int POPULATE_READ = 22;

	static final int POPULATE_WRITE = 23;

	private final Libc libc;

	private final Pages pages;

	private final Path path;

	/** In the order in which it was given. Changed by one thread at a time. */
	private final List<Kept> kept = new ArrayList<>();

	Advisor(Libc libc, Pages pages, Path path) {
		this.libc = libc;
		this.pages = pages;
		this.path = path;
	}

	/**
	 * Gives advice for a range of a mapping, and remembers it if it is kept.
	 * @param to the end of the range, or {@link #END}
	 */
	void advise(CallState state, MemorySegment mapping, Advice advice, long from, long to) throws IOException {
		try {
			apply(state, mapping, advice, from, to);
		}
		catch (SystemCallException ex) {
			throw failure(advice, from, to, ex);
		}
		if (advice.isKept()) {
			Kept latest = new Kept(advice, from, to);
			this.kept.removeIf(latest::replaces);
			this.kept.add(latest);
		}
	}

	/** Repeats all kept advice for a new mapping. */
	void repeat(CallState state, MemorySegment mapping) {
		for (Kept earlier : this.kept) {
			try {
				apply(state, mapping, earlier.advice, earlier.from, earlier.to);
			}
			catch (SystemCallException ex) {
				// Then the file is only slower.
			}
		}
	}

	private void apply(CallState state, MemorySegment mapping, Advice advice, long from, long to)
			throws SystemCallException {
		long start = this.pages.floor(from);
		long end = Math.min(this.pages.ceil(to), mapping.byteSize());
		if (start < end) {
			this.libc.madvise(state, mapping.address() + start, end - start, code(advice));
		}
	}

	private IOException failure(Advice advice, long from, long to, SystemCallException ex) {
		String where = ", " + ((to == END) ? "all of it" : (to - from) + " bytes at offset " + from);
		String start = "Cannot advise " + advice + " for " + Printable.of(this.path);
		return switch (ex.errno()) {
			case Errno.EINVAL -> throw new UnsupportedOperationException(start + ": " + ex.getMessage()
					+ ". The kernel does not know this advice, or rejects it for such a file", ex);
			case Errno.EFAULT, Errno.EHWPOISON -> new MappedFaultException(
					start + where + ": the operating system could not provide a page (" + ex.getMessage() + ")", ex);
			default -> Errno.explain("advise " + advice + " for", this.path, where, ex);
		};
	}

	private static int code(Advice advice) {
		return switch (advice) {
			case NORMAL -> 0;
			case RANDOM -> 1;
			case SEQUENTIAL -> 2;
			case WILL_NEED -> WILLNEED;
			case DONT_NEED -> 4;
			case HUGE_PAGES -> 14;
			case NO_HUGE_PAGES -> 15;
			// Since Linux 5.4.
			case COLD -> 20;
			case PAGE_OUT -> 21;
			case POPULATE_READ -> POPULATE_READ;
			case POPULATE_WRITE -> POPULATE_WRITE;
			// Since Linux 6.1.
			case COLLAPSE -> 25;
		};
	}

	/** Advice that also holds for later mappings. */
	private record Kept(Advice advice, long from, long to) {

		/** Tells whether this advice replaces an earlier one entirely. */
		boolean replaces(Kept earlier) {
			return concernsHugePages(this.advice) == concernsHugePages(earlier.advice) && this.from <= earlier.from
					&& earlier.to <= this.to;
		}

		private static boolean concernsHugePages(Advice advice) {
			return advice == Advice.HUGE_PAGES || advice == Advice.NO_HUGE_PAGES;
		}

	}

}
