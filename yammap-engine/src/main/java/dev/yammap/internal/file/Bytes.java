package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.os.Printable;

/**
 * What a caller passes to read into or to write from: a byte array, or the segment of a
 * buffer. It is passed on as an {@code Object}: a segment around each array would be one
 * more object, unless the compiler inlines everything around it.
 */
public final class Bytes {

	/** The longest array that every virtual machine can have. */
	private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

	/** How many bytes are copied at once, if all may be too many. */
	public static final int PART = 1 << 20;

	private Bytes() {
	}

	/**
	 * Checks a number that a caller has passed, such as an offset. Returns it.
	 * @throws IllegalArgumentException if it is negative
	 */
	public static long requireNotNegative(String what, long value) {
		if (value < 0) {
			throw new IllegalArgumentException("Negative " + what + ": " + value);
		}
		return value;
	}

	public static void read(MemorySegment mapping, long offset, Object target, int index, int length) {
		if (target instanceof byte[] array) {
			MemorySegment.copy(mapping, ValueLayout.JAVA_BYTE, offset, array, index, length);
		}
		else {
			MemorySegment.copy(mapping, offset, (MemorySegment) target, index, length);
		}
	}

	public static void write(Object source, int index, MemorySegment mapping, long offset, int length) {
		if (source instanceof byte[] array) {
			MemorySegment.copy(array, index, mapping, ValueLayout.JAVA_BYTE, offset, length);
		}
		else {
			MemorySegment.copy((MemorySegment) source, index, mapping, offset, length);
		}
	}

	/** Returns the bytes as a segment; not for fast paths. */
	public static MemorySegment segment(Object bytes) {
		return (bytes instanceof byte[] array) ? MemorySegment.ofArray(array) : (MemorySegment) bytes;
	}

	/** Returns the part of a buffer that can be read into. */
	public static MemorySegment room(ByteBuffer dst) {
		if (dst.isReadOnly()) {
			throw new IllegalArgumentException("Cannot read into a read-only buffer");
		}
		return MemorySegment.ofBuffer(dst);
	}

	public static MemorySegment room(MemorySegment dst) {
		if (dst.isReadOnly()) {
			throw new IllegalArgumentException("Cannot read into a read-only segment");
		}
		return dst;
	}

	/**
	 * Moves the position of a buffer behind the bytes that were read into it, or written
	 * from it.
	 */
	public static int moved(ByteBuffer buffer, int count) {
		if (count > 0) {
			buffer.position(buffer.position() + count);
		}
		return count;
	}

	/**
	 * Moves the positions of buffers that were filled, or written from, one after the
	 * other.
	 */
	public static long moved(List<ByteBuffer> buffers, long count) {
		long left = count;
		for (ByteBuffer buffer : buffers) {
			left -= moved(buffer, (int) Math.min(buffer.remaining(), left));
		}
		return count;
	}

	/**
	 * Tells whether a copy of the bytes could be more than the heap holds: so many of
	 * them, outside of the heap, are written in parts.
	 */
	public static boolean isInParts(Object bytes, int length) {
		return length > PART && bytes instanceof MemorySegment segment && segment.isNative();
	}

	/**
	 * Returns the bytes as a segment of their own, for a write that a fault of the source
	 * must not end half-way. A buffer outside of the heap may be a view of a mapping, so
	 * it is copied first.
	 * @param file the file to write to, for the message
	 * @throws IOException if it is such a view, and a page of it is unavailable
	 */
	public static MemorySegment settled(Path file, Object bytes, int index, int length) throws IOException {
		MemorySegment segment = segment(bytes);
		if (!segment.isNative()) {
			return (length == segment.byteSize()) ? segment : segment.asSlice(index, length);
		}
		return MemorySegment.ofArray(guarded(file, length, () -> {
			byte[] copy = new byte[length];
			MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, index, copy, 0, length);
			return copy;
		}));
	}

	/**
	 * Copies to memory that is not mapped.
	 * @throws IOException if the bytes are a view of a mapping, and a page of it is
	 * unavailable
	 */
	static void stage(Path file, Object bytes, int index, MemorySegment target, int length) throws IOException {
		if (bytes instanceof byte[] array) {
			MemorySegment.copy(array, index, target, ValueLayout.JAVA_BYTE, 0, length);
		}
		else {
			guarded(file, length, () -> {
				MemorySegment.copy((MemorySegment) bytes, index, target, 0, length);
				return target;
			});
		}
	}

	/**
	 * Copies the content of buffers into one array, as much as an array can hold.
	 * @throws IOException if a buffer is a view of a mapping, and a page of it is
	 * unavailable
	 */
	public static byte[] joined(Path file, List<ByteBuffer> buffers) throws IOException {
		long length = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
		return guarded(file, length, () -> {
			byte[] all = new byte[(int) Math.min(length, MAX_ARRAY)];
			int index = 0;
			for (ByteBuffer buffer : buffers) {
				int count = Math.min(buffer.remaining(), all.length - index);
				buffer.get(buffer.position(), all, index, count);
				index += count;
			}
			return all;
		});
	}

	private static <T> T guarded(Path file, long length, Supplier<T> copy) throws IOException {
		FaultBarrier.await();
		try {
			T bytes = copy.get();
			FaultBarrier.await();
			return bytes;
		}
		catch (InternalError error) {
			FaultBarrier.requireFault(error);
			throw new IOException("Cannot write " + length + " bytes to " + Printable.of(file)
					+ ": they are a view of a mapping, and one of its pages is unavailable. Nothing was written",
					error);
		}
	}

}
