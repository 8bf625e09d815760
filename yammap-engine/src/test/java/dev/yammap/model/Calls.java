package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Mmap;

/**
 * What a step is done with, and what can be seen of it afterwards.
 */
final class Calls {

	final Mmap file;

	final FileChannel channel;

	final long offset;

	final int length;

	final Random random;

	private final Step step;

	private final List<Object> seen = new ArrayList<>();

	Calls(Mmap file, FileChannel channel, Step step) {
		this.file = file;
		this.channel = channel;
		this.step = step;
		this.offset = step.place().in(file.size(), file.offset());
		this.length = step.length();
		this.random = new Random(step.seed());
	}

	/**
	 * Does the step, and returns all that can be seen of it.
	 */
	List<Object> outcome() throws IOException {
		this.seen.add(result());
		this.seen.replaceAll(Calls::comparable);
		this.seen.add(this.file.size());
		this.seen.add(this.file.offset());
		this.seen.add(this.file.isOpen());
		boolean open = (this.channel instanceof RecordedChannel recorded) ? recorded.isTargetOpen()
				: this.channel.isOpen();
		this.seen.add(open);
		if (open) {
			this.seen.add(this.channel.position());
		}
		return this.seen;
	}

	private @Nullable Object result() {
		try {
			return this.step.action().on(this);
		}
		catch (AsynchronousCloseException ex) {
			return ClosedChannelException.class;
		}
		catch (IOException | RuntimeException ex) {
			// The engine's own exceptions extend those of NIO to have a message.
			Class<?> type = ex.getClass();
			return type.getName().startsWith("dev.yammap") ? type.getSuperclass() : type;
		}
	}

	private static Object comparable(Object object) {
		return switch (object) {
			case byte[] bytes -> ByteBuffer.wrap(bytes);
			case ByteBuffer buffer -> List.of(buffer.position(), buffer.limit(),
					ByteBuffer.allocate(buffer.capacity()).put(buffer.duplicate().clear()).flip());
			case MemorySegment view -> List.of(view.isReadOnly(), ByteBuffer.wrap(view.toArray(ValueLayout.JAVA_BYTE)));
			default -> object;
		};
	}

	/** Returns an array of that length, of random content. */
	byte[] array() {
		return array(this.length);
	}

	private byte[] array(int size) {
		byte[] bytes = new byte[size];
		this.random.nextBytes(bytes);
		this.seen.add(bytes);
		return bytes;
	}

	/** Returns a place in an array, or rarely one outside. */
	int index() {
		return this.random.nextInt(Math.max(this.length / 2, 1)) - (rarely() ? this.length + 1 : 0);
	}

	boolean rarely() {
		return this.random.nextInt(25) == 0;
	}

	/** Returns a random part of a buffer of any kind, of random content. */
	ByteBuffer buffer() {
		byte[] bytes = new byte[this.length + 20];
		this.random.nextBytes(bytes);
		ByteBuffer buffer = switch (this.random.nextInt(4)) {
			case 0 -> ByteBuffer.wrap(bytes);
			case 1 -> ByteBuffer.wrap(bytes, 3, bytes.length - 7).slice();
			default -> ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
		};
		buffer.position(this.random.nextInt(10)).limit(buffer.capacity() - this.random.nextInt(3));
		if (rarely()) {
			buffer.limit(buffer.position());
		}
		this.seen.add(buffer);
		return rarely() ? buffer.asReadOnlyBuffer() : buffer;
	}

	/** Returns a segment of any kind, of random content. */
	MemorySegment segment() {
		int longs = this.length / Long.BYTES;
		MemorySegment segment = switch (this.random.nextInt(4)) {
			case 0 -> MemorySegment.ofArray(new long[longs]);
			case 1 -> MemorySegment.ofArray(new float[2 * longs]);
			case 2 -> Arena.ofAuto().allocate(this.length);
			default -> MemorySegment.ofArray(new byte[this.length]).asSlice(longs);
		};
		segment.copyFrom(MemorySegment.ofArray(random((int) segment.byteSize())));
		this.seen.add(segment);
		return rarely() ? segment.asReadOnly() : segment;
	}

