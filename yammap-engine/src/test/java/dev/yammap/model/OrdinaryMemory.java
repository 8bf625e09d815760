package dev.yammap.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.yammap.Mmap;

/**
 * The memory calls of an {@link OrdinaryFile}, and what its calls check.
 */
abstract class OrdinaryMemory implements Mmap {

	private final Setup setup;

	private final FileChannel bytes;

	/** Of what was there before nobody knows. */
	private boolean dirty;

	OrdinaryMemory(Setup setup, FileChannel bytes) {
		this.setup = setup;
		this.bytes = bytes;
		this.dirty = setup.writes();
	}

	/** Tells whether something may not be durable, whether that shows or not. */
	@Override
	public boolean isDirty() {
		return this.dirty;
	}

	void becomesSynced(boolean synced) {
		this.dirty = !synced && this.setup.writes();
	}

	Setup setup() {
		return this.setup;
	}

	@Override
	public MemorySegment segment() {
		requireReadable();
		return view(0, size());
	}

	@Override
	public MemorySegment segment(long offset, long length) {
		requireReadable();
		requireWithin(offset, length);
		return view(offset, length);
	}

	private MemorySegment view(long offset, long length) {
		requireAlive();
		MemorySegment copy = MemorySegment.ofBuffer(load(offset, (int) length));
		return this.setup.overwrites() ? copy : copy.asReadOnly();
	}

	@Override
	public <R> R access(long offset, long length, Function<MemorySegment, R> body) throws IOException {
		return body.apply(accessed(offset, length));
	}

	@Override
	public long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException {
		return body.applyAsLong(accessed(offset, length));
	}

	private MemorySegment accessed(long offset, long length) throws IOException {
		if (this.setup.reads()) {
			requireWithin(offset, length);
		}
		requireOpen();
		return segment(offset, length);
	}

	@Override
	public byte getByte(long offset) {
		return value(offset, Byte.BYTES).get(0);
	}

	@Override
	public int getInt(long offset) {
		return value(offset, Integer.BYTES).getInt(0);
	}

	@Override
	public long getLong(long offset) {
		return value(offset, Long.BYTES).getLong(0);
	}

	private ByteBuffer value(long offset, int length) {
		requireReadable();
		requireWithin(offset, length);
		requireAlive();
		return load(offset, length).order(ByteOrder.LITTLE_ENDIAN);
	}

	private ByteBuffer load(long offset, int length) {
		ByteBuffer loaded = ByteBuffer.allocate(length);
		unchecked(() -> (long) this.bytes.read(loaded, offset));
		return loaded.clear();
	}

	@Override
	public void putByte(long offset, byte value) {
		store(offset, Byte.BYTES, (buffer) -> buffer.put(0, value));
	}

	@Override
	public void putInt(long offset, int value) {
		store(offset, Integer.BYTES, (buffer) -> buffer.putInt(0, value));
	}

	@Override
	public void putLong(long offset, long value) {
		store(offset, Long.BYTES, (buffer) -> buffer.putLong(0, value));
	}

	private void store(long offset, int length, Function<ByteBuffer, ByteBuffer> value) {
		requireOverwritable();
		requireWithin(offset, length);
		requireAlive();
		ByteBuffer source = value.apply(ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN));
		unchecked(() -> (long) this.bytes.write(source, offset));
		becomesSynced(false);
	}

	@Override
	public int getIntVolatile(long offset) {
		requireReadable();
		requireAligned(offset, Integer.BYTES);
		return getInt(offset);
	}

	@Override
	public void putIntVolatile(long offset, int value) {
		requireOverwritable();
		requireAligned(offset, Integer.BYTES);
		putInt(offset, value);
	}

	@Override
	public int getAndAddInt(long offset, int delta) {
		int before = getToUpdate(offset, Integer.BYTES).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
		putInt(offset, before + delta);
		return before;
	}

	@Override
	public int getAndSetInt(long offset, int value) {
		int before = getAndAddInt(offset, 0);
		putInt(offset, value);
		return before;
	}

	@Override
	public boolean compareAndSetInt(long offset, int expected, int value) {
		boolean found = getAndAddInt(offset, 0) == expected;
		if (found) {
			putInt(offset, value);
		}
		return found;
	}

	@Override
	public long getLongVolatile(long offset) {
		requireReadable();
		requireAligned(offset, Long.BYTES);
		return getLong(offset);
	}

	@Override
	public void putLongVolatile(long offset, long value) {
		requireOverwritable();
		requireAligned(offset, Long.BYTES);
		putLong(offset, value);
	}

	@Override
	public long getAndAddLong(long offset, long delta) {
		long before = getToUpdate(offset, Long.BYTES).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
		putLong(offset, before + delta);
		return before;
	}

	@Override
	public long getAndSetLong(long offset, long value) {
		long before = getAndAddLong(offset, 0);
		putLong(offset, value);
		return before;
	}

	@Override
	public boolean compareAndSetLong(long offset, long expected, long value) {
		boolean found = getAndAddLong(offset, 0) == expected;
		if (found) {
			putLong(offset, value);
		}
		return found;
	}

	private MemorySegment getToUpdate(long offset, int length) {
		requireReadable();
		requireOverwritable();
		requireAligned(offset, length);
		return MemorySegment.ofBuffer(value(offset, length));
	}

	private void requireAligned(long offset, int length) {
		requireWithin(offset, length);
		requireAlive();
		if (offset % length != 0) {
			throw new IllegalArgumentException("Not aligned");
		}
	}

	void requireOpen() throws ClosedChannelException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
	}

	void requireAlive() {
		if (!isOpen()) {
			throw new IllegalStateException("Closed");
		}
	}

	void requireReadable() {
		if (!this.setup.reads()) {
			throw new NonReadableChannelException();
		}
	}

	void requireWritable() {
		if (!this.setup.writes()) {
			throw new NonWritableChannelException();
		}
	}

	void requireOverwritable() {
		if (!this.setup.overwrites()) {
			throw new NonWritableChannelException();
		}
	}

	static void requireNotNegative(long number) {
		if (number < 0) {
			throw new IllegalArgumentException("Negative");
		}
	}

	void requireWithin(long offset, long length) {
		Objects.checkFromIndexSize(offset, length, size());
	}

	void requireShared() throws IOException {
		if (this.setup.isPrivate()) {
			throw new IOException("Private");
		}
	}

	void requireGrowable(long size) throws IOException {
		requireShared();
		if (size > this.setup.maxSize()) {
			throw new IOException("Too long");
		}
	}

	static <T> T unchecked(Call<T> call) {
		try {
			return call.run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What may fail. */
	interface Call<T> {

		T run() throws IOException;

	}

}
