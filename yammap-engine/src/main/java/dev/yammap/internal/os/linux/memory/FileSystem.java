package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Of what type the file system of an open file is, and how much room it has.
 *
 * @param type its number in {@code <linux/magic.h>}, or 0 if it does not tell
 * @param blockSize the size of its blocks in bytes; on hugetlbfs, of its pages
 * @param free how many bytes it has left for root, or {@link Long#MAX_VALUE} if it does
 * not tell
 * @param available the same for everybody: ext4 keeps a twentieth for root
 */
public record FileSystem(long type, long blockSize, long free, long available) {

	// struct statfs of 64-bit processors, include/uapi/asm-generic/statfs.h: longs.

	private static final long SIZE = 120;

	private static final int TYPE = 0;

	private static final int BLOCK_SIZE = 8;

	private static final int BLOCKS = 16;

	private static final int FREE_BLOCKS = 24;

	private static final int AVAILABLE_BLOCKS = 32;

	private static final FileSystem UNKNOWN = new FileSystem(0, 1, Long.MAX_VALUE, Long.MAX_VALUE);

	public static FileSystem of(Libc libc, int fd) {
		try (CallMemory memory = libc.memory()) {
			MemorySegment status = memory.allocate(SIZE, Long.BYTES);
			libc.fstatfs(memory, fd, status);
			ByteBuffer numbers = CallMemory.fields(status);
			long type = numbers.getLong(TYPE) & 0xFFFF_FFFFL;
			long blockSize = numbers.getLong(BLOCK_SIZE);
			if (numbers.getLong(BLOCKS) <= 0) {
				return new FileSystem(type, blockSize, Long.MAX_VALUE, Long.MAX_VALUE);
			}
			return new FileSystem(type, blockSize, numbers.getLong(FREE_BLOCKS) * blockSize,
					numbers.getLong(AVAILABLE_BLOCKS) * blockSize);
		}
		catch (SystemCallException ex) {
			return UNKNOWN;
		}
	}

}
