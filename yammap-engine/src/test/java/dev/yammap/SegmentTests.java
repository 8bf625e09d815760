package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Views of a file.
 */
class SegmentTests extends AbstractMmapTests {

	@Test
	void viewOfAnEmptyFileIsReadOnlyAndEndsAsAnyOther() throws IOException {
		write(new byte[0]);
		Mmap file = open(path());
		MemorySegment view = file.segment();
		assertThat(view.byteSize()).isZero();
		assertThat(view.isReadOnly()).isTrue();
		file.close();
		assertThat(view.scope().isAlive()).isFalse();
	}

	@Test
	void viewHoldsTheWholeFile() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		MemorySegment view = openReadWrite(content).segment();
		assertThat(view.byteSize()).isEqualTo(SOME_PAGES);
		assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
	}

	@Test
	void writesToAViewAreWritesToTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		MemorySegment view = file.segment();
		assertThat(view.isReadOnly()).isFalse();
		byte[] src = random(10_000, 2);
		MemorySegment.copy(src, 0, view, ValueLayout.JAVA_BYTE, 5_000, src.length);
		assertThat(readAt(file, 10_000, 5_000)).isEqualTo(src);
		assertThat(readAt(open(path()), 10_000, 5_000)).isEqualTo(src);
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 7);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
	}

	@Test
	void viewOfARangeBeginsAtItsOffset() throws IOException {
		byte[] content = random(10_000, 1);
		Mmap file = openReadWrite(content);
		MemorySegment view = file.segment(4_097, 100);
		assertThat(view.byteSize()).isEqualTo(100);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo(content[4_097]);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo(content[4_196]);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 100));
		view.set(ValueLayout.JAVA_BYTE, 5, (byte) ~content[4_102]);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 4_102)).isEqualTo((byte) ~content[4_102]);
		assertThat(file.segment(0, 10_000).byteSize()).isEqualTo(10_000);
		assertThat(file.segment(10_000, 0).byteSize()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1", "0, -1", "0, 101", "100, 1", "101, 0", "99, 2", "9223372036854775807, 1",
			"1, 9223372036854775807", "9223372036854775807, 9223372036854775807", "-9223372036854775808, 1" })
	void rangeOutsideTheFileIsRefused(long offset, long length) throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.segment(offset, length));
	}

	@Test
	void rangeFollowsTheSize() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		file.truncate(200);
		assertThat(file.segment(100, 100).byteSize()).isEqualTo(100);
		file.truncate(50);
		assertThat(file.segment().byteSize()).isEqualTo(50);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.segment(0, 51));
	}

	@Test
	void viewKeepsItsSizeAndItsAddressWhenTheFileGrows() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		MemorySegment view = file.segment();
		file.truncate(SOME_PAGES);
		file.writeAt(new byte[] { 42 }, 5);
		assertThat(view.byteSize()).isEqualTo(100);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 42);
		MemorySegment later = file.segment();
		assertThat(later.byteSize()).isEqualTo(SOME_PAGES);
		assertThat(later.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 42);
		if (this.backend == Backend.NATIVE) {
			assertThat(later.address()).isEqualTo(view.address());
			assertThat(file.segment(64, 1).address()).isEqualTo(view.address() + 64);
		}
	}

	@Test
	void viewIsReadOnlyWhereTheFileIs() throws IOException {
		write(new byte[100]);
		assertThat(open(path()).segment().isReadOnly()).isTrue();
		assertThat(open(path()).segment(1, 2).isReadOnly()).isTrue();
		assertThat(openReadWrite().segment().isReadOnly()).isFalse();
		assertThat(openReadWrite().segment(1, 2).isReadOnly()).isFalse();
		assertThat(openPrivate().segment().isReadOnly()).isFalse();
		assertThat(open(path(), StandardOpenOption.READ, StandardOpenOption.APPEND).segment().isReadOnly()).isTrue();
	}

	@Test
	void viewBelongsToEveryThread() throws Exception {
		byte[] content = random(SOME_PAGES, 1);
		MemorySegment view = openReadWrite(content).segment();
		Race.onPlatformThreads()
			.with(2, (thread) -> () -> assertThat(view.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content))
			.run();
	}

	@Test
	void everyViewEndsWithTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		MemorySegment first = file.segment();
		file.truncate(SOME_PAGES);
		MemorySegment second = file.segment(50, 1_000);
		MemorySegment slice = second.asSlice(10, 10).asReadOnly();
		file.close();
		for (MemorySegment view : new MemorySegment[] { first, second, slice }) {
			assertThat(view.scope().isAlive()).isFalse();
			assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
			assertThatIllegalStateException().isThrownBy(() -> view.toArray(ValueLayout.JAVA_BYTE));
		}
	}

	@Test
	void viewOfAnotherMmapOutlivesThisOne() throws IOException {
		Mmap file = openReadWrite(filled(100, 5));
		MemorySegment view = openReadWrite().segment();
		file.close();
		assertThat(view.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 5);
	}

}
