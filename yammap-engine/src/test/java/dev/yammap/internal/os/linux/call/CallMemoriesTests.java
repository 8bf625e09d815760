package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link CallMemories}.
 */
@NullMarked
class CallMemoriesTests {

	private final FaultyLibrary library = new FaultyLibrary();

	private final CallMemories memories = new Libc(this.library::link).memories();

	private final List<CallMemory> taken = new ArrayList<>();

	@BeforeEach
	void forgetCalls() {
		this.library.calls();
	}

	@AfterEach
	void closeAll() {
		this.library.mend();
		this.taken.forEach(CallMemory::close);
	}

	private CallMemory take() {
		CallMemory memory = this.memories.take();
		this.taken.add(memory);
		return memory;
	}

	private void takeAll() {
		for (int i = 0; i < CallMemories.MOST; i++) {
			take();
		}
		this.library.calls();
	}

	@Test
	void memoryIsTakenAgainOnceItIsFree() {
		CallMemory first = this.memories.take();
		CallMemory second = take();
		assertThat(second).isNotSameAs(first);
		first.close();
		assertThat(take()).isSameAs(first);
	}

	@Test
	void whatIsAllocatedIsZeroedAndApart() {
		CallMemory memory = take();
		memory.transfer().fill((byte) 1);
		MemorySegment first = memory.allocate(100, 8).fill((byte) 2);
		MemorySegment second = memory.allocate(100, 8);
		assertThat(second.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
		assertThat(first.toArray(ValueLayout.JAVA_BYTE)).containsOnly(2);
		assertThat(memory.transfer().toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
		assertThat(memory.segment().asOverlappingSlice(first)).isEmpty();
	}

	@Test
	void whatDoesNotFitIsMappedAndUnmapped() {
		CallMemory memory = this.memories.take();
		for (int i = 0; i < 3; i++) {
			assertThat(memory.allocate(50_000, 8).fill((byte) 1).byteSize()).isEqualTo(50_000);
		}
		assertThat(this.library.calls()).containsExactly("mmap", "mmap");
		memory.close();
		assertThat(this.library.calls()).containsExactly("munmap", "munmap");
		assertThat(take()).isSameAs(memory);
		assertThat(memory.allocate(50_000, 8).get(ValueLayout.JAVA_BYTE, 0)).isZero();
		assertThat(this.library.calls()).isEmpty();
	}

	@Test
	void whatIsAllocatedIsAligned() {
		CallMemory memory = take();
		MemorySegment before = memory.segment();
		for (int alignment : new int[] { 1, 8, 2, 8, 1, 1, 4, 8 }) {
			MemorySegment allocated = memory.allocate(3, alignment);
			assertThat(allocated.address() % alignment).isZero();
			assertThat(allocated.address()).isGreaterThanOrEqualTo(before.address() + before.byteSize());
			before = allocated;
		}
	}

	/** The state of the call is in front. */
	@Test
	void whatFitsIsNotMapped() {
		take().allocate(CallMemory.SIZE - Long.BYTES, Long.BYTES).fill((byte) 1);
		assertThat(this.library.calls()).isEmpty();
		take().allocate(CallMemory.SIZE - Long.BYTES + 1, Long.BYTES).fill((byte) 1);
		assertThat(this.library.calls()).containsExactly("mmap");
	}

	@Test
	void callOfAsManyBytesAsAreReadyMapsNothing() {
		TransferBuffer buffer = new TransferBuffer(this.memories);
		buffer.whole(TransferBuffer.SIZE);
		buffer.release();
		assertThat(this.library.calls()).isEmpty();
		buffer.whole(TransferBuffer.SIZE + 1L);
		buffer.release();
		assertThat(this.library.calls()).containsExactly("mmap", "munmap");
	}

	@Test
	void callThatFindsNoneFreeMapsItsOwn() {
		takeAll();
		try (CallMemory memory = this.memories.take()) {
			memory.transfer().fill((byte) 1);
			assertThat(this.library.calls()).containsExactly("mmap");
		}
		assertThat(this.library.calls()).containsExactly("munmap");
	}

	@Test
	void callOfManyBytesMapsItsOwn() {
		int length = 1_000_000;
		TransferBuffer buffer = new TransferBuffer(this.memories);
		assertThat(buffer.whole(length).fill((byte) 1).byteSize()).isGreaterThanOrEqualTo(length);
		buffer.release();
		assertThat(this.library.calls()).containsExactly("mmap", "munmap");
	}

	@Test
	void memoryOfOneCallIsNotTakenAgain() {
		takeAll();
		TransferBuffer buffer = new TransferBuffer(this.memories);
		buffer.whole(1).fill((byte) 1);
		buffer.release();
		buffer.whole(1).fill((byte) 1);
		buffer.release();
		buffer.release();
		assertThat(this.library.calls()).containsExactly("mmap", "munmap", "mmap", "munmap");
	}

	@Test
	void callThatGetsNoMemorySaysWhy() {
		takeAll();
		this.library.fail("mmap", FaultyLibrary.ENOMEM);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.memories::take)
			.withMessageContaining("Cannot allocate memory");
	}

}
