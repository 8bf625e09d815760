package dev.yammap.internal.backend.linux;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.internal.backend.BackendFile;

/**
 * A file as Linux sees it: a descriptor and its {@link AddressSpace}.
 * <p>
 * The file grows by {@code pwrite(2)}, not by a store behind {@code ftruncate(2)}: that
 * is ten times as fast, and a full disk is an error instead of a SIGBUS. Whatever grows
 * it puts the old size back if it fails half-way.
 */
final class LinuxFile implements BackendFile {

	private static final System.Logger LOGGER = System.getLogger("dev.yammap");

	/**
	 * Said once per process, or an application with a thousand files says nothing else.
	 */
	private static final AtomicBoolean SPARSE_SAID = new AtomicBoolean();

	/** What one system call writes at most, unless it must be one call. */
	private static final int BUFFER_SIZE = 64 << 10;

	private final Libc libc;

	private final Pages pages;

	private final Path path;

	private final Descriptor descriptor;

	private final int fd;

	private final AddressSpace space;

	/** For the methods that one thread at a time may call. */
	private final CallState state;

	private MemorySegment buffer = MemorySegment.NULL;

	LinuxFile(Libc libc, Pages pages, Path path, Descriptor descriptor, AddressSpace space) {
		this.libc = libc;
		this.pages = pages;
		this.path = path;
		this.descriptor = descriptor;
		this.fd = descriptor.number();
		this.space = space;
		this.state = CallState.in(Arena.ofAuto());
	}

	@Override
	public boolean created() {
		return this.descriptor.created();
	}

