package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

import dev.yammap.internal.backend.AccessOptions;
import dev.yammap.internal.backend.BackendFile;
import dev.yammap.internal.backend.MappingOptions;

/**
 * A file as {@code java.io} sees it, and its {@link Mappings}.
 * <p>
 * No interrupt may close the file, so nothing here calls a channel on the caller's
 * thread. A {@link RandomAccessFile} reads and writes, sets and tells the size, an
 * {@link AppendStream} writes at the end: neither knows interrupts, and both report a
 * full disk as an error. What only a channel can do, to map and to sync, goes through
 * {@link UninterruptibleCalls}. {@link java.io.FileDescriptor#sync()} would need no such
 * detour; but it does not say why it failed, and on macOS leaves the data in the device's
 * cache.
 * <p>
 * There is no way to ask for disk blocks but to write zeros. These go to the end of the
 * file, so that whoever else writes to it meanwhile loses nothing.
 */
final class PortableFile implements BackendFile {

	private static final System.Logger LOGGER = System.getLogger("dev.yammap");

	/** What is read or filled at once. */
	private static final int CHUNK_SIZE = 64 << 10;

	/** No system has larger pages of a file. Must not be more than a chunk. */
	private static final long LARGEST_PAGE = 64 << 10;

	/** What is filled with zeros in no time; some pages at least. */
	private static final long SMALL_GROWTH = 1 << 20;

	/** No system has smaller pages. */
	private static final long SMALLEST_PAGE = 4 << 10;

	private final Path path;

	private final Handles handles;

	private final RandomAccessFile file;

	private final PositionalBytes bytes;

	private final Mappings mappings;

	private final FreeSpace space;

	private final boolean populate;

	private final boolean syncCoversMappings;

	/** Whether a part of the file may have no disk blocks. */
	private volatile boolean holes;

	/**
	 * The start of the page that was last made writable; a hint, so races are harmless.
	 */
	private volatile long writablePage = -1;

	PortableFile(Path path, Handles handles, AccessOptions access, MappingOptions options, boolean syncCoversMappings) {
		this.path = path;
		this.handles = handles;
		this.file = handles.file();
		this.bytes = new PositionalBytes(this.file);
		this.populate = options.populate();
		this.syncCoversMappings = syncCoversMappings;
		this.mappings = new Mappings(path, this.file, mode(access, options));
		this.space = new FreeSpace(path);
		this.holes = !handles.created();
	}

	private static MapMode mode(AccessOptions access, MappingOptions options) {
		if (!access.write()) {
			return MapMode.READ_ONLY;
		}
		return options.isPrivate() ? MapMode.PRIVATE : MapMode.READ_WRITE;
	}

	private AppendStream end() {
		return Objects.requireNonNull(this.handles.end(), "Not open for writing");
	}

