package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.ProcessLimits;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * The mappings of one file. A file that can grow gets a mapping much longer than itself,
 * its reservation, so that growth is a change of the file's size alone; remapping would
 * cost 28 µs at the least and move the views. A file that outgrows its reservation gets a
 * second, longer mapping, coherent with the first, which stays. So the number of mappings
 * is logarithmic in the size.
 */
public final class AddressSpace {

	/**
	 * No process has more: on x86-64 five levels of page tables give 56 bits, and AArch64
	 * has fewer. So it makes no sense to wait for space for more.
	 */
	private static final long LARGEST = 1L << 56;

	/** A power of two. */
	private static final int REMEMBERED_PAGES = 64;

	private final Libc libc;

	private final Pages pages;

	private final Reservations reservations;

	/** Whether the file is on hugetlbfs. */
	private final boolean huge;

	private final Path path;

	private final int fd;

	private final boolean writable;

	private final MappingOptions options;

	/** Whether pages are populated or locked. */
	private final boolean prepares;

	/** Whether to remember pages that were made writable, as they stay so. */
	private final boolean keepsPages;

	private final Advisor advisor;

	private final Arena arena = Arena.ofShared();

	/** Every mapping there is, and the descriptor. */
	private final LinuxResources resources;

	/** The greatest size that was ever known: nothing behind it was accessed. */
	private long greatest;

	/** The newest mapping; changed by one thread at a time, read by all. */
	private volatile MemorySegment newest = MemorySegment.NULL;

	/**
	 * Pages that were made writable, each at the place that its number gives. It is a
	 * hint: one page may take the place of another. Made when it is first needed: most
	 * files have no atomic updates.
	 */
	private volatile @Nullable AtomicLongArray writablePages;

	public AddressSpace(Libc libc, Reservations reservations, Path path, int fd, boolean writable,
			MappingOptions options, Storage storage) {
		this.libc = libc;
		this.reservations = reservations;
		this.pages = reservations.pages();
		this.huge = storage == Storage.HUGE_PAGES;
		this.path = path;
		this.fd = fd;
		this.writable = writable;
		this.options = options;
		this.prepares = options.populate() || options.locked();
		this.keepsPages = storage == Storage.IN_PLACE || this.huge || options.isPrivate();
		this.advisor = new Advisor(libc, this.pages, path);
		this.resources = new LinuxResources(libc, path, fd);
	}

	public MemorySegment map(CallState state, long size) throws IOException {
		this.greatest = Math.max(this.greatest, size);
		MemorySegment current = this.newest;
		if (this.resources.size() > 0 && size <= current.byteSize()) {
			return current;
		}
		// Also an empty file has a mapping; a length of 0 is EINVAL, as mmap(2) says.
		long needed = Math.max(this.pages.ceil(size), this.pages.size());
		if (needed > LARGEST) {
			throw new IOException(
					"Cannot map " + Printable.of(this.path) + ": no address space holds " + size + " bytes");
		}
		requireRoom(needed);
		MemorySegment mapping = reserve(state,
				this.reservations.wanted(this.options, this.writable, needed, current.byteSize()), needed);
		this.newest = mapping;
		return mapping;
	}

	/**
	 * Refuses a mapping as the operating system would: if that refuses one, it is too
	 * late.
	 */
	private void requireRoom(long needed) throws IOException {
		while (!ProcessLimits.OF_THIS_PROCESS.allowMapping()) {
			if (!UnmapQuarantine.giveBack()) {
				throw refused(needed, new SystemCallException("mmap", Errno.ENOMEM.number(), "Cannot allocate memory"));
			}
		}
	}

	private IOException refused(long needed, SystemCallException failure) {
		return Errno.explain("map", this.path, ", " + needed + " bytes", failure);
	}

	/**
	 * Reserves the wanted length, or as much as is possible, but at least the needed
	 * length. For that it may wait until address space of closed files is given back.
	 */
	private MemorySegment reserve(CallState state, long wanted, long needed) throws IOException {
		for (long length = wanted;; length = this.reservations.less(length, needed)) {
			try {
				return reserve(state, length);
			}
			catch (SystemCallException ex) {
				if (length == needed && !(ex.errno() == Errno.ENOMEM && UnmapQuarantine.giveBack())) {
					throw refused(needed, ex);
				}
			}
		}
	}

	private MemorySegment reserve(CallState state, long length) throws SystemCallException {
		int protection = Libc.PROT_READ | (this.writable ? Libc.PROT_WRITE : 0);
		int sharing = this.options.isPrivate() ? Libc.MAP_PRIVATE : Libc.MAP_SHARED;
		LinuxResources.Range range = this.resources.next(length);
		// On hugetlbfs a mapping that is writable from the start makes the file as long.
		long address = this.libc.mmap(state, length, this.huge ? Libc.PROT_READ : protection,
				sharing | Libc.MAP_NORESERVE, this.fd);
		this.resources.add(range, address);
		MemorySegment mapping = MemorySegment.ofAddress(address).reinterpret(length, this.arena, null);
		if (this.huge) {
			this.libc.mprotect(state, address, length, protection);
		}
		this.advisor.repeat(state, mapping);
		try {
			// Without this a core dump walks the whole reservation: minutes for a
			// terabyte.
			this.libc.madvise(state, address, length, Advisor.DONTDUMP);
		}
		catch (SystemCallException ex) {
			// Then only a core dump is longer.
		}
		// A store into a page without PROT_WRITE would end the virtual machine.
		return this.writable ? mapping : mapping.asReadOnly();
	}

