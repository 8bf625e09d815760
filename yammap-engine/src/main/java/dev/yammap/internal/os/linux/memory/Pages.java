package dev.yammap.internal.os.linux.memory;

/**
 * All page arithmetic.
 *
 * @param size the page size in bytes, a power of two
 */
public record Pages(long size) {

	public Pages {
		if (Long.bitCount(size) != 1) {
			throw new IllegalArgumentException("Not a page size: " + size);
		}
	}

	/** Returns the number of the page that holds the offset, from 0. */
	long number(long offset) {
		return offset >>> Long.numberOfTrailingZeros(this.size);
	}

	/** Returns the start of the page that holds the offset. */
	long floor(long offset) {
		return offset & -this.size;
	}

	/**
	 * Returns the offset if it is the start of a page, or else the start of the next
	 * page. If that would overflow, returns the greatest page boundary.
	 */
	public long ceil(long offset) {
		return (offset > Long.MAX_VALUE - this.size) ? floor(Long.MAX_VALUE) : floor(offset + this.size - 1);
	}

}
