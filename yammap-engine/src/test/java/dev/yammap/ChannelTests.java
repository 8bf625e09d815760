package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a channel does by itself; {@link ChannelModelTests} compares it with that of the
 * JDK.
 */
class ChannelTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	@Test
	void channelsAndCursorAreIndependent() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel first = file.channel();
		FileChannel second = file.channel();
		first.position(7);
		assertThat(text(second, 2)).isEqualTo("01");
		assertThat(text(first, 2)).isEqualTo("78");
		assertThat(file.offset()).isZero();
		assertThat(second.position()).isEqualTo(2);
		first.write(buffer("xyz"));
		assertThat(text(second.position(8), 10)).isEqualTo("8xyz");
		assertThat(file.size()).isEqualTo(12);
		second.close();
		assertThat(first.isOpen()).isTrue();
		assertThat(file.channel().position()).isZero();
	}

	@Test
	void positionBehindTheEndReadsNothingAndWritesAGap() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel().position(15);
		assertThat(channel.read(ByteBuffer.allocate(4))).isEqualTo(-1);
		assertThat(channel.read(new ByteBuffer[] { ByteBuffer.allocate(4) })).isEqualTo(-1);
		assertThat(channel.position()).isEqualTo(15);
		assertThat(file.size()).isEqualTo(10);
		assertThat(channel.write(buffer("ab"))).isEqualTo(2);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789\0\0\0\0\0ab");
		assertThat(channel.position()).isEqualTo(17);
	}

	@Test
	void positionAtTheEndOfAllNumbersIsRefusedByAWriteOnly() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel().position(Long.MAX_VALUE);
		assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.write(buffer("a")))
			.withMessageContaining(path().toString());
		assertThat(channel.write(buffer(""))).isZero();
		assertThat(channel.position()).isEqualTo(Long.MAX_VALUE);
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void positionalCallsUseAndMoveNoPosition() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel().position(3);
		ByteBuffer dst = ByteBuffer.allocateDirect(4);
		assertThat(channel.read(dst, 8)).isEqualTo(2);
		assertThat(dst.flip()).isEqualTo(buffer("89"));
		assertThat(channel.read(dst.clear(), 10)).isEqualTo(-1);
		assertThat(channel.read(dst, Long.MAX_VALUE)).isEqualTo(-1);
		assertThat(channel.read(dst.limit(0), 100)).isZero();
		assertThat(channel.write(buffer("ab"), 9)).isEqualTo(2);
		assertThat(channel.write(buffer("c"), 13)).isOne();
		assertThat(channel.write(buffer(""), 100)).isZero();
		assertThat(channel.position()).isEqualTo(3);
		assertThat(file.size()).isEqualTo(14);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("012345678ab\0\0c");
	}

	@Test
	void positionalCallsAreRefusedAsNioDoes() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		ByteBuffer one = ByteBuffer.allocate(1);
		assertThatNullPointerException().isThrownBy(() -> channel.read(null, 0));
		assertThatNullPointerException().isThrownBy(() -> channel.write((ByteBuffer) null, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.read(one, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.write(one, -1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.read(one.asReadOnlyBuffer(), 0));
		FileChannel reader = open(path()).channel();
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reader.write(one, 0));
		FileChannel writer = open(path(), StandardOpenOption.WRITE).channel();
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writer.read(one, 0));
		channel.close();
		assertThatIllegalArgumentException().isThrownBy(() -> channel.read(one, -1));
	}

	@Test
	void forceIsASyncWhateverOfTheMetadata() throws IOException {
		List<Duration> syncs = new ArrayList<>();
		write(CONTENT);
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).listener(new MmapListener() {

					@Override
					public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
						syncs.add(duration);
					}

				}));
		FileChannel channel = file.channel();
		channel.write(buffer("ab"));
		channel.force(false);
		channel.force(true);
		assertThat(syncs).hasSize(2);
		assertThat(file.isDirty()).isFalse();
		open(path()).channel().force(true);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> openPrivate().channel().force(false));
	}

	@Test
	void truncateOnlyShrinksAndPullsThePositionBack() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel other = file.channel().position(9);
		FileChannel channel = file.channel().position(20);
		assertThat(channel.truncate(30)).isSameAs(channel);
		assertThat(channel.position()).isEqualTo(20);
		assertThat(channel.truncate(15).position()).isEqualTo(15);
		assertThat(channel.size()).isEqualTo(10);
		assertThat(channel.truncate(4).position()).isEqualTo(4);
		assertThat(channel.position(1).truncate(2).position()).isOne();
		assertThat(file.size()).isEqualTo(2);
		assertThat(other.position()).isEqualTo(9);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01");
	}

	@Test
	void truncateOfAPrivateMappingIsRefused() throws IOException {
		write(CONTENT);
		FileChannel channel = openPrivate().channel().position(8);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.truncate(5));
		assertThat(channel.position()).isEqualTo(8);
		assertThat(channel.truncate(10).size()).isEqualTo(10);
		channel.write(buffer("ab"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.write(buffer("c")));
		assertThat(channel.position()).isEqualTo(10);
		assertThat(text(channel.position(7), 3)).isEqualTo("7ab");
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void appendingChannelWritesToTheEndAndReadsAtItsPosition() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		FileChannel channel = file.channel();
		assertThat(text(channel, 3)).isEqualTo("012");
		channel.write(buffer("ab"));
		assertThat(channel.position()).isEqualTo(12);
		assertThat(channel.position(1).write(new ByteBuffer[] { buffer("c"), buffer(""), buffer("de") })).isEqualTo(3);
		assertThat(channel.position()).isEqualTo(15);
		assertThat(channel.position(2).write(buffer(""))).isZero();
		assertThat(text(channel, 2)).isEqualTo("23");
		assertThat(file.offset()).isZero();
		assertThat(channel.transferFrom(new MemoryChannel(CONTENT), 1, 2)).isEqualTo(2);
		assertThat(channel.position()).isEqualTo(4);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> channel.write(buffer("f"), 0));
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789abcde01");
	}

	@Test
	void appendAloneIsAlwaysAtTheEnd() throws IOException {
		FileChannel channel = open(write(CONTENT), StandardOpenOption.APPEND).channel();
		assertThat(channel.position()).isEqualTo(10);
		assertThat(channel.position(3).position()).isEqualTo(10);
		writeFromOutside(CONTENT, 10);
		assertThat(channel.position()).isEqualTo(20);
		assertThatExceptionOfType(NonReadableChannelException.class)
			.isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
	}

	@Test
	void sizeAndReadsSeeWhatAnotherAppended() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel().position(10);
		writeFromOutside(CONTENT, 10);
		assertThat(channel.size()).isEqualTo(20);
		writeFromOutside(CONTENT, 20);
		assertThat(text(channel.position(20), 20)).isEqualTo("0123456789");
	}

	@Test
	void everyCallOfAClosedChannelSaysSo() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel().position(3);
		channel.close();
		channel.close();
		assertThat(channel.isOpen()).isFalse();
		assertThat(file.isOpen()).isTrue();
		assertClosed(channel);
		assertThat(text(file.channel(), 20)).isEqualTo("0123456789");
		assertThat(channel).hasToString("Mmap.channel[" + path() + ", at 3, closed]");
	}

	@Test
	void everyChannelEndsWithItsFile() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		FileChannel channel = file.channel();
		assertThat(channel).hasToString("Mmap.channel[" + path() + ", at 0]");
		file.close();
		assertThat(channel.isOpen()).isFalse();
		assertClosed(channel);
		channel.close();
		FileChannel late = file.channel();
		assertThat(late.isOpen()).isFalse();
		assertClosed(late);
	}

	/** Closed comes before every other complaint, as in NIO. */
	private static void assertClosed(FileChannel channel) {
		List<Io> calls = List.of(channel::position, () -> channel.position(-1), channel::size,
				() -> channel.truncate(-1), () -> channel.read(buffer("").asReadOnlyBuffer(), 0),
				() -> channel.write(buffer(""), 0), () -> {
					channel.force(false);
					return true;
				}, () -> channel.read(buffer("").asReadOnlyBuffer()), () -> channel.write(buffer("")),
				() -> channel.write(buffer("a")), () -> channel.read(new ByteBuffer[0]),
				() -> channel.write(new ByteBuffer[0]), () -> channel.read(new ByteBuffer[] { buffer("a") }, 0, 1),
				() -> channel.write(new ByteBuffer[] { buffer("a") }, 0, 1),
				() -> channel.transferTo(-1, 0, new MemoryChannel()),
				() -> channel.transferFrom(new MemoryChannel(), 0, -1));
		assertThat(calls)
			.allSatisfy((call) -> assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(call::run));
	}

	@Test
	void argumentsOutOfRangeAreRefused() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel().position(4);
		ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
		ByteBuffer fine = ByteBuffer.allocate(4);
		assertThatIllegalArgumentException().isThrownBy(() -> channel.position(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.truncate(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.read(readOnly));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.read(new ByteBuffer[] { fine, readOnly }));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferTo(-1, 1, new MemoryChannel()));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferTo(0, -1, new MemoryChannel()));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferFrom(new MemoryChannel(), -1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferFrom(new MemoryChannel(), 0, -1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> channel.read(new ByteBuffer[] { fine }, 1, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> channel.write(new ByteBuffer[] { fine }, 0, 2));
		assertThat(fine.position()).isZero();
		assertThat(channel.position()).isEqualTo(4);
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void failedWriteLeavesPositionBuffersAndFile() throws IOException {
		write(CONTENT);
		FileChannel channel = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(12))
			.channel()
			.position(8);
		ByteBuffer src = buffer("abcd").position(1).limit(3);
		ByteBuffer rest = buffer("efg");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.write(new ByteBuffer[] { src, rest }))
			.withMessageContaining("maxSize");
		assertThat(channel.position()).isEqualTo(8);
		assertThat(src.position()).isOne();
		assertThat(rest.position()).isZero();
		assertThat(content()).isEqualTo(CONTENT);
		assertThat(channel.write(new ByteBuffer[] { src, rest.limit(2) })).isEqualTo(4);
		assertThat(src.hasRemaining() || rest.hasRemaining()).isFalse();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234567bcef");
	}

	@Test
	void scatteringReadFillsOneBufferAfterTheOther() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		ByteBuffer first = ByteBuffer.allocate(3);
		ByteBuffer second = ByteBuffer.allocateDirect(4);
		assertThat(channel.read(new ByteBuffer[] { first, ByteBuffer.allocate(0), second })).isEqualTo(7);
		assertThat(first.flip()).isEqualTo(buffer("012"));
		assertThat(second.flip()).isEqualTo(buffer("3456"));
		assertThat(channel.read(new ByteBuffer[] { first.position(1), second.clear() })).isEqualTo(3);
		assertThat(first.flip()).isEqualTo(buffer("078"));
		assertThat(second.flip()).isEqualTo(buffer("9"));
		assertThat(channel.read(new ByteBuffer[] { first.clear(), second.clear() })).isEqualTo(-1);
		assertThat(channel.position(7).read(new ByteBuffer[] { first, second })).isEqualTo(3);
		assertThat(second.position()).isZero();
	}

	/** More than one system call takes. */
	@Test
	void manyBuffersAreWrittenInOnePieceAndReadAgain() throws IOException {
		FileChannel channel = openAppend().channel();
		ByteBuffer[] srcs = new ByteBuffer[3_000];
		Arrays.setAll(srcs, (i) -> ByteBuffer.wrap(random(i % 10, i)));
		int size = Arrays.stream(srcs).mapToInt(ByteBuffer::remaining).sum();
		assertThat(channel.write(srcs)).isEqualTo(size);
		assertThat(channel.write(srcs)).isZero();
		ByteBuffer[] dsts = new ByteBuffer[3_000];
		Arrays.setAll(dsts, (i) -> ByteBuffer.allocateDirect(i % 10));
		assertThat(channel.position(0).read(dsts)).isEqualTo(size);
		for (int i = 0; i < srcs.length; i++) {
			assertThat(dsts[i].flip()).isEqualTo(srcs[i].flip());
			assertThat(dsts[i].limit()).isEqualTo(i % 10);
		}
	}

	@Test
	void partOfTheBuffersIsWritten() throws IOException {
		FileChannel channel = openReadWrite().channel();
		ByteBuffer[] srcs = { buffer("a"), buffer("bc"), buffer("de"), buffer("f") };
		assertThat(channel.write(srcs, 1, 2)).isEqualTo(4);
		assertThat(channel.write(srcs, 3, 0)).isZero();
		assertThat(channel.write(srcs, 4, 0)).isZero();
		assertThat(srcs[0].position() + srcs[3].position()).isZero();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("bcde");
	}

	@Test
	void oneBufferTwiceIsWrittenTwice() throws IOException {
		FileChannel channel = openReadWrite().channel();
		ByteBuffer src = buffer("ab");
		assertThat(channel.write(new ByteBuffer[] { src, src })).isEqualTo(4);
		assertThat(src.position()).isEqualTo(2);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("abab");
	}

	@Test
	void faultLeavesPositionAndBuffersAndIsToldOnce() throws IOException {
		List<MappedFaultException> faults = new ArrayList<>();
		write(random(SOME_PAGES, 1));
		FileChannel channel = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).listener(new MmapListener() {

					@Override
					public void faulted(Mmap file, MappedFaultException fault) {
						faults.add(fault);
					}

				}))
			.channel()
			.position(90_000);
		shortenFromOutside(100_000);
		ByteBuffer first = ByteBuffer.allocate(1_000);
		ByteBuffer second = ByteBuffer.allocateDirect(50_000);
		List<Io> calls = List.of(() -> channel.read(second), () -> channel.read(new ByteBuffer[] { first, second }),
				() -> channel.write(second), () -> channel.write(new ByteBuffer[] { first, second }),
				() -> channel.transferTo(110_000, 10, new MemoryChannel()),
				() -> channel.transferFrom(new MemoryChannel(new byte[10]), 110_000, 10));
		for (Io call : calls) {
			faults.clear();
			MappedFaultException fault = catchThrowableOfType(MappedFaultException.class, call::run);
			assertThat(fault).isNotNull();
			assertThat(faults).containsExactly(fault);
			assertThat(first.position()).isZero();
			assertThat(second.position()).isZero();
			assertThat(channel.position()).isEqualTo(90_000);
		}
		assertThat(channel.read(first)).isEqualTo(1_000);
	}

	@Test
	void noLockIsHeldWhileAFaultIsTold() throws IOException {
		List<Long> sizes = new ArrayList<>();
		List<FileChannel> channels = new ArrayList<>();
		write(random(SOME_PAGES, 1));
		FileChannel channel = open(builder(path()).options(StandardOpenOption.READ).listener(new MmapListener() {

			@Override
			public void faulted(Mmap file, MappedFaultException fault) {
				runOnAnotherThread(() -> sizes.add(channels.getFirst().position(5).size()));
			}

		})).channel();
		channels.add(channel);
		shortenFromOutside(0);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(10)));
		assertThatExceptionOfType(MappedFaultException.class)
			.isThrownBy(() -> channel.read(new ByteBuffer[] { ByteBuffer.allocate(10) }));
		assertThat(sizes).hasSize(2);
		assertThat(channel.position()).isEqualTo(5);
	}

	@Test
	void writesOfASyncFileAreSyncedOnceEach() throws IOException {
		List<Duration> syncs = new ArrayList<>();
		FileChannel channel = open(
				builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.DSYNC)
					.listener(new MmapListener() {

						@Override
						public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
							syncs.add(duration);
						}

					}))
			.channel();
		channel.write(buffer("ab"));
		assertThat(syncs).hasSize(1);
		channel.write(new ByteBuffer[] { buffer("cd"), buffer("ef") });
		assertThat(syncs).hasSize(2);
		channel.transferFrom(new MemoryChannel(new byte[200_000]), 6, 200_000);
		assertThat(syncs).hasSize(3);
		channel.write(buffer(""));
		channel.transferFrom(new MemoryChannel(), 6, 10);
		channel.position(0);
		assertThat(syncs).hasSize(3);
	}

	private static void runOnAnotherThread(Race.Task task) {
		try {
			Race.onPlatformThreads().with(task).run();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ByteBuffer buffer(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String text(FileChannel channel, int length) throws IOException {
		ByteBuffer dst = ByteBuffer.allocate(length);
		channel.read(dst);
		return StandardCharsets.UTF_8.decode(dst.flip()).toString();
	}

	private interface Io {

		Object run() throws IOException;

	}

	@Test
	void complaintsComeInTheOrderOfNio() throws IOException {
		write(CONTENT);
		ByteBuffer readOnly = buffer("a").asReadOnlyBuffer();
		FileChannel reader = open(path()).channel();
		assertThatIllegalArgumentException().isThrownBy(() -> reader.truncate(-1));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reader.truncate(20));
		reader.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> reader.write(buffer("a")));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> reader.write(new ByteBuffer[] { buffer("a") }));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> reader.read(new ByteBuffer[] { readOnly }));
		FileChannel writer = open(path(), StandardOpenOption.WRITE).channel();
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writer.read(readOnly));
		assertThatExceptionOfType(NonReadableChannelException.class)
			.isThrownBy(() -> writer.read(new ByteBuffer[] { readOnly }));
		assertThatExceptionOfType(NonReadableChannelException.class)
			.isThrownBy(() -> writer.transferTo(0, 0, new MemoryChannel()));
	}

	@Test
	void negativeNumberIsNamed() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferTo(-1, 0, new MemoryChannel()))
			.withMessage("Negative position: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferTo(0, -1, new MemoryChannel()))
			.withMessage("Negative count: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferFrom(new MemoryChannel(), -1, 0))
			.withMessage("Negative position: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> channel.transferFrom(new MemoryChannel(), 0, -1))
			.withMessage("Negative count: -1");
	}

}
