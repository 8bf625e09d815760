package dev.yammap;

/**
 * Atomic access to the ints and longs of an {@link Mmap}: counters, flags, sequence
 * numbers and locks that several threads, or several processes, share through a file.
 * {@link Mmap#atomics()} returns it; it holds nothing of its own.
 *
 * <h2>What all calls have in common</h2>
 * <ul>
 * <li>Each is atomic among all threads and processes that map the file, through this type
 * or through a {@link java.lang.invoke.VarHandle} of a view.</li>
 * <li>Values are <b>little-endian</b> on every platform: {@code getLongVolatile} reads
 * what {@code get(JAVA_LONG.withOrder(LITTLE_ENDIAN), offset)} reads.</li>
 * <li>{@code offset} counts bytes from the start of the file, and is a multiple of 4 for
 * an int, of 8 for a long. The file never grows.</li>
 * <li>Names and memory effects are those of {@code VarHandle}. {@code Volatile} calls and
 * all updates are ordered among each other, and nothing passes them. A thread that reads
 * a value with {@code Acquire} sees everything that was written before the {@code
 * Release} that stored it.</li>
 * <li>Nothing here is durable before {@link Mmap#sync()}, not even in a file opened with
 * {@code SYNC}. A power cut may keep a later value and lose an earlier one.</li>
 * <li>Any thread may call at any time, without a lock. {@link Mmap#truncate} to a smaller
 * size and {@link Mmap#punchHole} hold up updates for a moment.</li>
 * </ul>
 *
 * <h2>What they throw</h2> Each call is a memory call of {@link Mmap} and throws
 * <ul>
 * <li>{@link IndexOutOfBoundsException} if the value is not within
 * {@code [0, size())};</li>
 * <li>{@link IllegalArgumentException} if {@code offset} is not a multiple of the value's
 * size;</li>
 * <li>{@link IllegalStateException} if the file is closed. If it was closed during the
 * call, a write or an update may have been made;</li>
 * <li>{@link java.nio.channels.NonReadableChannelException} from a read or an update if
 * the file was not opened with {@code READ};</li>
 * <li>{@link java.nio.channels.NonWritableChannelException} from a write or an update if
 * it was not opened with {@code WRITE}, or was opened with {@code APPEND};</li>
 * <li>{@link java.io.UncheckedIOException} around a {@link MappedFaultException} if the
 * page is unavailable; the value is then unchanged, unless a store had already reached
 * it.</li>
 * </ul>
 *
 * <h2>What remains</h2> An update needs its page at that very instant. The engine reads
 * the page before each update. It makes the page ready to be written before the first
 * one, and again after a sync; where the file system copies on write, before each. If
 * another process truncates the file, or its device fails, between that and the update,
 * the virtual machine may end or the update be lost: HotSpot cannot report a fault there.
 * The same happens if the disk is full and another process has punched a hole there since
 * the page was made ready, however long ago that was. Keep other processes from
 * shortening files with counters and from punching holes into them, for example by a
 * {@linkplain LockMode lock}.
 */
public interface MmapAtomics {

	/**
	 * Reads an int with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @return the value
	 */
	int getIntVolatile(long offset);

	/**
	 * Reads an int with acquire effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @return the value
	 */
	int getIntAcquire(long offset);

	/**
	 * Writes an int with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param value the value
	 */
	void setIntVolatile(long offset, int value);

	/**
	 * Writes an int with release effects, which is cheaper than a volatile write.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param value the value
	 */
	void setIntRelease(long offset, int value);

	/**
	 * Adds to an int, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param delta what to add; the sum wraps around
	 * @return the value before
	 */
	int getAndAddInt(long offset, int delta);

	/**
	 * Replaces an int, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param value the new value
	 * @return the value before
	 */
	int getAndSetInt(long offset, int value);

	/**
	 * Replaces an int if it has the expected value, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param expected the value it must have
	 * @param value the new value
	 * @return whether it was replaced; never {@code false} if it had the expected value
	 */
	boolean compareAndSetInt(long offset, int expected, int value);

	/**
	 * Replaces an int if it has the expected value, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 4
	 * @param expected the value it must have
	 * @param value the new value
	 * @return the value before: the expected one if, and only if, it was replaced
	 */
	int compareAndExchangeInt(long offset, int expected, int value);

	/**
	 * Reads a long with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @return the value
	 */
	long getLongVolatile(long offset);

	/**
	 * Reads a long with acquire effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @return the value
	 */
	long getLongAcquire(long offset);

	/**
	 * Writes a long with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param value the value
	 */
	void setLongVolatile(long offset, long value);

	/**
	 * Writes a long with release effects, which is cheaper than a volatile write.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param value the value
	 */
	void setLongRelease(long offset, long value);

	/**
	 * Adds to a long, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param delta what to add; the sum wraps around
	 * @return the value before
	 */
	long getAndAddLong(long offset, long delta);

	/**
	 * Replaces a long, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param value the new value
	 * @return the value before
	 */
	long getAndSetLong(long offset, long value);

	/**
	 * Replaces a long if it has the expected value, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param expected the value it must have
	 * @param value the new value
	 * @return whether it was replaced; never {@code false} if it had the expected value
	 */
	boolean compareAndSetLong(long offset, long expected, long value);

	/**
	 * Replaces a long if it has the expected value, with volatile effects.
	 * @param offset where in the file, in bytes, a multiple of 8
	 * @param expected the value it must have
	 * @param value the new value
	 * @return the value before: the expected one if, and only if, it was replaced
	 */
	long compareAndExchangeLong(long offset, long expected, long value);

}
