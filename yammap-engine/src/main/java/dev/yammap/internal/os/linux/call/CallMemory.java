package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the heap for the time of a call, from {@link CallMemories}: the
 * kernel cannot be given an address in the heap. One thread at a time may use it, and
 * none after {@link #close()}. Unlike an arena of the JDK, it cannot detect a violation.
 */
public final class CallMemory implements Arena, CallState {

	/**
	 * One system call writes no more than this, unless all must be written by one call.
	 */
	static final int TRANSFER_SIZE = 64 << 10;

	/**
	 * Where the bytes begin. The page before them is for small structures, so most calls
	 * touch only that.
	 */
	static final int TRANSFER_OFFSET = 4 << 10;

	static final int SIZE = TRANSFER_OFFSET + TRANSFER_SIZE;

	private final MemorySegment whole;

	private final MemorySegment transfer;

	private final MemorySegment state;

	private final CallMemories memories;

	/** Whether it was mapped for one call, and is unmapped at its end. */
	private final boolean temporary;

	private final AtomicBoolean taken;

	/** How many bytes the state takes. */
	private final long base;

	private long used;

	/** More memory, for what did not fit. */
	private @Nullable CallMemory more;

	/** Creates memory that nobody has taken, unless it is temporary. */
	CallMemory(CallMemories memories, MemorySegment whole, boolean temporary) {
		this.memories = memories;
		this.whole = whole;
		this.temporary = temporary;
		this.taken = new AtomicBoolean(temporary);
		this.transfer = whole.asSlice(TRANSFER_OFFSET);
		this.state = allocate(CallState.Allocated.LAYOUT);
		this.base = this.used;
	}

	/**
	 * Takes this memory, unless somebody has it. Temporary memory always counts as taken.
	 */
	boolean take() {
		return !this.taken.getPlain() && this.taken.compareAndSet(false, true);
	}

	@Override
	public MemorySegment segment() {
		return this.state;
	}

	/** Returns the part that is not for small structures. Its content is undefined. */
	public MemorySegment transfer() {
		return this.transfer;
	}

	/**
	 * Returns zeroed memory. As long as it is little, it does not overlap
	 * {@link #transfer()}.
	 */
	@Override
	public MemorySegment allocate(long byteSize, long byteAlignment) {
		long start = (this.used + byteAlignment - 1) & -byteAlignment;
		if (byteSize > this.whole.byteSize() - start) {
			return more(byteSize);
		}
		MemorySegment allocated = this.whole.asSlice(start, byteSize);
		this.used = start + byteSize;
		return allocated.fill((byte) 0);
	}

	/**
	 * Returns zeroed memory for many bytes, which is mapped for them.
	 * @throws OutOfMemoryError if the operating system does not have that much
	 */
	MemorySegment more(long length) {
		CallMemory added = this.memories.map(length);
		added.more = this.more;
		this.more = added;
		return added.transfer;
	}

	/**
	 * Returns a name of a file as the C library takes it: bytes, which need not be text.
	 * It is absolute, as the working directory of the JDK need not be that of the
	 * process. ASCII has the same bytes in every encoding that Linux has for names. For
	 * any other path only the URI has the very bytes, and to make one, the JDK looks for
	 * the file. The string loses bytes that are not text in the JDK's encoding.
	 */
	public MemorySegment name(Path path) {
		Path absolute = path.toAbsolutePath();
		String text = absolute.toString();
		if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
			String escaped = absolute.toUri().getRawPath().replace("+", "%2B");
			text = URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1);
		}
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		// It is zeroed, which marks the end.
		MemorySegment name = allocate(bytes.length + 1L);
		name.asByteBuffer().put(bytes);
		return name;
	}

	/**
	 * Returns a structure of the C library as a buffer, in the byte order of the
	 * processor. A segment would do as well. But for each type of value that is read for
	 * the first time it makes a handle and eight classes, and the start of an application
	 * waits for that.
	 */
	public static ByteBuffer fields(MemorySegment struct) {
		return struct.asByteBuffer().order(ByteOrder.nativeOrder());
	}

	@Override
	public MemorySegment.Scope scope() {
		return this.whole.scope();
	}

	@Override
	public void close() {
		CallMemory added = this.more;
		this.more = null;
		this.used = this.base;
		if (this.temporary) {
			this.memories.unmap(this.whole);
		}
		else {
			this.taken.setRelease(false);
		}
		for (; added != null; added = added.more) {
			this.memories.unmap(added.whole);
		}
	}

}