	/** A seek to the end tells the size without a structure that differs by processor. */
	@Override
	public long size() throws IOException {
		try {
			return this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_END);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the size of", this.path, "", ex);
		}
	}

	@Override
	public MemorySegment map(long size) throws IOException {
		return this.space.map(this.state, size);
	}

	@Override
	public void prepare(long from, long to) throws IOException {
		this.space.prepare(this.state, from, to);
	}

	@Override
	public void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		growing(size, "extend", " by " + length + " bytes at offset " + offset, () -> {
			zeroTail(size, offset);
			for (long done = 0; done < length;) {
				long count = Math.min(length - done, BUFFER_SIZE);
				MemorySegment chunk = copy(buffer(), source, index + done, count);
				done += this.libc.pwrite(this.state, this.fd, chunk, count, offset + done);
			}
			this.space.prepare(this.state, size, offset + length);
		});
	}

	@Override
	public void grow(long size, long newSize, boolean preallocate) throws IOException {
		growing(size, "grow", " from " + size + " to " + newSize + " bytes", () -> {
			zeroTail(size, newSize);
			// One block at the end makes the file longer, and never cuts what another
			// process wrote meanwhile, as ftruncate can.
			long from = preallocate ? size : newSize - 1;
			if (!allocate(from, newSize)) {
				this.libc.ftruncate(this.state, this.fd, newSize);
			}
			this.space.prepare(this.state, size, newSize);
		});
	}

	/**
	 * Zeroes what lies behind the end in the file's last page, up to {@code limit}: bytes
	 * that a store of somebody's put there, which tmpfs and FUSE would show once the file
	 * is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws SystemCallException {
		long end = Math.min(this.pages.ceil(size), limit);
		for (long from = size; from < end;) {
			long count = Math.min(end - from, BUFFER_SIZE);
			MemorySegment zeros = buffer().asSlice(0, count).fill((byte) 0);
			from += this.libc.pwrite(this.state, this.fd, zeros, count, from);
		}
	}

	@Override
	public void allocate(long length) throws IOException {
		if (length == 0) {
			return;
		}
		try {
			allocate(0, length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("allocate", this.path, ", " + length + " bytes at offset 0", ex);
		}
	}

	/** Returns whether the file system could allocate the blocks. */
	private boolean allocate(long from, long to) throws SystemCallException {
		try {
			this.libc.fallocate(this.state, this.fd, from, to - from);
			return true;
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EOPNOTSUPP && ex.errno() != Errno.ENOSYS) {
				throw ex;
			}
			if (SPARSE_SAID.compareAndSet(false, true)) {
				LOGGER.log(Level.INFO, "The file system of {0} cannot preallocate ({1}): files are sparse, and a"
						+ " write into a hole can meet a full disk", this.path, ex.getMessage());
			}
			return false;
		}
	}

	private void growing(long size, String operation, String where, Growth growth) throws IOException {
		boolean grown = false;
		try {
			growth.run();
			grown = true;
		}
		catch (SystemCallException ex) {
			throw Errno.explain(operation, this.path, where, ex);
		}
		finally {
			if (!grown) {
				restore(size);
			}
		}
	}

	/**
	 * Puts the old size back. Freeing what was just allocated does not fail for space.
	 */
	private void restore(long size) {
		try {
			if (this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_END) > size) {
				this.libc.ftruncate(this.state, this.fd, size);
			}
		}
		catch (SystemCallException ex) {
			LOGGER.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
					this.path, size, ex.getMessage());
		}
	}

	/**
	 * One {@code write(2)} on a descriptor opened with O_APPEND: the kernel finds the end
	 * and writes there in one step, against other processes too.
	 */
	@Override
	public void append(MemorySegment source, long index, long length) throws IOException {
		if (length <= BUFFER_SIZE) {
			append(copy(buffer(), source, index, length), length);
			return;
		}
		try (Arena arena = Arena.ofConfined()) {
			append(copy(arena.allocate(length), source, index, length), length);
		}
	}

	private void append(MemorySegment bytes, long length) throws IOException {
		long done = 0;
		try {
			while (done < length) {
				done += this.libc.write(this.state, this.fd, bytes.asSlice(done), length - done);
			}
		}
		catch (SystemCallException ex) {
			IOException failure = Errno.explain("append to", this.path,
					", " + length + " bytes at offset " + (size() - done), ex);
			undoPart(done, failure);
			throw failure;
		}
	}

	/** The offset of the descriptor, which is moved by {@code write(2)} alone. */
	@Override
	public long appendedEnd() throws IOException {
		try {
			return this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_CUR);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("ask for the offset of", this.path, "", ex);
		}
	}

	private void undoPart(long length, IOException failure) {
		if (length == 0) {
			return;
		}
		try {
			undoAppend(appendedEnd(), length);
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

	@Override
	public void shrink(long newSize) throws IOException {
		try {
			this.libc.ftruncate(this.state, this.fd, newSize);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("truncate", this.path, " to " + newSize + " bytes", ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	/**
	 * {@code fdatasync(2)}: the same call of the file system as {@code msync(MS_SYNC)}
	 * over the whole mapping, with the pages written by stores and by {@code pwrite},
	 * behind every mapping of the file, and with its size.
	 */
	@Override
	public void sync() throws IOException {
		try (Arena arena = Arena.ofConfined()) {
			this.libc.fdatasync(CallState.in(arena), this.fd);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("sync", this.path, "", ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	/**
	 * {@code msync(2)}, which unlike {@code fdatasync} leaves alone what is dirty
	 * elsewhere. Both take a failed writeback from the same descriptor.
	 */
	@Override
	public void sync(long offset, long length) throws IOException {
		try (Arena arena = Arena.ofConfined()) {
			this.space.sync(CallState.in(arena), offset, length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("sync", this.path, ", " + length + " bytes at offset " + offset, ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	@Override
	public void syncDirectory() throws IOException {
		Path directory = directory();
		try (Arena arena = Arena.ofConfined()) {
			CallState call = CallState.in(arena);
			MemorySegment name = FileNames.encode(directory, arena);
			int number = this.libc.open(call, name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
			try {
				this.libc.fsync(call, number);
			}
			finally {
				this.libc.close(call, number);
			}
		}
		catch (SystemCallException ex) {
			throw Errno.explain("sync the directory", directory, "", ex);
		}
	}

	/** The directory that got the name. */
	private Path directory() {
		Path file = this.descriptor.path().toAbsolutePath();
		Path parent = file.getParent();
		return (parent != null) ? parent : file;
	}

	@Override
	public boolean isKnownWritable(long offset) {
		return this.space.isKnownWritable(offset);
	}

	@Override
	public boolean makeWritable(long offset) {
		try (Arena arena = Arena.ofConfined()) {
			return this.space.makeWritable(CallState.in(arena), offset);
		}
	}

	@Override
	public void deleteIfCreated() throws IOException {
		if (this.descriptor.created()) {
			Files.deleteIfExists(this.descriptor.path());
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.libc.close(this.state, this.fd);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("close", this.path, "", ex);
		}
	}

	@Override
	public void unmap() throws IOException {
		this.space.unmapAll();
	}

	private MemorySegment buffer() {
		if (this.buffer.equals(MemorySegment.NULL)) {
			this.buffer = Arena.ofAuto().allocate(BUFFER_SIZE);
		}
		return this.buffer;
	}

	/** For messages. */
	@Override
	public String toString() {
		return this.path.toString();
	}

	/** A copy, as the heap has no address and a buffer of the caller's may go away. */
	private static MemorySegment copy(MemorySegment target, MemorySegment source, long index, long length) {
		MemorySegment.copy(source, index, target, 0, length);
		return target;
	}

	/** Something that makes the file longer, and may fail half-way. */
	@FunctionalInterface
	private interface Growth {

		void run() throws IOException, SystemCallException;

	}

}
