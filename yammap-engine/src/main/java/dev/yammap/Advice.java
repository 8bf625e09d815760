package dev.yammap;

/**
 * What a program tells the kernel about its use of a file's pages. These are the values
 * of {@code madvise(2)} that are safe for file mappings: none of them changes the content
 * of the file. ({@code MADV_REMOVE} does; see {@link Mmap#punchHole(long, long)}.) Advice
 * affects only speed and memory. The kernel may ignore it.
 * <p>
 * Advice that is {@linkplain #isKept() kept} describes all future use: it also holds for
 * what the file grows by, and for every later mapping of it. Other advice concerns the
 * pages as they are now, and is done when the call returns.
 */
public enum Advice {

	/**
	 * No special use: the kernel reads ahead a little. The default; it also ends
	 * {@link #SEQUENTIAL} and {@link #RANDOM}. Kept. {@code MADV_NORMAL}, Linux 2.4.
	 */
	NORMAL(true),

	/**
	 * Read from front to back: the kernel reads far ahead, and may soon drop what was
	 * read. Kept. {@code MADV_SEQUENTIAL}, Linux 2.4.
	 */
	SEQUENTIAL(true),

	/**
	 * Read at random, as in a look-up table larger than memory: the kernel reads only the
	 * pages that are touched. Kept. {@code MADV_RANDOM}, Linux 2.4.
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
	 * Use small pages only. Kept. {@code MADV_NOHUGEPAGE}, Linux 2.6.38; not in kernels
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
	 * Refused for a writable {@link MapMode#PRIVATE} mapping, as its writes would be
	 * lost, and for a {@linkplain Mmap.Builder#lockInMemory(boolean) locked} file.
	 * {@code MADV_DONTNEED}, Linux 2.4.
	 */
	DONT_NEED(false),

	/**
	 * Not needed for a while: the kernel reclaims these pages first when memory gets
	 * scarce. Refused for a {@linkplain Mmap.Builder#lockInMemory(boolean) locked} file.
	 * {@code MADV_COLD}, Linux 5.4.
	 */
	COLD(false),

	/**
	 * Not needed: the kernel writes dirty pages back and drops all from the page cache at
	 * once, if no other process has mapped them, and this process owns the file or may
	 * write to it. Refused for a {@linkplain Mmap.Builder#lockInMemory(boolean) locked}
	 * file. {@code MADV_PAGEOUT}, Linux 5.4.
	 */
	PAGE_OUT(false),

	/**
	 * Read and map the pages now, so that later reads meet no page fault. The call
	 * returns when the pages are in memory. While it waits for a slow device, garbage
	 * collections go on; a read of a page that is not in memory would hold them up.
	 * {@code MADV_POPULATE_READ}, Linux 5.14.
	 */
	POPULATE_READ(false),

	/**
	 * Read the pages, allocate their disk blocks and map them for writing now, so that
	 * later writes meet no page fault. Counts as a write to each page, which the next
	 * sync writes back. Needs a file that was opened for writing.
	 * {@code MADV_POPULATE_WRITE}, Linux 5.14.
	 */
	POPULATE_WRITE(false),

	/**
	 * Collect the pages into large ones now. With {@link #HUGE_PAGES} the kernel chooses
	 * the moment. {@code MADV_COLLAPSE}, Linux 6.1; not in kernels built without
	 * transparent huge pages.
	 */
	COLLAPSE(false);

	private final boolean kept;

	Advice(boolean kept) {
		this.kept = kept;
	}

	/**
	 * Tells whether this advice holds from now on, even for what the file grows by, until
	 * other advice takes its place. Otherwise it concerns only the pages as they are now.
	 * @return whether this advice is kept
	 */
	public boolean isKept() {
		return this.kept;
	}

}
