package dev.yammap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Transfers between a channel and others.
 */
class ChannelTransferTests extends AbstractMmapTests {

	private static final byte[] CONTENT = random(SOME_PAGES, 7);

	@Test
	void transferToIsAsLongAsAskedForOrAsTheFile() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel().position(9);
		MemoryChannel target = new MemoryChannel();
		assertThat(channel.transferTo(100, 150_000, target)).isEqualTo(150_000);
		assertThat(target.bytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 100, 150_100));
		assertThat(channel.transferTo(SOME_PAGES - 5, Long.MAX_VALUE, target)).isEqualTo(5);
		assertThat(channel.transferTo(SOME_PAGES, 10, target)).isZero();
		assertThat(channel.transferTo(Long.MAX_VALUE, Long.MAX_VALUE, target)).isZero();
		assertThat(channel.transferTo(0, 0, target)).isZero();
		assertThat(target.bytes()).hasSize(150_005);
		assertThat(channel.position()).isEqualTo(9);
	}

	@Test
	void transferEndsWhereTheOtherEndTakesOrGivesNoMore() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThat(file.channel().transferTo(0, 150_000, new MemoryChannel().withMost(100))).isEqualTo(100);
		byte[] bytes = random(1_000, 8);
		assertThat(file.channel().transferFrom(new MemoryChannel(bytes).withMost(100), 0, 5_000)).isEqualTo(1_000);
		assertThat(readAt(file, 1_000, 0)).isEqualTo(bytes);
		assertThat(file.channel().transferFrom(new MemoryChannel(), 0, 5_000)).isZero();
	}

	@Test
	void transferFromGrowsTheFileBehindAGap() throws IOException {
		Mmap file = openReadWrite(new byte[10]);
		FileChannel channel = file.channel().position(3);
		assertThat(channel.transferFrom(new MemoryChannel(CONTENT), 100, Long.MAX_VALUE)).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(concat(new byte[100], CONTENT));
		assertThat(channel.position()).isEqualTo(3);
	}

	@Test
	void fileChannelsTransferToAndFrom() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		Path other = this.directory.resolve("other.dat");
		try (FileChannel target = FileChannel.open(other, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			assertThat(channel.transferTo(0, SOME_PAGES, target)).isEqualTo(SOME_PAGES);
			assertThat(Files.readAllBytes(other)).isEqualTo(CONTENT);
			assertThat(target.transferTo(0, 1_000, channel)).isEqualTo(1_000);
			assertThat(channel.position()).isEqualTo(1_000);
			assertThat(target.transferFrom(channel, 0, 500)).isEqualTo(500);
			assertThat(channel.position()).isEqualTo(1_500);
			assertThat(channel.transferFrom(target.position(0), SOME_PAGES, 2_000)).isEqualTo(2_000);
		}
		assertThat(content()).isEqualTo(
				concat(CONTENT, Arrays.copyOfRange(CONTENT, 1_000, 1_500), Arrays.copyOfRange(CONTENT, 500, 2_000)));
	}

	@Test
	void channelsOfOneFileTransferToEachOther() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThat(file.channel().transferTo(0, SOME_PAGES, file.channel().position(SOME_PAGES))).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(concat(CONTENT, CONTENT));
	}

	@Test
	void failureOfTheOtherEndIsToldIfNothingWasTransferred() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		IOException failure = new IOException("of the other end");
		MemoryChannel target = new MemoryChannel().failingAfter(2, failure);
		assertThat(channel.transferTo(0, SOME_PAGES, target)).isEqualTo(2 * 64 * 1024);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.transferTo(0, SOME_PAGES, target))
			.isSameAs(failure);
		MemoryChannel source = new MemoryChannel(random(200_000, 9)).failingAfter(1, failure);
		assertThat(channel.transferFrom(source, 0, 200_000)).isEqualTo(64 * 1024);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.transferFrom(source, 0, 200_000))
			.isSameAs(failure);
	}

	@Test
	void faultAfterTheFirstChunkIsToldByTheNextCall() throws IOException {
		List<MappedFaultException> faults = new ArrayList<>();
		write(CONTENT);
		FileChannel channel = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).listener(new MmapListener() {

					@Override
					public void faulted(Mmap file, MappedFaultException fault) {
						faults.add(fault);
					}

				}))
			.channel();
		shortenFromOutside(100_000);
		long transferred = channel.transferTo(0, SOME_PAGES, new MemoryChannel());
		assertThat(transferred).isEqualTo(64 * 1024);
		assertThat(channel.transferFrom(new MemoryChannel(CONTENT), 0, SOME_PAGES)).isEqualTo(64 * 1024);
		assertThat(faults).isEmpty();
		assertThatExceptionOfType(MappedFaultException.class)
			.isThrownBy(() -> channel.transferTo(transferred, SOME_PAGES, new MemoryChannel()));
		assertThat(faults).hasSize(1);
	}

	@Test
	void otherEndMustBeOpenBeforeAnythingElseIsLookedAt() throws IOException {
		write(CONTENT);
		FileChannel readable = open(path(), StandardOpenOption.READ).channel();
		FileChannel writable = open(path(), StandardOpenOption.WRITE).channel();
		MemoryChannel closed = new MemoryChannel(CONTENT);
		closed.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> writable.transferTo(-1, 1, closed));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> readable.transferFrom(closed, -1, 1));
	}

	@Test
	void transferOfNothingIsRefusedByAnEndThatTakesOrGivesNothing() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		Path path = Files.createFile(this.directory.resolve("other"));
		try (FileChannel readable = FileChannel.open(path, StandardOpenOption.READ);
				FileChannel writable = FileChannel.open(path, StandardOpenOption.WRITE)) {
			FileChannel readableMmap = open(path(), StandardOpenOption.READ).channel();
			FileChannel writableMmap = open(path(), StandardOpenOption.WRITE).channel();
			for (long position : new long[] { 0, SOME_PAGES }) {
				assertThatExceptionOfType(NonWritableChannelException.class)
					.isThrownBy(() -> channel.transferTo(position, 0, readable));
				assertThatExceptionOfType(NonWritableChannelException.class)
					.isThrownBy(() -> channel.transferTo(position, 0, readableMmap));
				assertThatExceptionOfType(NonReadableChannelException.class)
					.isThrownBy(() -> channel.transferFrom(writable, position, 0));
				assertThatExceptionOfType(NonReadableChannelException.class)
					.isThrownBy(() -> channel.transferFrom(writableMmap, position, 0));
			}
			assertThatExceptionOfType(NonWritableChannelException.class)
				.isThrownBy(() -> channel.transferTo(SOME_PAGES, 10, readable));
			assertThat(channel.transferTo(0, 0, writable)).isZero();
			assertThat(channel.transferFrom(readable, 0, 0)).isZero();
		}
	}

	@Test
	void nothingIsReadFromASourceForAFileThatCannotBeWritten() throws IOException {
		write(CONTENT);
		MemoryChannel source = new MemoryChannel(CONTENT);
		FileChannel readable = open(path(), StandardOpenOption.READ).channel();
		FileChannel appending = open(path(), StandardOpenOption.APPEND).channel();
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> readable.transferFrom(source, 0, 10));
		assertThatExceptionOfType(NonReadableChannelException.class)
			.isThrownBy(() -> appending.transferTo(0, 10, source));
		assertThat(source.read(ByteBuffer.allocate(SOME_PAGES))).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void transferToAFileThatIsAppendedToGoesToItsEnd() throws IOException {
		write(CONTENT);
		FileChannel appending = open(path(), StandardOpenOption.APPEND).channel();
		byte[] bytes = random(150_000, 2);
		assertThat(appending.transferFrom(new MemoryChannel(bytes), 7, 200_000)).isEqualTo(150_000);
		writeFromOutside(new byte[] { 1 }, SOME_PAGES + 150_000);
		assertThat(appending.transferFrom(new MemoryChannel(bytes), 0, 10)).isEqualTo(10);
		assertThat(openReadWrite().channel().transferTo(0, 5, appending)).isEqualTo(5);
		assertThat(content())
			.isEqualTo(concat(CONTENT, bytes, new byte[] { 1 }, Arrays.copyOf(bytes, 10), Arrays.copyOf(CONTENT, 5)));
	}

	/** A stream of the JDK transfers by {@code transferTo} and {@code transferFrom}. */
	@Test
	void streamsOfChannelsTransferToEachOther() throws IOException {
		write(CONTENT);
		Mmap file = openReadWrite();
		Path other = this.directory.resolve("other.dat");
		Mmap target = open(other, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
		assertThat(Channels.newInputStream(file.channel().position(100))
			.transferTo(Channels.newOutputStream(target.channel()))).isEqualTo(SOME_PAGES - 100);
		assertThat(new ByteArrayInputStream(CONTENT).transferTo(Channels.newOutputStream(target.channel())))
			.isEqualTo(SOME_PAGES);
		assertThat(Files.readAllBytes(other)).isEqualTo(concat(Arrays.copyOfRange(CONTENT, 100, SOME_PAGES), CONTENT));
		InputStream stream = Channels.newInputStream(file.channel());
		assertThat(stream.available()).isEqualTo(SOME_PAGES);
		assertThat(stream.skip(5)).isEqualTo(5);
		assertThat(stream.readNBytes(10)).isEqualTo(Arrays.copyOfRange(CONTENT, 5, 15));
		assertThat(stream.skip(-10)).isEqualTo(-10);
		assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 5, SOME_PAGES));
	}

	@Test
	void transferToASocketThatIsCongestedEnds() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		try (ServerSocketChannel server = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SocketChannel sink = SocketChannel.open(server.getLocalAddress());
				SocketChannel source = server.accept()) {
			sink.configureBlocking(false);
			long sent = 0;
			for (long count = 1; count > 0; sent += count) {
				count = channel.transferTo(0, SOME_PAGES, sink);
			}
			assertThat(sent).isPositive();
			source.configureBlocking(false);
			Mmap target = open(this.directory.resolve("received"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
			assertThat(target.channel().transferFrom(source, 0, 1_000)).isEqualTo(1_000);
		}
	}

	@Test
	void rangesOfOneFileThatOverlapAreTransferredFromTheirStart() throws IOException {
		FileChannel channel = openReadWrite(random(400_000, 5)).channel();
		byte[] before = content();
		channel.position(100_000);
		assertThat(channel.transferTo(200_000, 200_000, channel)).isEqualTo(200_000);
		assertThat(channel.position()).isEqualTo(300_000);
		assertThat(content()).isEqualTo(concat(Arrays.copyOf(before, 100_000),
				Arrays.copyOfRange(before, 200_000, 400_000), Arrays.copyOfRange(before, 300_000, 400_000)));
		assertThat(channel.position(300_000).transferFrom(channel, 0, 200_000)).isEqualTo(100_000);
		assertThat(content()).startsWith(Arrays.copyOfRange(before, 300_000, 400_000));
	}

	@Test
	void closingTheChannelDuringATransferEndsIt() throws IOException {
		FileChannel channel = openReadWrite(CONTENT).channel();
		MemoryChannel target = new MemoryChannel() {

			@Override
			public int write(ByteBuffer src) throws IOException {
				channel.close();
				return super.write(src);
			}

		};
		assertThat(channel.transferTo(0, SOME_PAGES, target)).isEqualTo(64 * 1024);
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> channel.transferTo(0, SOME_PAGES, target));
	}

	@Test
	void closingTheChannelDuringATransferToItEndsIt() throws IOException {
		FileChannel channel = openReadWrite().channel();
		MemoryChannel source = new MemoryChannel(CONTENT) {

			@Override
			public int read(ByteBuffer dst) throws IOException {
				int count = super.read(dst);
				channel.close();
				return count;
			}

		};
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> channel.transferFrom(source, 0, SOME_PAGES));
		assertThat(content()).isEmpty();
	}

	@Test
	void sourceIsAskedForNoMoreThanIsWanted() throws IOException {
		List<Integer> asked = new ArrayList<>();
		MemoryChannel source = new MemoryChannel(CONTENT) {

			@Override
			public int read(ByteBuffer dst) throws IOException {
				asked.add(dst.remaining());
				return super.read(dst);
			}

		};
		assertThat(openReadWrite().channel().transferFrom(source, 0, 70_000)).isEqualTo(70_000);
		assertThat(asked).containsExactly(64 * 1024, 70_000 - 64 * 1024);
	}

	@Test
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void sourceThatHasNothingNowIsNotWaitedFor() throws IOException {
		MemoryChannel source = new MemoryChannel() {

			@Override
			public int read(ByteBuffer dst) {
				return 0;
			}

		};
		assertThat(openReadWrite(new byte[10]).channel().transferFrom(source, 0, 100)).isZero();
		assertThat(content()).hasSize(10);
	}

}