	private byte[] random(int size) {
		byte[] bytes = new byte[size];
		this.random.nextBytes(bytes);
		return bytes;
	}

	ByteBuffer[] buffers() {
		return Stream.generate(this::buffer).limit(this.random.nextInt(5)).toArray(ByteBuffer[]::new);
	}

	/** Returns how many buffers, or from which on; rarely what is not possible. */
	int bufferIndex() {
		return this.random.nextInt(4) - (rarely() ? 4 : 0);
	}

	/** Returns the other end of a transfer to here. */
	ReadableByteChannel source() {
		return new Pipe(this.random, array(this.length));
	}

	/** Returns the other end of a transfer from here. */
	Pipe target() {
		return new Pipe(this.random);
	}

	/** Returns how many bytes to transfer; rarely less than none. */
	long count() {
		return this.random.nextInt(2 * this.length + 10) - (rarely() ? 2L * this.length + 10 : 0);
	}

	FileChannel.MapMode mapMode() {
		FileChannel.MapMode[] modes = { FileChannel.MapMode.READ_ONLY, FileChannel.MapMode.READ_WRITE,
				FileChannel.MapMode.PRIVATE };
		return modes[this.random.nextInt(modes.length)];
	}

	/** Returns what is mapped, and stores other bytes there if that is possible. */
	ByteBuffer bytesAndChange(MemorySegment mapping) {
		ByteBuffer before = ByteBuffer.wrap(mapping.toArray(ValueLayout.JAVA_BYTE));
		if (!mapping.isReadOnly()) {
			mapping.fill((byte) this.random.nextInt());
		}
		return before;
	}

	/** Returns what can be told of a lock, which is then released. */
	List<Object> released(@Nullable FileLock lock) throws IOException {
		if (lock == null) {
			return List.of();
		}
		List<Object> before = List.of(lock.position(), lock.size(), lock.isShared(), lock.isValid());
		lock.release();
		return List.of(before, lock.isValid());
	}

	/** Returns a layout of any order, and rarely one that wants an alignment. */
	@SuppressWarnings("unchecked")
	<L extends ValueLayout> L layout(L natural) {
		ByteOrder order = this.random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
		return (L) natural.withOrder(order).withByteAlignment(rarely() ? natural.byteSize() : 1);
	}

	/** Returns the place where an atomic of that length may be; rarely another. */
	long aligned(int size) {
		return (this.file.isOpen() && rarely()) ? this.offset : this.offset & -size;
	}

	/** Returns the int there is, so that a compare-and-set may succeed, or another. */
	int expectedInt(long at) {
		return (int) expectedLong(at, Integer.BYTES);
	}

	long expectedLong(long at) {
		return expectedLong(at, Long.BYTES);
	}

	private long expectedLong(long at, int size) {
		boolean there = this.file.isOpen() && at >= 0 && at <= this.file.size() - size;
		if (!there || this.random.nextBoolean()) {
			return this.random.nextLong();
		}
		try {
			ByteBuffer bytes = ByteBuffer.wrap(this.file.segment(at, size).toArray(ValueLayout.JAVA_BYTE))
				.order(ByteOrder.LITTLE_ENDIAN);
			return (size == Long.BYTES) ? bytes.getLong() : bytes.getInt();
		}
		catch (IllegalStateException ex) {
			return this.random.nextLong();
		}
	}

	/** Returns advice whose refusal does not depend on how the kernel was built. */
	Advice advice() {
		Advice[] sure = { Advice.NORMAL, Advice.SEQUENTIAL, Advice.RANDOM, Advice.WILL_NEED, Advice.DONT_NEED,
				Advice.COLD, Advice.PAGE_OUT, Advice.POPULATE_READ, Advice.POPULATE_WRITE };
		return sure[this.random.nextInt(sure.length)];
	}

}
