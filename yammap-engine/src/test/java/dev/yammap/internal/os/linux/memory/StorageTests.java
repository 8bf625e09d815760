package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Libc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Storage}: what each file system does with a block that is written
 * again.
 */
@NullMarked
class StorageTests {

	private static final int ENOTTY = 25;

	private static final long XFS = 0x58465342;

	/** {@code XFS_IOC_FSGEOMETRY}, and where its answer has the flags. */
	private static final long GEOMETRY = 0x8070_5864L;

	private static final int FLAGS = 92;

	/** The number of a descriptor, which nothing is done with. */
	private static final int FD = 7;

	private final Libc libc = new Libc((name) -> name.equals("syscall") ? this::tellGeometry : StorageTests::nothing);

	private int flags;

	private boolean mute;

	private long tellGeometry(MemorySegment state, long number, long fd, long request, long answer, long e, long f,
			long g) {
		if (this.mute || number != Libc.SYS_IOCTL || fd != FD || request != GEOMETRY) {
			state.set(ValueLayout.JAVA_INT, 0, ENOTTY);
			return -1;
		}
		MemorySegment.ofAddress(answer).reinterpret(112).set(ValueLayout.JAVA_INT, FLAGS, this.flags);
		return 0;
	}

	private static long nothing(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		return 0;
	}

	private Storage storage(long type) {
		try (CallMemory memory = this.libc.memory()) {
			return Storage.of(this.libc, memory, FD, new FileSystem(type, 4096, 0, 0));
		}
	}

	/** The numbers are those of {@code <linux/magic.h>} and of the file systems. */
	@ParameterizedTest
	@CsvSource({ "0xEF53, IN_PLACE", "0x01021994, IN_PLACE", "0x858458F6, IN_PLACE", "0x958458F6, HUGE_PAGES",
			"0x9123683E, COPY_ON_WRITE", "0x3434, COPY_ON_WRITE", "0xCA451A4E, COPY_ON_WRITE",
			"0x2FC12FC1, COPY_ON_WRITE", "0x794C7630, UNKNOWN", "0, UNKNOWN" })
	void fileSystemIsKnownByItsNumber(long type, Storage storage) {
		this.mute = true;
		assertThat(storage(type)).isEqualTo(storage);
	}

	/**
	 * With shared blocks, or files that are replaced as a whole, XFS writes elsewhere.
	 */
	@ParameterizedTest
	@CsvSource({ "0, IN_PLACE", "0x7FFFF, IN_PLACE", "0x100000, UNKNOWN", "0x8000000, UNKNOWN", "0x8100000, UNKNOWN" })
	void xfsTellsWhetherItWritesInPlace(int flags, Storage storage) {
		this.flags = flags;
		assertThat(storage(XFS)).isEqualTo(storage);
	}

	@Test
	void xfsThatTellsNothingMayWriteElsewhere() {
		this.mute = true;
		assertThat(storage(XFS)).isEqualTo(Storage.UNKNOWN);
	}

}
