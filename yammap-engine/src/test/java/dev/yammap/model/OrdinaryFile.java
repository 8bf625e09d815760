package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.Whence;

/**
 * What an {@link Mmap} should be, made of a {@link FileChannel}. It maps nothing; the
 * bytes of a private mapping go to a file of their own.
 */
final class OrdinaryFile extends OrdinaryMemory {

	private final Path path;

	private final FileChannel bytes;

	private final List<OrdinaryChannel> channels = new ArrayList<>();

	private long cursor;

	private long lastSize;

	private boolean open = true;

	/**
	 * Opens the file, which has been made ready by {@link Setup#prepare}.
	 */
	OrdinaryFile(Path path, Setup setup) throws IOException {
		this(path, setup,
				FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
	}

	private OrdinaryFile(Path path, Setup setup, FileChannel bytes) throws IOException {
		super(setup, bytes);
		this.path = path;
		this.bytes = bytes;
		long before = this.bytes.size();
		long after = setup.sizeWhenOpen(before);
		if (setup.empties()) {
			this.bytes.truncate(0);
		}
		grow(after);
	}

	private void grow(long size) throws IOException {
		if (size > this.bytes.size()) {
			this.bytes.write(ByteBuffer.allocate(1), size - 1);
		}
	}

	@Override
	public Path path() {
		return this.path;
	}

	@Override
	public String name() {
		return this.path.toString();
	}

	@Override
	public Backend backend() {
		return setup().backend();
	}

	@Override
	public long size() {
		return this.open ? unchecked(this.bytes::size) : this.lastSize;
	}

	@Override
	public long refresh() throws IOException {
		requireOpen();
		return this.bytes.size();
	}

	@Override
	public boolean isCurrent() throws IOException {
		requireOpen();
		return true;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isWritable() {
		return setup().writes();
	}

	@Override
	public long offset() {
		return this.cursor;
	}

	@Override
	public long seek(long offset, Whence whence) throws IOException {
		requireOpen();
		long target = offset + switch (whence) {
			case START -> 0;
			case CURRENT -> this.cursor;
			case END -> size();
		};
		if (target < 0 || target > size()) {
			throw new IOException("Outside of the file");
		}
		this.cursor = target;
		return target;
	}

	@Override
	public int read(byte[] dst, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, dst.length);
		return read(ByteBuffer.wrap(dst, index, length));
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		requireRoom(dst);
		requireOpen();
		requireReadable();
		int count = dst.hasRemaining() ? this.bytes.read(dst, this.cursor) : 0;
		this.cursor += Math.max(count, 0);
		return count;
	}

	private static void requireRoom(ByteBuffer dst) {
		if (dst.isReadOnly()) {
			throw new IllegalArgumentException("Read-only buffer");
		}
	}

	@Override
	public int write(byte[] src, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		return write(ByteBuffer.wrap(src, index, length));
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		requireWritable();
		requireOpen();
		int length = src.remaining();
		if (length > 0) {
			long start = setup().appends() ? size() : this.cursor;
			put(src, start);
			this.cursor = start + length;
		}
		return length;
	}

	private void put(ByteBuffer src, long offset) throws IOException {
		long end = offset + src.remaining();
		if (src.hasRemaining() && end > size()) {
			requireGrowable(end);
		}
		for (long at = offset; src.hasRemaining();) {
			at += this.bytes.write(src, at);
			becomesSynced(setup().syncsOnWrite());
		}
	}

	@Override
	public int readAt(byte[] dst, int index, int length, long offset) throws IOException {
		Objects.checkFromIndexSize(index, length, dst.length);
		return readAt(ByteBuffer.wrap(dst, index, length), offset);
	}

	@Override
	public int readAt(ByteBuffer dst, long offset) throws IOException {
		requireRoom(dst);
		requireReadable();
		requireNotNegative(offset);
		requireOpen();
		return dst.hasRemaining() ? this.bytes.read(dst, offset) : 0;
	}

	@Override
	public long append(byte[] src, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		return append(ByteBuffer.wrap(src, index, length));
	}

	@Override
	public long append(ByteBuffer src) throws IOException {
		requireWritable();
		requireOpen();
		long place = size();
		put(src, place);
		return place;
	}

	@Override
	public long readAt(MemorySegment dst, long offset) throws IOException {
		if (dst.isReadOnly()) {
			throw new IllegalArgumentException("Read-only");
		}
		byte[] bytes = new byte[(int) dst.byteSize()];
		int count = readAt(bytes, offset);
		MemorySegment.copy(MemorySegment.ofArray(bytes), 0, dst, 0, Math.max(count, 0));
		return count;
	}

	@Override
	public long writeAt(MemorySegment src, long offset) throws IOException {
		return writeAt(src.toArray(ValueLayout.JAVA_BYTE), offset);
	}

	@Override
	public int writeAt(byte[] src, int index, int length, long offset) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		return writeAt(ByteBuffer.wrap(src, index, length), offset);
	}

