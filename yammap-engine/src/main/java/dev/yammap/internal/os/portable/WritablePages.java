package dev.yammap.internal.os.portable;

/**
 * Whether an atomic update will find its page, as far as Java can know. Java cannot ask
 * about a page. But a file that was created and filled has a block for each of its pages,
 * and for a page of another file there is a block while the file system has space.
 * <p>
 * If a page may need another block after the operating system has written it back, the
 * answer holds only for the moment. Two cases remain: somebody fills the disk between the
 * answer and the update, or there is a quota.
 */
final class WritablePages {

	/** No system has smaller pages. */
	private static final long SMALLEST_PAGE = 4 << 10;

	private static final long NONE = -1;

	/** Whether what is written stays in memory. */
	private final boolean ofPrivate;

	private final FreeSpace space;

	private final Growth growth;

	/**
	 * The start of the page that was last found writable. It is a hint, so races are
	 * harmless.
	 */
	private volatile long last = NONE;

	WritablePages(boolean ofPrivate, FreeSpace space, Growth growth) {
		this.ofPrivate = ofPrivate;
		this.space = space;
		this.growth = growth;
	}

	/** Tells whether the page of an offset was the last one found writable. */
	boolean isKnown(long offset) {
		return pageOf(offset) == this.last;
	}

	/** Finds out whether the page of an offset can be written to. */
	boolean find(long offset) {
		if (!this.ofPrivate && !this.space.isWrittenInPlace()) {
			return !this.space.isDoubtful();
		}
		if (this.growth.mayHaveHoles() && this.space.isShort()) {
			return false;
		}
		this.last = pageOf(offset);
		return true;
	}

	/** Forgets the last page: the file was cut. */
	void forget() {
		this.last = NONE;
	}

	private static long pageOf(long offset) {
		return offset & -SMALLEST_PAGE;
	}

}