	@Override
	public boolean created() {
		return this.handles.created();
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
	public MemorySegment map(long size) throws IOException {
		return this.mappings.follow(size);
	}

	@Override
	public MemorySegment mapAll(long size) throws IOException {
		return this.mappings.mapAll(size);
	}

	/** Reads the range, so that it is in the page cache; more Java cannot do. */
	@Override
	public void prepare(long from, long to) throws IOException {
		if (!this.populate) {
			return;
		}
		byte[] chunk = new byte[CHUNK_SIZE];
		MemorySegment target = MemorySegment.ofArray(chunk);
		for (long offset = from; offset < to; offset += CHUNK_SIZE) {
			read(target, 0, Math.min(to - offset, CHUNK_SIZE), offset);
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
		growing(size, "extend", " by " + length + " bytes at offset " + offset, () -> {
			if (offset > size) {
				this.holes = true;
				zeroTail(size, offset);
			}
			this.bytes.write(source, index, length, offset);
		});
	}

	@Override
	public void grow(long size, long newSize, boolean preallocate) throws IOException {
		growing(size, "grow", " from " + size + " to " + newSize + " bytes", () -> {
			if (preallocate) {
				this.space.require(newSize - size);
				fill(newSize);
			}
			else {
				this.holes = true;
				// Setting the size would cut what another process writes at that very
				// moment, so this is for files that are too large to be filled.
				fill((newSize - size > SMALL_GROWTH) ? pageEnd(size) : newSize);
				if (this.file.length() < newSize) {
					this.file.setLength(newSize);
				}
			}
		});
		this.mappings.followAtOnce(newSize);
	}

	/**
	 * Zeroes what lies behind the end in the file's last page, up to {@code limit}: bytes
	 * that a store of somebody's put there, which some file systems would show once the
	 * file is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws IOException {
		fill(Math.min(pageEnd(size), limit));
	}

	private static long pageEnd(long size) {
		return (size + LARGEST_PAGE - 1) & -LARGEST_PAGE;
	}

	/**
	 * Adds zeros at the end. Where somebody else did so too, they are taken back, as
	 * others may have made the file as long as it shall be.
	 */
	private void fill(long newSize) throws IOException {
		for (long size = this.file.length(); size < newSize; size = this.file.length()) {
			int count = (int) Math.min(newSize - size, CHUNK_SIZE);
			end().writeZeros(count);
			long end = end().position();
			if (end - count > size) {
				undoAppend(end, count);
			}
		}
	}

	private void growing(long size, String operation, String where, Growth growth) throws IOException {
		boolean grown = false;
		try {
			growth.run();
			grown = true;
		}
		catch (IOException ex) {
			throw Failures.explain(operation, this.path, where, ex);
		}
		finally {
			if (!grown) {
				restore(size);
			}
		}
	}

	private void restore(long size) {
		try {
			if (this.file.length() > size) {
				this.file.setLength(size);
			}
		}
		catch (IOException ex) {
			LOGGER.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
					this.path, size, ex.getMessage());
		}
	}

	@Override
	public void append(MemorySegment source, long index, long length) throws IOException {
		long start = size();
		try {
			end().write(source, index, length);
		}
		catch (IOException ex) {
			IOException failure = Failures.explain("append to", this.path, ", " + length + " bytes at offset " + start,
					ex);
			undoPart(source.asSlice(index, length), start, failure);
			throw failure;
		}
	}

	@Override
	public long appendedEnd() throws IOException {
		try {
			return end().position();
		}
		catch (IOException ex) {
			throw Failures.explain("ask for the offset of", this.path, "", ex);
		}
	}

	/**
	 * Takes back the part that was written before a failure. How long it is nobody tells;
	 * so what follows the old end must be just that, and nothing of another writer's.
	 */
	private void undoPart(MemorySegment source, long start, IOException failure) {
		try {
			long length = size() - start;
			if (length <= 0 || length > source.byteSize()) {
				return;
			}
			byte[] written = new byte[(int) length];
			byte[] meant = new byte[(int) length];
			MemorySegment.copy(source, 0, MemorySegment.ofArray(meant), 0, length);
			read(MemorySegment.ofArray(written), 0, length, start);
			if (Arrays.equals(written, meant)) {
				shrink(start);
			}
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public void undoAppend(long end, long length) throws IOException {
		if (size() == end) {
			shrink(end - length);
		}
	}

	/** There is no way to do that but to write, and nothing here may be overwritten. */
	@Override
	public void allocate(long length) {
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
			this.writablePage = -1;
		}
	}

	/**
	 * {@link FileChannel#force}, with the metadata of which the size is a part. That is
	 * {@code fsync(2)} on Linux, which writes back what was stored through any mapping as
	 * well; {@code F_FULLFSYNC} on macOS and {@code FlushFileBuffers} on Windows, which
	 * need not know of such stores: there each mapping is written back before
	 * ({@code msync(2)}, {@code FlushViewOfFile}).
	 */
	@Override
	public void sync() throws IOException {
		try {
			UninterruptibleCalls.run(() -> {
				if (!this.syncCoversMappings) {
					this.mappings.force();
				}
				this.file.getChannel().force(true);
				return true;
			});
		}
		catch (IOException ex) {
			throw Failures.explain("sync", this.path, "", ex);
		}
	}

	@Override
	public void syncDirectory() throws IOException {
		this.handles.syncDirectory();
	}

	@Override
	public boolean isKnownWritable(long offset) {
		return (offset & -SMALLEST_PAGE) == this.writablePage;
	}

	/**
	 * Nothing can be asked of a page here. But a file that was created and filled has a
	 * block for each; and for a page of another file there is one while the file system
	 * has space. What remains is a disk that somebody fills between this and the update.
	 */
	@Override
	public boolean makeWritable(long offset) {
		if (this.holes && this.space.isShort()) {
			return false;
		}
		this.writablePage = offset & -SMALLEST_PAGE;
		return true;
	}

	@Override
	public void deleteIfCreated() throws IOException {
		if (this.handles.created()) {
			Files.deleteIfExists(this.handles.path());
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.handles.close();
		}
		catch (IOException ex) {
			throw Failures.explain("close", this.path, "", ex);
		}
	}

	@Override
	public void unmap() {
		this.mappings.unmapAll();
	}

	/** For messages. */
	@Override
	public String toString() {
		return this.path.toString();
	}

	/** Something that makes the file longer, and may fail half-way. */
	@FunctionalInterface
	private interface Growth {

		void run() throws IOException;

	}

}
