package dev.yammap.internal.os.linux.memory;

/**
 * Page arithmetic, all of it.
 *
 * @param size the page size in bytes, a power of two
 */
public record Pages(long size) {

	public Pages {
		if (Long.bitCount(size) != 1) {
			throw new IllegalArgumentException("Not a page size: " + size);
		}
	}

	/** The number of the page that holds the offset, from 0. */
	long number(long offset) {
		return offset >>> Long.numberOfTrailingZeros(this.size);
	}

	/** The start of the page that holds the offset. */
	long floor(long offset) {
		return offset & -this.size;
	}

	/**
	 * The offset, or the start of the next page if it is within one; the greatest page
	 * boundary there is where that would overflow.
	 */
	public long ceil(long offset) {
		return (offset > Long.MAX_VALUE - this.size) ? floor(Long.MAX_VALUE) : floor(offset + this.size - 1);
	}

}
