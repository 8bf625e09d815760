package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Reads and writes of segments at an offset.
 */
class SegmentTransferTests extends AbstractMmapTests {

	/** One that {@link Mmap} copies in parts, and a bit. */
	private static final long IN_PARTS = (256L << 20) + 100;

	static Stream<MemorySegment> segments() {
		return Stream.of(MemorySegment.ofArray(new byte[24]), MemorySegment.ofArray(new short[12]),
				MemorySegment.ofArray(new char[12]), MemorySegment.ofArray(new int[6]),
				MemorySegment.ofArray(new long[3]), MemorySegment.ofArray(new float[6]),
				MemorySegment.ofArray(new double[3]), MemorySegment.ofArray(new long[5]).asSlice(9, 24),
				Arena.ofAuto().allocate(24), Arena.ofAuto().allocate(33).asSlice(3, 24));
	}

	@ParameterizedTest
	@MethodSource("segments")
	void segmentOfAnyKindIsFilled(MemorySegment dst) throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		assertThat(file.readAt(dst, 5)).isEqualTo(24);
		assertThat(dst.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(Arrays.copyOfRange(content, 5, 29));
		assertThat(file.readAt(dst, 90)).isEqualTo(10);
		assertThat(dst.toArray(ValueLayout.JAVA_BYTE))
			.isEqualTo(concat(Arrays.copyOfRange(content, 90, 100), Arrays.copyOfRange(content, 15, 29)));
		assertThat(file.readAt(dst, 100)).isEqualTo(-1);
	}

	@ParameterizedTest
	@MethodSource("segments")
	void segmentOfAnyKindIsWrittenWithinAndPastTheEnd(MemorySegment src) throws IOException {
		byte[] content = random(100, 1);
		byte[] written = random(24, 2);
		src.copyFrom(MemorySegment.ofArray(written));
		for (MemorySegment given : new MemorySegment[] { src, src.asReadOnly() }) {
			Mmap file = openReadWrite(content);
			assertThat(file.writeAt(given, 5)).isEqualTo(24);
			assertThat(file.writeAt(given, 90)).isEqualTo(24);
			assertThat(file.writeAt(given, 114)).isEqualTo(24);
			assertThat(content()).isEqualTo(
					concat(Arrays.copyOf(content, 5), written, Arrays.copyOfRange(content, 29, 90), written, written));
			file.close();
		}
	}