	@Override
	public int writeAt(ByteBuffer src, long offset) throws IOException {
		requireOverwritable();
		requireNotNegative(offset);
		requireOpen();
		int length = src.remaining();
		put(src, offset);
		return length;
	}

	@Override
	public void truncate(long size) throws IOException {
		requireWritable();
		requireNotNegative(size);
		requireOpen();
		if (size > size()) {
			requireGrowable(size);
			grow(size);
			becomesSynced(false);
		}
		else if (size < size()) {
			requireShared();
			this.bytes.truncate(size);
			becomesSynced(false);
		}
	}

	@Override
	public void sync() throws IOException {
		requireOpen();
		requireSyncable();
		becomesSynced(true);
	}

	@Override
	public void sync(long offset, long length) throws IOException {
		requireOpen();
		requireWithin(offset, length);
		requireSyncable();
	}

	private void requireSyncable() {
		if (isWritable() && setup().isPrivate()) {
			throw new UnsupportedOperationException("Private");
		}
	}

	@Override
	public void advise(Advice advice) throws IOException {
		requireOpen();
		requireAdvisable(advice);
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws IOException {
		requireOpen();
		if (advice == Advice.POPULATE_WRITE) {
			requireWritable();
		}
		requireWithin(offset, length);
		if (length > 0) {
			requireAdvisable(advice);
		}
	}

	private void requireAdvisable(Advice advice) {
		if (advice == Advice.POPULATE_WRITE) {
			requireWritable();
		}
		boolean refused = switch (advice) {
			case DONT_NEED -> (setup().isPrivate() && isWritable()) || setup().isLocked();
			case COLD, PAGE_OUT -> setup().isLocked();
			default -> false;
		};
		if (refused || !setup().isNative()) {
			throw new UnsupportedOperationException("Refused");
		}
	}

	@Override
	public void punchHole(long offset, long length) throws IOException {
		requireOverwritable();
		requireOpen();
		requireShared();
		requireWithin(offset, length);
		if (length > 0) {
			if (!setup().isNative()) {
				throw new UnsupportedOperationException("Refused");
			}
			put(ByteBuffer.allocate((int) length), offset);
			becomesSynced(false);
		}
	}

	@Override
	public Optional<PageCacheStats> pageCache() throws IOException {
		requireOpen();
		return setup().isNative() ? Optional.of(new PageCacheStats(1, 0, 0, 0, 0, 0)) : Optional.empty();
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		requireOpen();
		requireWithin(offset, length);
		return pageCache();
	}

	@Override
	public long mappedSize() {
		return this.open ? 1 : 0;
	}

	@Override
	public FileChannel channel() {
		OrdinaryChannel channel = unchecked(() -> new OrdinaryChannel(this));
		this.channels.add(channel);
		return channel;
	}

	@Override
	public void close() throws IOException {
		this.lastSize = size();
		this.open = false;
		this.bytes.close();
		for (OrdinaryChannel channel : this.channels) {
			channel.close();
		}
	}

}
