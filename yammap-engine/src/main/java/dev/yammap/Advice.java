package dev.yammap;

/**
 * What a program tells the kernel about its use of a file's pages: the part of
 * {@code madvise(2)} that is safe for file mappings, as none of it changes what the file
 * holds. ({@code MADV_REMOVE}, which does, is {@link Mmap#punchHole(long, long)}.) Advice
 * concerns speed and memory alone; the kernel may do less than it is told.
 * <p>
 * Advice that is {@linkplain #isKept() kept} describes all use to come: it also holds for
 * what the file grows by, and for every later mapping of it. The other concerns the pages
 * as they are now, and is done when the call returns.
 */
public enum Advice {

	/**
	 * No special use: the kernel reads ahead somewhat. The default, and the end of
	 * {@link #SEQUENTIAL} and {@link #RANDOM}. Kept. {@code MADV_NORMAL}, Linux 2.4.
	 */
	NORMAL(true),

	/**
	 * Read from front to back: the kernel reads far ahead, and may drop soon what was
	 * read. Kept. {@code MADV_SEQUENTIAL}, Linux 2.4.
	 */
	SEQUENTIAL(true),

	/**
	 * Read here and there, as a look-up table larger than memory: the kernel reads the
	 * pages that are touched and no others. Kept. {@code MADV_RANDOM}, Linux 2.4.
	 */
	RANDOM(true),

	/**
	 * Use large pages for the mapping where the file system has them in the page cache
	 * (tmpfs; others with {@code CONFIG_READ_ONLY_THP_FOR_FS}, for files nobody writes
	 * to). Kept. {@code MADV_HUGEPAGE}, Linux 2.6.38; not in kernels built without
	 * transparent huge pages.
	 */
	HUGE_PAGES(true),

	/**
	 * Use small pages alone. Kept. {@code MADV_NOHUGEPAGE}, Linux 2.6.38; not in kernels
	 * built without transparent huge pages.
	 */
	NO_HUGE_PAGES(true),

	/**
	 * Needed soon: the kernel begins to read the pages in, and does not wait for them.
	 * {@code MADV_WILLNEED}, Linux 2.4.
	 */
	WILL_NEED(false),

	/**
	 * Not needed by this process for now: the pages leave its resident set. They stay in
	 * the page cache, with what was written to them, and the next touch maps them again.
	 * Refused for a {@link MapMode#PRIVATE} mapping that is writable, as what was written
	 * there would be lost, and for a {@linkplain Mmap.Builder#lockInMemory(boolean)
	 * locked} file. {@code MADV_DONTNEED}, Linux 2.4.
	 */
	DONT_NEED(false),

	/**
	 * Not needed for a while: the first to go when memory gets scarce. Refused for a
	 * {@linkplain Mmap.Builder#lockInMemory(boolean) locked} file. {@code MADV_COLD},
	 * Linux 5.4.
	 */
	COLD(false),

	/**
	 * Not needed: written back if they were written to, and out of the page cache at
	 * once, as far as no other process has mapped them and this one owns the file or may
	 * write to it. Refused for a {@linkplain Mmap.Builder#lockInMemory(boolean) locked}
	 * file. {@code MADV_PAGEOUT}, Linux 5.4.
	 */
	PAGE_OUT(false),

	/**
	 * Read in and mapped now: no page fault when they are read later. Returns when they
	 * are there. While this call waits for a slow device, garbage collections go on; a
	 * read of a page that is not there would hold them until it comes. {@code
	 * MADV_POPULATE_READ}, Linux 5.14.
	 */
	POPULATE_READ(false),

	/**
	 * Read in, given disk blocks and mapped to be written now: no page fault when they
	 * are written later. Counts as a write to each page, which the next sync writes back.
	 * Needs a file that was opened for writing. {@code MADV_POPULATE_WRITE}, Linux 5.14.
	 */
	POPULATE_WRITE(false),

	/**
	 * Collect the pages into large ones now, which {@link #HUGE_PAGES} leaves to a moment
	 * that suits the kernel. {@code MADV_COLLAPSE}, Linux 6.1; not in kernels built
	 * without transparent huge pages.
	 */
	COLLAPSE(false);

	private final boolean kept;

	Advice(boolean kept) {
		this.kept = kept;
	}

	/**
	 * Tells whether this advice holds from now on, also for what the file grows by, until
	 * other advice takes its place; and not just for the pages as they are now.
	 * @return whether this advice is kept
	 */
	public boolean isKept() {
		return this.kept;
	}

}