	/** Populates and locks the pages of a range, as the options say. */
	public void prepare(CallState state, long from, long to) throws IOException {
		if (!this.prepares) {
			return;
		}
		long start = this.pages.ceil(from);
		long end = this.pages.ceil(to);
		if (start >= end) {
			return;
		}
		try {
			if (this.options.locked()) {
				this.libc.mlock(state, this.newest.address() + start, end - start);
			}
			if (this.options.populate()) {
				populate(state, start, end - start);
			}
		}
		catch (SystemCallException ex) {
			throw Errno.explain(this.options.locked() ? "lock in memory" : "populate", this.path,
					", " + (end - start) + " bytes at offset " + start, ex);
		}
	}

	/**
	 * Does the same as MAP_POPULATE. Shared pages are made ready to be read, as writing
	 * would make all of them dirty for nothing. Private pages are made ready to be
	 * written. Before Linux 5.14 the pages are only read ahead.
	 */
	private void populate(CallState state, long offset, long length) throws SystemCallException {
		boolean copies = this.options.isPrivate() && this.writable;
		long address = this.newest.address() + offset;
		try {
			this.libc.madvise(state, address, length, copies ? Advisor.POPULATE_WRITE : Advisor.POPULATE_READ);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINVAL) {
				throw ex;
			}
			this.libc.madvise(state, address, length, Advisor.WILLNEED);
		}
	}

	/** Returns the address of the start of the file. */
	public long address() {
		return this.newest.address();
	}

	public MemorySegment.Scope scope() {
		return this.arena.scope();
	}

	public LinuxResources resources() {
		return this.resources;
	}

	/**
	 * Gives advice for the newest mapping, and for every later one if the advice is kept.
	 * @param to where the range ends, or {@link Advisor#END}
	 */
	public void advise(CallState state, Advice advice, long from, long to) throws IOException {
		if (advice == Advice.DONT_NEED || advice == Advice.COLD || advice == Advice.PAGE_OUT) {
			if (this.options.locked()) {
				throw refused(advice, "its pages are locked in memory. Open it without lockInMemory");
			}
			if (advice == Advice.DONT_NEED && this.options.isPrivate() && this.writable) {
				throw refused(advice, "what was written to a private mapping would be lost");
			}
		}
		this.advisor.advise(state, this.newest, advice, from, to);
	}

	private UnsupportedOperationException refused(Advice advice, String reason) {
		return new UnsupportedOperationException(
				"Cannot advise " + advice + " for " + Printable.of(this.path) + ": " + reason);
	}

	/** Makes the kernel write the pages of a range, and waits for it. */
	public void sync(CallState state, long offset, long length) throws SystemCallException {
		long start = this.pages.floor(offset);
		long end = this.pages.ceil(offset + length);
		this.libc.msync(state, this.newest.address() + start, end - start, Libc.MS_SYNC);
	}

	public boolean isKnownWritable(long offset) {
		AtomicLongArray remembered = this.writablePages;
		long number = this.pages.number(offset);
		return remembered != null && remembered.getOpaque(place(number)) == number + 1;
	}

	/**
	 * Returns the place of a page. 0 in a place means no page, so numbers are stored plus
	 * 1.
	 */
	private static int place(long number) {
		return (int) (number & (REMEMBERED_PAGES - 1));
	}

	/**
	 * Makes the kernel do what a store would do, in a call that can report a failure. If
	 * the page may need another block after the kernel has written it back, which it does
	 * at any time, the answer holds only for this moment.
	 */
	public boolean makeWritable(CallState state, long offset) {
		try {
			this.libc.touch(state, this.newest.address() + (offset & -Integer.BYTES));
		}
		catch (SystemCallException ex) {
			return false;
		}
		if (this.keepsPages) {
			remember(this.pages.number(offset));
		}
		return true;
	}

	/** Of two threads that begin to remember, one may forget its page. */
	private void remember(long number) {
		AtomicLongArray remembered = this.writablePages;
		if (remembered == null) {
			remembered = new AtomicLongArray(REMEMBERED_PAGES);
			this.writablePages = remembered;
		}
		remembered.setOpaque(place(number), number + 1);
	}

	/** Forgets all pages: the file was cut, or a sync has made them read-only again. */
	public void forgetPages() {
		AtomicLongArray remembered = this.writablePages;
		for (int i = 0; remembered != null && i < REMEMBERED_PAGES; i++) {
			remembered.setOpaque(i, 0);
		}
	}

	/**
	 * Ends every access, then unmaps. A few accesses may not have ended, so empty memory
	 * stays for them, see {@link UnmapQuarantine}. If there is no memory for that, it may
	 * be repeated.
	 */
	public void unmapAll() throws IOException {
		if (this.arena.scope().isAlive()) {
			this.arena.close();
		}
		if (this.writable && this.resources.size() > 0) {
			UnmapQuarantine.stopEveryThreadOnce();
		}
		this.resources.coverAll(this.pages.ceil(this.greatest), this.writable);
	}

}
