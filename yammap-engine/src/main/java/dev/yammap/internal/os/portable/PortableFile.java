package dev.yammap.internal.os.portable;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.CallThreads.NoThreadException;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Printable;

/**
 * A file as {@code java.io} sees it, and its {@link Mappings}.
 * <p>
 * No interrupt may close the file, so nothing here calls a channel on the caller's
 * thread. A {@link RandomAccessFile} reads and writes, and sets and tells the size. An
 * {@link AppendStream} writes at the end. Neither knows interrupts, and both report a
 * full disk as an error. Only a channel can map and sync, so these calls go through
 * {@link CallThreads}. ({@link java.io.FileDescriptor#sync()} would need no such detour.
 * But it does not say why it failed, and on macOS it leaves the data in the device's
 * cache.)
 */
final class PortableFile implements BackendFile {

	private final Path path;

	private final Handles handles;

	private final RandomAccessFile file;

	private final PositionalBytes bytes;

	private final Mappings mappings;

	private final Growth growth;

	private final WritablePages pages;

	private final MappingOptions options;

	private final FileKeys keys;

	private final boolean syncCoversMappings;

	PortableFile(Path path, Handles handles, AccessOptions access, MappingOptions options, boolean syncCoversMappings,
			FreeSpace space) {
		this.path = path;
		this.handles = handles;
		this.file = handles.file();
		this.bytes = new PositionalBytes(this.file);
		this.options = options;
		this.keys = new FileKeys(access.followLinks());
		this.syncCoversMappings = syncCoversMappings;
		this.mappings = new Mappings(path, this.file, mode(access, options));
		this.growth = new Growth(path, handles, options.lock() == LockMode.EXCLUSIVE, this.bytes, space);
		this.pages = new WritablePages(options.isPrivate(), space, this.growth);
	}

	private static MapMode mode(AccessOptions access, MappingOptions options) {
		if (!access.write()) {
			return MapMode.READ_ONLY;
		}
		return options.isPrivate() ? MapMode.PRIVATE : MapMode.READ_WRITE;
	}

	@Override
	public Backend backend() {
		return Backend.PORTABLE;
	}

	@Override
	public Origin origin() {
		return this.handles.origin();
	}

	@Override
	public long size() throws IOException {
		try {
			return this.file.length();
		}
		catch (IOException ex) {
			throw Failures.explain("ask for the size of", this.path, "", ex);
		}
	}

	@Override
	public void lock() throws IOException {
		ChannelLock.take(this.file, this.path, this.options.lock());
	}

	@Override
	public @Nullable Closeable tryLock(long position, long size, boolean shared) throws IOException {
		return ChannelLock.tryRange(this.file, this.path, this.options.lock(), position, size, shared);
	}

	/**
	 * Uses the channel of the file itself: to open the file again and close it would
	 * release its lock.
	 */
	@Override
	public <T> T onChannel(boolean writable, ChannelCall<T> call) throws IOException {
		try {
			return CallThreads.call(() -> call.on(this.file.getChannel()));
		}
		catch (WrongThreadException ex) {
			throw new UnsupportedOperationException("Cannot map " + Printable.of(this.path)
					+ " into a confined arena: the portable backend maps on a thread of its own, so that no"
					+ " interrupt closes the file. Use a shared or an automatic arena", ex);
		}
	}

	@Override
	public boolean isCurrent() throws IOException {
		try {
			return Objects.equals(this.keys.of(this.path), this.handles.key());
		}
		catch (IOException ex) {
			// There is nothing, or a link that leads nowhere or may not be followed.
			boolean elsewhere = !Files.exists(this.path) || Files.isSymbolicLink(this.path);
			if (elsewhere && !(ex instanceof AccessDeniedException)) {
				return false;
			}
			throw Failures.explain("look for", this.path, "", ex);
		}
	}

	@Override
	public void advise(Advice advice, long offset, long length) {
		throw PortableBackend.unsupported("advise " + advice + " for", this.path, "advise the kernel");
	}

	@Override
	public void punchHole(long offset, long length) {
		throw PortableBackend.unsupported("punch a hole into", this.path, "free a file's blocks");
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) {
		return Optional.empty();
	}

	@Override
	public MemorySegment.Scope scope() {
		return this.mappings.scope();
	}

	@Override
	public Handles remains() {
		return this.handles;
	}

	@Override
	public long mappedSize() {
		return this.mappings.size();
	}

	@Override
	public MemorySegment map(long size) throws IOException {
		return this.mappings.follow(size);
	}

	@Override
	public MemorySegment mapAll(long size) throws IOException {
		return this.mappings.mapAll(size);
	}

