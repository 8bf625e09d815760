package dev.yammap.internal.backend.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * How much room the file system of an open file has.
 *
 * @param blockSize the size of its blocks in bytes; on hugetlbfs, of its pages
 * @param free how many bytes it has left for anybody, or {@link Long#MAX_VALUE} if it
 * does not tell
 */
record FileSystem(long blockSize, long free) {

	// struct statfs of 64-bit processors, include/uapi/asm-generic/statfs.h: longs.

	private static final long SIZE = 120;

	private static final int BLOCK_SIZE = 8;

	private static final int BLOCKS = 16;

	private static final int FREE_BLOCKS = 24;

	private static final FileSystem UNKNOWN = new FileSystem(1, Long.MAX_VALUE);

	static FileSystem of(Libc libc, int fd) {
		try (Arena arena = libc.memory()) {
			MemorySegment status = arena.allocate(SIZE, Long.BYTES);
			libc.fstatfs(CallState.in(arena), fd, status);
			ByteBuffer numbers = Structs.of(status);
			long blockSize = numbers.getLong(BLOCK_SIZE);
			return new FileSystem(blockSize,
					(numbers.getLong(BLOCKS) > 0) ? numbers.getLong(FREE_BLOCKS) * blockSize : Long.MAX_VALUE);
		}
		catch (SystemCallException ex) {
			return UNKNOWN;
		}
	}

	/** Its blocks as pages. */
	Pages pages() {
		return new Pages(this.blockSize);
	}

}
