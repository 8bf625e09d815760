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
import dev.yammap.MmapAtomics;

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
	public <R, X extends Exception> R access(long offset, long length, ViewFunction<R, X> body) throws IOException, X {
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
	public byte get(ValueLayout.OfByte layout, long offset) {
		return value(layout, offset).get(0);
	}

	@Override
	public short get(ValueLayout.OfShort layout, long offset) {
		return value(layout, offset).getShort(0);
	}

	@Override
	public char get(ValueLayout.OfChar layout, long offset) {
		return value(layout, offset).getChar(0);
	}

	@Override
	public int get(ValueLayout.OfInt layout, long offset) {
		return value(layout, offset).getInt(0);
	}

	@Override
	public long get(ValueLayout.OfLong layout, long offset) {
		return value(layout, offset).getLong(0);
	}

	@Override
	public float get(ValueLayout.OfFloat layout, long offset) {
		return value(layout, offset).getFloat(0);
	}

	@Override
	public double get(ValueLayout.OfDouble layout, long offset) {
		return value(layout, offset).getDouble(0);
	}

	private ByteBuffer value(ValueLayout layout, long offset) {
		ByteBuffer value = value(offset, (int) layout.byteSize());
		requireMultiple(offset, layout.byteAlignment());
		return value.order(layout.order());
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
	public void set(ValueLayout.OfByte layout, long offset, byte value) {
		store(layout, offset, (buffer) -> buffer.put(0, value));
	}

	@Override
	public void set(ValueLayout.OfShort layout, long offset, short value) {
		store(layout, offset, (buffer) -> buffer.putShort(0, value));
	}

	@Override
	public void set(ValueLayout.OfChar layout, long offset, char value) {
		store(layout, offset, (buffer) -> buffer.putChar(0, value));
	}

	@Override
	public void set(ValueLayout.OfInt layout, long offset, int value) {
		store(layout, offset, (buffer) -> buffer.putInt(0, value));
	}

	@Override
	public void set(ValueLayout.OfLong layout, long offset, long value) {
		store(layout, offset, (buffer) -> buffer.putLong(0, value));
	}

	@Override
	public void set(ValueLayout.OfFloat layout, long offset, float value) {
		store(layout, offset, (buffer) -> buffer.putFloat(0, value));
	}

	@Override
	public void set(ValueLayout.OfDouble layout, long offset, double value) {
		store(layout, offset, (buffer) -> buffer.putDouble(0, value));
	}

	private void store(ValueLayout layout, long offset, Function<ByteBuffer, ByteBuffer> value) {
		requireOverwritable();
		requireWithin(offset, layout.byteSize());
		requireAlive();
		requireMultiple(offset, layout.byteAlignment());
		ByteBuffer source = value.apply(ByteBuffer.allocate((int) layout.byteSize()).order(layout.order()));
		unchecked(() -> (long) this.bytes.write(source, offset));
		becomesSynced(false);
	}

	@Override
	public MmapAtomics atomics() {
		return new OrdinaryAtomics(this);
	}

	private static void requireMultiple(long offset, long alignment) {
		if (offset % alignment != 0) {
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
