package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.MemorySegment;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * What a file system does when somebody writes to a page that was written back before. In
 * short: can a page that has its disk block, and could be written to once, always be
 * written to?
 */
public enum Storage {

	/** Yes: the page goes to the block that it has. */
	IN_PLACE,

	/**
	 * Yes: the page is never written back. (On such a file system, a mapping that is
	 * writable from the start makes the file as long as the mapping.)
	 */
	HUGE_PAGES,

	/** No: the page gets another block, which a full disk does not have. */
	COPY_ON_WRITE,

	/** Perhaps not: the page may get another block, or that is not known. */
	UNKNOWN;

	// <linux/magic.h>
	private static final long EXT = 0xEF53;

	private static final long XFS = 0x58465342;

	private static final long TMPFS = 0x01021994;

	private static final long RAMFS = 0x858458F6L;

	private static final long HUGETLBFS = 0x958458F6L;

	private static final long BTRFS = 0x9123683EL;

	private static final long NILFS = 0x3434;

	/** These are in the sources of bcachefs and of OpenZFS. */
	private static final long BCACHEFS = 0xCA451A4EL;

	private static final long ZFS = 0x2FC12FC1;

	/**
	 * {@code XFS_IOC_FSGEOMETRY_V1}: every kernel since Linux 2.6 knows it
	 * (fs/xfs/libxfs/xfs_fs.h).
	 */
	private static final long XFS_GEOMETRY = 0x8070_5864L;

	private static final long XFS_GEOMETRY_SIZE = 112;

	private static final int XFS_GEOMETRY_FLAGS = 92;

	/**
	 * {@code XFS_FSOP_GEOM_FLAGS_REFLINK}, as {@code mkfs.xfs} makes it by default:
	 * anybody may let another file share the blocks of this one at any time
	 * ({@code cp --reflink}). And {@code XFS_FSOP_GEOM_FLAGS_ZONED}.
	 */
	private static final int XFS_WRITES_ELSEWHERE = 1 << 20 | 1 << 27;

	/** Finds out what the file system of a file does. */
	public static Storage of(Libc libc, CallMemory memory, int fd, FileSystem system) {
		long type = system.type();
		if (type == XFS) {
			return ofXfs(libc, memory, fd);
		}
		if (type == HUGETLBFS) {
			return HUGE_PAGES;
		}
		if (type == EXT || type == TMPFS || type == RAMFS) {
			return IN_PLACE;
		}
		return (type == BTRFS || type == BCACHEFS || type == ZFS || type == NILFS) ? COPY_ON_WRITE : UNKNOWN;
	}

	private static Storage ofXfs(Libc libc, CallMemory memory, int fd) {
		try {
			MemorySegment geometry = memory.allocate(XFS_GEOMETRY_SIZE, Long.BYTES);
			libc.ioctl(memory, fd, XFS_GEOMETRY, geometry);
			return ((CallMemory.fields(geometry).getInt(XFS_GEOMETRY_FLAGS) & XFS_WRITES_ELSEWHERE) == 0) ? IN_PLACE
					: UNKNOWN;
		}
		catch (SystemCallException ex) {
			return UNKNOWN;
		}
	}

}