	/** Reads the range, so that it is in the page cache. Java cannot do more. */
	@Override
	public void prepare(long from, long to) throws IOException {
		if (!this.options.populate()) {
			return;
		}
		MemorySegment target = MemorySegment.ofArray(new byte[PositionalBytes.CHUNK_SIZE]);
		for (long offset = from; offset < to; offset += target.byteSize()) {
			read(target, 0, Math.min(to - offset, target.byteSize()), offset);
		}
	}

	@Override
	public long read(MemorySegment target, long index, long length, long offset) throws IOException {
		try {
			return this.bytes.read(target, index, length, offset);
		}
		catch (IOException ex) {
			throw Failures.explain("read", this.path, ", " + length + " bytes at offset " + offset, ex);
		}
	}

	@Override
	public void write(MemorySegment source, long index, long length, long offset) throws IOException {
		try {
			this.bytes.write(source, index, length, offset);
		}
		catch (IOException ex) {
			throw Failures.explain("write", this.path, ", " + length + " bytes at offset " + offset, ex);
		}
	}

	@Override
	public void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		this.growth.extend(size, source, index, length, offset);
	}

	@Override
	public void grow(long size, long newSize, boolean preallocate) throws IOException {
		this.growth.grow(size, newSize, preallocate);
		this.mappings.followAtOnce(newSize);
	}

	@Override
	public void append(MemorySegment source, long index, long length) throws IOException {
		this.growth.append(source, index, length);
	}

	@Override
	public long appendedEnd() throws IOException {
		try {
			return this.growth.appendedEnd();
		}
		catch (MappedFaultException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw Failures.explain("ask for the offset of", this.path, "", ex);
		}
	}

	@Override
	public boolean undoAppend(long end, long length) throws IOException {
		try {
			return this.growth.cut(end - length, end);
		}
		catch (IOException ex) {
			throw Failures.explain("truncate", this.path, " to " + (end - length) + " bytes", ex);
		}
		finally {
			this.pages.forget();
		}
	}

	/** Java has no call for that. */
	@Override
	public boolean zero(long length) {
		return false;
	}

	@Override
	public void shrink(long newSize) throws IOException {
		try {
			this.file.setLength(newSize);
		}
		catch (IOException ex) {
			throw Failures.explain("truncate", this.path, " to " + newSize + " bytes", ex);
		}
		finally {
			this.pages.forget();
		}
	}

	/**
	 * Calls {@link FileChannel#force} with the metadata, as the size is a part of them.
	 * On Linux that is {@code fsync(2)}, which also writes back what was stored through
	 * any mapping. {@code F_FULLFSYNC} of macOS and {@code FlushFileBuffers} of Windows
	 * need not know of such stores, so there each mapping is written back first
	 * ({@code msync(2)}, {@code FlushViewOfFile}).
	 */
	@Override
	public void sync() throws IOException {
		try {
			CallThreads.run(() -> {
				if (!this.syncCoversMappings) {
					this.mappings.force();
				}
				this.file.getChannel().force(true);
			});
		}
		catch (NoThreadException ex) {
			syncHere(ex);
		}
		catch (IOException ex) {
			throw Failures.explain("sync", this.path, "", ex);
		}
	}

	/**
	 * Syncs on the caller's thread, and a virtual thread keeps its carrier meanwhile. A
	 * failed sync is remembered for good, so it must not fail only because no thread can
	 * be started. Where mappings are written back first, this call would not be the same.
	 */
	private void syncHere(NoThreadException failure) throws IOException {
		try {
			if (!this.syncCoversMappings) {
				throw failure;
			}
			this.file.getFD().sync();
		}
		catch (IOException ex) {
			throw Failures.explain("sync", this.path, "", ex);
		}
	}

	/**
	 * Java sets times only by name. So this works only for the owner, only while the path
	 * leads to this file, and only if the file system tells that. It is not done while
	 * the file is locked: Java opens the file for it and closes it again, which would
	 * release every lock that the process has on it ({@code fcntl(2)}, advisory record
	 * locking).
	 */
	@Override
	public void touch() {
		if (this.options.lock() != LockMode.NONE) {
			return;
		}
		try {
			this.keys.touch(this.path, this.handles.key());
		}
		catch (IOException ex) {
			// That is not permitted; or the device has failed, which a sync will tell.
		}
	}

	@Override
	public void syncDirectory() throws IOException {
		this.handles.syncDirectory();
	}

	@Override
	public boolean isKnownWritable(long offset) {
		return this.pages.isKnown(offset);
	}

	@Override
	public boolean makeWritable(long offset) {
		return this.pages.find(offset);
	}

	@Override
	public void close() throws IOException {
		this.handles.close();
	}

	@Override
	public void unmap() {
		this.mappings.unmapAll();
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
