package dev.yammap.internal.os.linux.memory;

import dev.yammap.internal.os.MappingOptions;

/**
 * How much address space a mapping takes, so that its file can grow.
 *
 * @param pages the pages of the system
 * @param limit the longest mapping that {@link MappingOptions#reserve()} can ask for, in
 * bytes
 * @param usual how much is reserved unless the options say otherwise, in bytes
 */
public record Reservations(Pages pages, long limit, long usual) {

	/** Few files grow past this size. */
	private static final long MOST = 8L << 30;

	/**
	 * How many usual reservations fill the address space. They have 8 GiB each if
	 * addresses have 47 bits, and 32 MiB if they have 39, as with some AArch64 kernels.
	 */
	private static final int FILES = 1 << 14;

	/** One reservation may take one in so many parts of a limited address space. */
	private static final int SHARE_OF_LIMIT = 64;

	/**
	 * Returns the reservations that suit a process.
	 * @param addressSpace how much address space there is, in bytes
	 * @param limit how much of it the process may use ({@code ulimit -v}), in bytes, or
	 * {@link Long#MAX_VALUE}
	 */
	public static Reservations in(Pages pages, long addressSpace, long limit) {
		long room = Math.min(addressSpace, limit);
		return new Reservations(pages, pages.ceil((limit == Long.MAX_VALUE) ? limit : limit / SHARE_OF_LIMIT),
				Math.min(MOST, pages.ceil(room / FILES)));
	}

	/** Returns the same for files whose pages are of another size. */
	public Reservations of(Pages others) {
		return new Reservations(others, others.ceil(this.limit), others.ceil(this.usual));
	}

	/**
	 * Returns how long a mapping is to be. Each is twice as long as the one before,
	 * however little the options reserve. So their number is logarithmic in the size,
	 * whoever makes the file longer. A file that is only read may never grow, so its
	 * first mapping reserves nothing.
	 * @param needed how much the mapping must cover, in bytes
	 * @param current the length of the newest mapping in bytes, or 0 if there is none
	 */
	long wanted(MappingOptions options, boolean writable, long needed, long current) {
		if (options.isPrivate() || (current == 0 && !writable)) {
			return needed;
		}
		long wish = (options.reserve() == MappingOptions.DEFAULT_RESERVE) ? this.usual
				: Math.min(this.pages.ceil(options.reserve()), this.limit);
		wish = Math.max(wish, 2 * current);
		long most = this.pages.ceil(options.maxSize());
		// Others may make it longer than this Mmap would.
		return Math.max(needed, (needed > most) ? wish : Math.min(wish, most));
	}

	/**
	 * Returns the next length to try after one was refused. The last one is the needed
	 * length.
	 */
	long less(long refused, long needed) {
		return needed + this.pages.floor((refused - needed) / 8);
	}

}
