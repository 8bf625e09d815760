package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Long sequences of random calls of a channel, each checked against a {@link FileChannel}
 * on a file of its own: what it returns or throws, what it does to buffers, and what
 * position, size and content are after it.
 */
class ChannelModelTests extends AbstractMmapTests {

	private static final int STEPS = 10_000;

	private static final int LARGEST = 60_000;

	@ParameterizedTest
	@CsvSource({ "1, READ", "2, WRITE", "3, READ WRITE", "4, READ WRITE", "5, APPEND", "6, WRITE APPEND" })
	void channelDoesWhatAFileChannelDoes(long seed, String options) throws IOException {
		StandardOpenOption[] parsed = Stream.of(options.split(" "))
			.map(StandardOpenOption::valueOf)
			.toArray(StandardOpenOption[]::new);
		byte[] content = random(20_000, seed);
		Path path = write(content);
		Path expectedPath = Files.write(this.directory.resolve("expected.dat"), content);
		Mmap file = open(builder(path).options(parsed).reserve((seed % 2 == 0) ? 4096 : 1_000_000));
		Random random = new Random(seed);
		Subject actual = Subject.of(file.channel());
		Subject expected = Subject.of(FileChannel.open(expectedPath, parsed));
		for (int i = 0; i < STEPS; i++) {
			long step = random.nextLong();
			boolean append = options.contains("APPEND");
			List<Object> wanted = new Step(step, append).on(expected);
			assertThat(new Step(step, append).on(actual)).as("Step %d", i).isEqualTo(wanted);
			if (i % 250 == 0) {
				assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(expectedPath));
			}
			if (!expected.channel().isOpen()) {
				actual = Subject.of(file.channel());
				expected = Subject.of(FileChannel.open(expectedPath, parsed));
			}
		}
		expected.channel().close();
		assertThat(Files.readAllBytes(path)).isEqualTo(Files.readAllBytes(expectedPath));
		assertThat(file.isOpen()).isTrue();
	}

	/**
	 * A channel, by all that the two kinds of it have in common.
	 */
	private record Subject(SeekableByteChannel channel, ScatteringByteChannel scattering,
			GatheringByteChannel gathering, TransferTo transferTo, TransferFrom transferFrom) {

		static Subject of(MmapChannel channel) {
			return new Subject(channel, channel, channel, channel::transferTo, channel::transferFrom);
		}

		static Subject of(FileChannel channel) {
			return new Subject(channel, channel, channel, channel::transferTo, channel::transferFrom);
		}

	}

	/**
	 * One random call; the same for the same seed and the same state of the file.
	 */
	private static final class Step {

		private final Random random;

		private final boolean append;

		private final List<ByteBuffer> buffers = new ArrayList<>();

		Step(long seed, boolean append) {
			this.random = new Random(seed);
			this.append = append;
		}

		/**
		 * Does it, and returns everything that can be seen of it.
		 */
		List<Object> on(Subject subject) throws IOException {
			List<Object> seen = new ArrayList<>();
			seen.add(outcome(subject));
			for (ByteBuffer buffer : this.buffers) {
				seen.add(buffer.position());
				seen.add(buffer.limit());
				seen.add(ByteBuffer.allocate(buffer.capacity()).put(buffer.duplicate().clear()).flip());
			}
			seen.add(subject.channel().isOpen());
			if (subject.channel().isOpen()) {
				seen.add(subject.channel().position());
				seen.add(subject.channel().size());
			}
			return seen;
		}

		private Object outcome(Subject subject) throws IOException {
			try {
				return run(subject);
			}
			catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException ex) {
				// The engine's own exceptions extend those of NIO to have a message.
				Class<?> type = ex.getClass();
				return type.getName().startsWith("dev.yammap") ? type.getSuperclass() : type;
			}
		}

		private Object run(Subject subject) throws IOException {
			SeekableByteChannel channel = subject.channel();
			long size = channel.size();
			return switch (this.random.nextInt(10)) {
				case 0 -> channel.read(buffer());
				case 1 -> scatter(subject.scattering());
				case 2, 3 -> channel.write(buffer());
				case 4 -> gather(subject.gathering());
				case 5, 6 -> channel.position(place(size)).equals(channel);
				case 7 -> (this.random.nextInt(3) == 0 || size > LARGEST)
						? channel.truncate(place(Math.min(size, LARGEST))).equals(channel) : "";
				case 8 -> transfer(subject, size);
				default -> rare(channel);
			};
		}

		private long scatter(ScatteringByteChannel channel) throws IOException {
			ByteBuffer[] targets = buffers();
			return this.random.nextBoolean() ? channel.read(targets) : channel.read(targets, index(), index());
		}

		private long gather(GatheringByteChannel channel) throws IOException {
			ByteBuffer[] sources = buffers();
			return this.random.nextBoolean() ? channel.write(sources) : channel.write(sources, index(), index());
		}

		private Object transfer(Subject subject, long size) throws IOException {
			long position = place(size);
			long count = this.random.nextInt(100_000) - 100L;
			if (this.random.nextBoolean()) {
				MemoryChannel sink = new MemoryChannel().withMost(most());
				return List.of(subject.transferTo().transferTo(position, count, sink), ByteBuffer.wrap(sink.bytes()));
			}
			byte[] bytes = new byte[length()];
			this.random.nextBytes(bytes);
			// With APPEND a FileChannel transfers to its end, which only a write does
			// here.
			return this.append ? ""
					: subject.transferFrom().transferFrom(new MemoryChannel(bytes).withMost(most()), position, count);
		}

		private Object rare(SeekableByteChannel channel) throws IOException {
			if (this.random.nextInt(20) == 0) {
				channel.close();
				channel.close();
			}
			return "";
		}

		private int most() {
			return this.random.nextBoolean() ? Integer.MAX_VALUE : 1 + this.random.nextInt(1_000);
		}

		private int index() {
			return this.random.nextInt(4) - (this.random.nextInt(20) == 0 ? 1 : 0);
		}

		/**
		 * Returns a place before, at or behind the end, or, rarely, a negative one.
		 */
		private long place(long size) {
			return (this.random.nextInt(30) == 0) ? -1 - this.random.nextInt(10)
					: this.random.nextInt((int) (size + size / 4 + 100));
		}

		private int length() {
			return switch (this.random.nextInt(10)) {
				case 0 -> 0;
				case 1, 2 -> this.random.nextInt(9_000);
				default -> this.random.nextInt(100);
			};
		}

		private ByteBuffer[] buffers() {
			return Stream.generate(this::buffer).limit(this.random.nextInt(5)).toArray(ByteBuffer[]::new);
		}

		/**
		 * Returns a random part of a buffer of any kind, with random content.
		 */
		private ByteBuffer buffer() {
			byte[] bytes = new byte[length() + 20];
			this.random.nextBytes(bytes);
			ByteBuffer buffer = switch (this.random.nextInt(4)) {
				case 0 -> ByteBuffer.wrap(bytes);
				case 1 -> ByteBuffer.wrap(bytes, 3, bytes.length - 7).slice();
				default -> ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
			};
			buffer.position(this.random.nextInt(10)).limit(buffer.capacity() - this.random.nextInt(3));
			if (this.random.nextInt(20) == 0) {
				buffer.limit(buffer.position());
			}
			this.buffers.add(buffer);
			return (this.random.nextInt(30) == 0) ? buffer.asReadOnlyBuffer() : buffer;
		}

	}

	private interface TransferTo {

		long transferTo(long position, long count, WritableByteChannel target) throws IOException;

	}

	private interface TransferFrom {

		long transferFrom(ReadableByteChannel source, long position, long count) throws IOException;

	}

}
