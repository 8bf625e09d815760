package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.internal.os.linux.FaultyLibrary;
import dev.yammap.internal.os.linux.call.Libc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FileSystem}: what the kernel's answer says.
 */
@NullMarked
class FileSystemTests {

	private static final long UNLIMITED = Long.MAX_VALUE;

	private final Libc libc = new Libc((name) -> name.equals("fstatfs") ? this::tell : FileSystemTests::nothing);

	/** Type, block size, and blocks: all, free, and free for everybody. */
	private long[] answer = {};

	private long tell(MemorySegment state, long fd, long status, long c, long d, long e, long f, long g) {
		if (this.answer.length == 0) {
			state.set(ValueLayout.JAVA_INT, 0, FaultyLibrary.ENOSYS);
			return -1;
		}
		MemorySegment.copy(this.answer, 0, MemorySegment.ofAddress(status).reinterpret(120), ValueLayout.JAVA_LONG, 0,
				this.answer.length);
		return 0;
	}

	private static long nothing(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		return 0;
	}

	private FileSystem ask(long... told) {
		this.answer = told;
		return FileSystem.of(this.libc, 0);
	}

	@Test
	void spaceIsToldInBytes() {
		FileSystem system = ask(0xEF53, 4096, 100, 50, 40);
		assertThat(system).isEqualTo(new FileSystem(0xEF53, 4096, 50 * 4096, 40 * 4096));
	}

	@Test
	void fullFileSystemHasNothingFree() {
		assertThat(ask(0xEF53, 1024, 1, 0, 0)).isEqualTo(new FileSystem(0xEF53, 1024, 0, 0));
	}

	/** Some kernels take the number for a negative one. */
	@Test
	void numberOfTheFileSystemHas32Bits() {
		assertThat(ask(0xFFFF_FFFF_9123_683EL, 4096, 100, 50, 40).type()).isEqualTo(0x9123683EL);
	}

	/** Such as hugetlbfs without a limit: it tells the size of its pages all the same. */
	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void fileSystemWithoutANumberOfBlocksIsTakenForAnEmptyOne(long blocks) {
		assertThat(ask(0x958458F6L, 2 << 20, blocks, 0, 0))
			.isEqualTo(new FileSystem(0x958458F6L, 2 << 20, UNLIMITED, UNLIMITED));
	}

	@Test
	void fileSystemThatTellsNothingIsUnknownAndTakenForAnEmptyOne() {
		FileSystem system = ask();
		assertThat(system.type()).isZero();
		assertThat(system.free()).isEqualTo(UNLIMITED);
		assertThat(system.available()).isEqualTo(UNLIMITED);
	}

}
