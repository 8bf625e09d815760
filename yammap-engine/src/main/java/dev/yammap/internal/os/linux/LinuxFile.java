package dev.yammap.internal.os.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.call.TransferBuffer;
import dev.yammap.internal.os.linux.memory.AddressSpace;
import dev.yammap.internal.os.linux.memory.LinuxResources;
import dev.yammap.internal.os.linux.memory.PageCache;
import dev.yammap.internal.os.linux.memory.Pages;

/**
 * A file as Linux sees it: a descriptor and its {@link AddressSpace}.
 */
final class LinuxFile implements BackendFile {

	private final Libc libc;

	private final Path path;

	private final Descriptor descriptor;

	private final int fd;

	private final AddressSpace space;

	private final MappingOptions options;

	/** For the methods that only one thread at a time may call. */
	private final TransferBuffer buffer;

	private final Growth growth;

	private final PageCache pageCache;

	LinuxFile(Libc libc, Pages pages, Path path, Descriptor descriptor, AddressSpace space, MappingOptions options,
			boolean appends) {
		this.libc = libc;
		this.path = path;
		this.descriptor = descriptor;
		this.fd = descriptor.number();
		this.space = space;
		this.options = options;
		this.buffer = new TransferBuffer(libc.memories());
		this.growth = new Growth(libc, pages, path, this.fd, options.lock() == LockMode.EXCLUSIVE, space, this.buffer,
				appends);
		this.pageCache = new PageCache(libc, pages, this.fd);
	}

	@Override
	public Backend backend() {
		return Backend.NATIVE;
	}

	@Override
	public Origin origin() {
		return this.descriptor.origin();
	}

	@Override
	public long size() throws IOException {
		try {
			return FileStatus.of(this.libc, this.fd).size();
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the size of", this.path, "", ex);
		}
	}

	@Override
	public long end() throws IOException {
		try {
			return this.growth.end();
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the size of", this.path, "", ex);
		}
	}

	@Override
	public void lock() throws IOException {
		FileLock.take(this.libc, this.fd, this.path, this.options.lock());
	}

	@Override
	public @Nullable Closeable tryLock(long position, long size, boolean shared) throws IOException {
		return FileLock.tryRange(this.libc, this.fd, this.path, this.options.lock(), position, size, shared);
	}

	@Override
	public <T> T onChannel(boolean writable, ChannelCall<T> call) throws IOException {
		return new DescriptorChannel(this.path, this.fd, writable, DescriptorChannel.NAMES).run(call);
	}

	@Override
	public boolean isCurrent() throws IOException {
		try {
			return FileStatus.of(this.libc, this.path, this.descriptor.followLinks())
				.isSameFile(FileStatus.of(this.libc, this.fd));
		}
		catch (SystemCallException ex) {
			return switch (ex.errno()) {
				case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP -> false;
				default -> throw Errno.explain("look for", this.path, "", ex);
			};
		}
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws IOException {
		try (CallMemory memory = this.libc.memory()) {
			this.space.advise(memory, advice, offset, offset + length);
		}
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		try {
			return Optional.of(this.pageCache.ask(this.space.address(), offset, length));
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the page cache of", this.path, ", " + length + " bytes at offset " + offset,
					ex);
		}
	}

	@Override
	public MemorySegment.Scope scope() {
		return this.space.scope();
	}

	@Override
	public LinuxResources remains() {
		return this.space.resources();
	}

	@Override
	public long mappedSize() {
		return this.space.resources().size();
	}

	@Override
	public MemorySegment map(long size) throws IOException {
		return this.space.map(this.buffer, size);
	}

	@Override
	public void prepare(long from, long to) throws IOException {
		this.space.prepare(this.buffer, from, to);
	}

	@Override
	public void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		this.growth.extend(size, source, index, length, offset);
	}

	@Override
	public void grow(long size, long newSize, boolean preallocate) throws IOException {
		this.growth.grow(size, newSize, preallocate);
	}

	@Override
	public boolean zero(long length) throws IOException {
		return this.growth.zero(length);
	}

	@Override
	public MemorySegment staging(long length) {
		return this.buffer.whole(length);
	}

	@Override
	public void releaseMemory() {
		this.buffer.release();
	}

	@Override
	public void append(MemorySegment source, long index, long length) throws IOException {
		this.growth.append(source.asSlice(index, length), length);
	}

	@Override
	public long appendedEnd() throws IOException {
		try {
			return this.growth.appendedEnd();
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the offset of", this.path, "", ex);
		}
	}

	@Override
	public boolean undoAppend(long end, long length) throws IOException {
		try {
			return this.growth.cut(end - length, end);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("truncate", this.path, " to " + (end - length) + " bytes", ex);
		}
	}

	@Override
	public void punchHole(long offset, long length) throws IOException {
		try {
			this.libc.fallocate(this.buffer, this.fd, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, offset,
					length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("punch a hole into", this.path, ", " + length + " bytes at offset " + offset, ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	@Override
	public void shrink(long newSize) throws IOException {
		try {
			this.libc.ftruncate(this.buffer, this.fd, newSize);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("truncate", this.path, " to " + newSize + " bytes", ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	/**
	 * Calls {@code fdatasync(2)}. For the file system that is the same call as
	 * {@code msync(MS_SYNC)} over the whole mapping. It covers what was stored through
	 * any mapping, what {@code pwrite} wrote, and the size.
	 */
	@Override
	public void sync() throws IOException {
		try (CallMemory memory = this.libc.memory()) {
			this.libc.fdatasync(memory, this.fd);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("sync", this.path, "", ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	/**
	 * Calls {@code msync(2)}. Unlike {@code fdatasync} it leaves alone what is dirty
	 * elsewhere. Both learn of a failed writeback through the same descriptor.
	 */
	@Override
	public void sync(long offset, long length) throws IOException {
		try (CallMemory memory = this.libc.memory()) {
			this.space.sync(memory, offset, length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("sync", this.path, ", " + length + " bytes at offset " + offset, ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	/**
	 * The owner may set this time alone. Others who may write to the file may set either
	 * both times or none.
	 */
	@Override
	public void touch() {
		try (CallMemory memory = this.libc.memory()) {
			MemorySegment times = memory.allocate(4 * Long.BYTES, Long.BYTES);
			ByteBuffer fields = CallMemory.fields(times);
			fields.putLong(Long.BYTES, Libc.UTIME_OMIT).putLong(3 * Long.BYTES, Libc.UTIME_NOW);
			try {
				this.libc.futimens(memory, this.fd, times);
			}
			catch (SystemCallException ex) {
				fields.putLong(Long.BYTES, Libc.UTIME_NOW);
				this.libc.futimens(memory, this.fd, times);
			}
		}
		catch (SystemCallException ex) {
			// That is not permitted; or the device has failed, which a sync will tell.
		}
	}

	@Override
	public void syncDirectory() throws IOException {
		this.descriptor.syncDirectory(this.libc);
	}

	@Override
	public boolean isKnownWritable(long offset) {
		return this.space.isKnownWritable(offset);
	}

	@Override
	public boolean makeWritable(long offset) {
		try (CallMemory memory = this.libc.memory()) {
			return this.space.makeWritable(memory, offset);
		}
	}

	@Override
	public void close() throws IOException {
		this.space.resources().close();
	}

	@Override
	public void unmap() throws IOException {
		this.space.unmapAll();
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