	@Test
	void numbersOfAnArrayComeBack() throws IOException {
		Mmap file = openReadWrite();
		double[] numbers = { 1, Double.NaN, -0.0, Math.E };
		file.writeAt(MemorySegment.ofArray(numbers), 3);
		double[] read = new double[4];
		assertThat(file.readAt(MemorySegment.ofArray(read), 3)).isEqualTo(32);
		assertThat(read).isEqualTo(numbers);
		assertThat(file.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 27)).isEqualTo(Math.E);
	}

	@Test
	void emptySegmentIsNothing() throws IOException {
		Mmap file = openReadWrite(new byte[10]);
		MemorySegment empty = MemorySegment.ofArray(new long[0]);
		assertThat(file.readAt(empty, 3)).isZero();
		assertThat(file.readAt(empty, 30)).isZero();
		assertThat(file.writeAt(empty, 3)).isZero();
		assertThat(file.writeAt(empty, 30)).isZero();
		assertThat(file.size()).isEqualTo(10);
	}

	@Test
	void readOnlySegmentIsNoTarget() throws IOException {
		Mmap file = openReadWrite(random(10, 1));
		MemorySegment dst = MemorySegment.ofArray(new byte[4]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(dst.asReadOnly(), 0))
			.withMessageContaining("read-only segment");
		assertThat(dst.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
	}

	@Test
	void negativeOffsetIsRefused() throws IOException {
		Mmap file = openReadWrite(new byte[10]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(MemorySegment.ofArray(new byte[4]), -1));
		assertThatIllegalArgumentException().isThrownBy(() -> file.writeAt(MemorySegment.ofArray(new byte[4]), -1));
	}

	@Test
	void closedSegmentThrowsAsItDoesAndTheFileStaysUsable() throws IOException {
		Mmap file = openReadWrite(new byte[10]);
		MemorySegment closed;
		try (Arena arena = Arena.ofShared()) {
			closed = arena.allocate(4);
		}
		assertThatIllegalStateException().isThrownBy(() -> file.readAt(closed, 0)).withMessage("Already closed");
		assertThatIllegalStateException().isThrownBy(() -> file.writeAt(closed, 0)).withMessage("Already closed");
		assertThatIllegalStateException().isThrownBy(() -> file.writeAt(closed, 10)).withMessage("Already closed");
		assertThat(file.writeAt(new byte[4], 10)).isEqualTo(4);
		assertThat(content()).isEqualTo(new byte[14]);
	}

	@Test
	void segmentOfAnotherThreadIsRefusedAndTheFileStaysUsable() throws Exception {
		Mmap file = openReadWrite(new byte[10]);
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment confined = arena.allocate(4);
			FutureTask<Boolean> task = new FutureTask<>(() -> {
				assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> file.readAt(confined, 0));
				assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> file.writeAt(confined, 0));
				assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> file.writeAt(confined, 10));
				return true;
			});
			Thread.ofPlatform().start(task);
			assertThat(task.get()).isTrue();
			assertThat(file.readAt(confined, 0)).isEqualTo(4);
		}
		assertThat(file.writeAt(new byte[4], 10)).isEqualTo(4);
		assertThat(content()).isEqualTo(new byte[14]);
	}

	@Test
	void segmentMayBeAViewOfTheFile() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		assertThat(file.writeAt(file.segment(), 100)).isEqualTo(100);
		assertThat(content()).isEqualTo(concat(content, content));
	}

	@Test
	void modesAreKeptTo() throws IOException {
		MemorySegment segment = MemorySegment.ofArray(new byte[4]);
		Mmap reader = open(write(new byte[10]));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reader.writeAt(segment, 0));
		Mmap writer = open(path(), StandardOpenOption.WRITE);
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writer.readAt(segment, 0));
		Mmap limited = open(builder(path()).options(StandardOpenOption.WRITE).maxSize(12));
		assertThatIOException().isThrownBy(() -> limited.writeAt(segment, 10)).withMessageContaining("12");
		assertThat(limited.size()).isEqualTo(10);
	}

	@Test
	void longSegmentIsCopiedInParts() throws IOException {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.preallocate(false));
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment longer = arena.allocate(IN_PARTS);
			longer.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
			longer.set(ValueLayout.JAVA_BYTE, IN_PARTS - 1, (byte) 2);
			assertThat(file.writeAt(longer, 50)).isEqualTo(IN_PARTS);
			assertThat(file.size()).isEqualTo(50 + IN_PARTS);
			assertThat(file.get(ValueLayout.JAVA_BYTE, 50)).isEqualTo((byte) 1);
			assertThat(file.get(ValueLayout.JAVA_BYTE, 49 + IN_PARTS)).isEqualTo((byte) 2);
			longer.set(ValueLayout.JAVA_BYTE, IN_PARTS - 1, (byte) 3);
			assertThat(file.readAt(longer, 51)).isEqualTo(IN_PARTS - 1);
			assertThat(longer.get(ValueLayout.JAVA_BYTE, IN_PARTS - 2)).isEqualTo((byte) 2);
			assertThat(longer.get(ValueLayout.JAVA_BYTE, IN_PARTS - 1)).isEqualTo((byte) 3);
			assertThat(file.readAt(longer, 50 + IN_PARTS)).isEqualTo(-1);
			assertThatIllegalArgumentException().isThrownBy(() -> file.writeAt(longer, -1));
			assertThatIOException().isThrownBy(() -> file.writeAt(longer, Long.MAX_VALUE - 10));
		}
		assertThat(file.size()).isEqualTo(50 + IN_PARTS);
	}

}
