package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.Remedies;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.call.TransferBuffer;
import dev.yammap.internal.os.linux.memory.AddressSpace;
import dev.yammap.internal.os.linux.memory.Pages;

/**
 * Makes a file longer, and harms nothing that others write to it meanwhile.
 * <p>
 * The file grows by {@code pwrite(2)}, not by a store behind {@code ftruncate(2)}: that
 * is ten times as fast, and a full disk is an error instead of a SIGBUS. What takes more
 * than one call has its disk blocks allocated before, behind the end, where that changes
 * no size: so a full disk is met while there is nothing to undo.
 * <p>
 * Cutting a file puts its old size back, but no call cuts only what we wrote: another
 * process may have written behind it since anybody asked. So this cuts, and zeroes at a
 * place, only under an exclusive lock of ours. Without one, what a failed call wrote
 * stays, its exception says so, and zeros go where the kernel finds the end. Used by one
 * thread at a time.
 */
final class Growth {

	/** What is filled with zeros in no time. */
	private static final long SMALL_GROWTH = 1 << 20;

	private final Libc libc;

	private final Pages pages;

	private final Path path;

	private final int fd;

	/** Whether our lock says that nobody else writes. */
	private final boolean alone;

	private final Blocks blocks;

	private final AddressSpace space;

	private final CallState state;

	private final TransferBuffer buffer;

	/** Whether writes go to the end, whatever place they are given. */
	private boolean appends;

	/** Where the current call began to write. */
	private long start;

	/** How much it wrote there. */
	private long written;

	Growth(Libc libc, Pages pages, Path path, int fd, boolean alone, AddressSpace space, CallState state,
			TransferBuffer buffer, boolean appends) {
		this.libc = libc;
		this.pages = pages;
		this.path = path;
		this.fd = fd;
		this.alone = alone;
		this.blocks = new Blocks(libc, fd, alone, state);
		this.space = space;
		this.state = state;
		this.buffer = buffer;
		this.appends = appends;
	}

	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		long end = offset + length;
		begin();
		boolean done = false;
		try {
			write(size, source, index, length, offset);
			this.space.prepare(this.state, size, end);
			done = true;
		}
		catch (SystemCallException ex) {
			done = true;
			throw Errno.explain("extend", this.path, " by " + length + " bytes at offset " + offset, ex,
					undo(size, end));
		}
		catch (IOException ex) {
			done = true;
			throw told(ex, undo(size, end));
		}
		finally {
			if (!done) {
				undo(size, end);
			}
		}
	}

	private void write(long size, MemorySegment source, long index, long length, long offset)
			throws SystemCallException {
		// Zeros of a tail could not be taken back either.
		if (this.blocks.mayRunOut(length) || offset > size) {
			this.blocks.allocateBehindEnd(offset, offset + length);
		}
		if (offset > size) {
			zeroTail(size, offset);
		}
		append(false);
		for (long done = 0; done < length;) {
			long count = Math.min(length - done, TransferBuffer.SIZE);
			MemorySegment chunk = this.buffer.copyOf(source, index + done, count);
			done += this.libc.pwrite(this.state, this.fd, chunk, count, offset + done);
			wrote(offset, done);
		}
	}

	void grow(long size, long newSize, boolean preallocate) throws IOException {
		begin();
		boolean done = false;
		try {
			boolean allocatedAll = !preallocate || this.blocks.allocateBehindEnd(size, newSize);
			zeroTail(size, newSize);
			enlarge(size, newSize, allocatedAll ? newSize - 1 : size);
			wrote(size, newSize - size);
			this.space.prepare(this.state, size, newSize);
			done = true;
		}
		catch (SystemCallException ex) {
			done = true;
			throw Errno.explain("grow", this.path, " from " + size + " to " + newSize + " bytes", ex,
					undo(size, newSize));
		}
		catch (IOException ex) {
			done = true;
			throw told(ex, undo(size, newSize));
		}
		finally {
			if (!done) {
				undo(size, newSize);
			}
		}
	}

	/**
	 * Writes at the end by one {@code write(2)} with O_APPEND: the kernel finds the end
	 * and writes there in one step, against other processes too.
	 */
	void append(MemorySegment source, long index, long length) throws IOException {
		if (source.isNative()) {
			append(source.asSlice(index, length), length);
			return;
		}
		if (length <= TransferBuffer.SIZE) {
			append(this.buffer.copyOf(source, index, length), length);
			return;
		}
		try (CallMemory memory = this.libc.memories().take(length)) {
			append(TransferBuffer.copy(memory.transfer(), source, index, length), length);
		}
	}

	private void append(MemorySegment bytes, long length) throws IOException {
		this.written = 0;
		try {
			if (this.blocks.mayRunOut(length)) {
				allocateForAppend(length);
			}
			append(true);
			long count = this.libc.write(this.state, this.fd, bytes, length);
			if (count < length) {
				appendRest(bytes, count, length);
			}
		}
		catch (SystemCallException ex) {
			throw failedAppend(length, ex);
		}
	}

	/** Only a disk that is full makes a write short, and one of more than 2 GiB. */
	private void appendRest(MemorySegment bytes, long count, long length) throws SystemCallException, IOException {
		wrote(appendedEnd() - count, count);
		while (this.written < length) {
			long end = this.start + this.written;
			long more = this.libc.write(this.state, this.fd, bytes.asSlice(this.written), length - this.written);
			if (appendedEnd() != end + more) {
				throw new IOException("Cannot append to " + Printable.of(this.path) + ", " + length
						+ " bytes at offset " + this.start
						+ ", in one piece: another process wrote after the first part"
						+ Remedies.staying(this.written, this.start) + Remedies.staying(more, appendedEnd() - more));
			}
			wrote(this.start, this.written + more);
		}
	}

	private void allocateForAppend(long length) throws SystemCallException {
		long end = end();
		this.blocks.allocateBehindEnd(end, end + length);
	}

	private IOException failedAppend(long length, SystemCallException failure) throws IOException {
		try {
			long from = (this.written > 0) ? this.start : end();
			String where = ", " + length + " bytes at offset " + from;
			String staying = (this.written > 0) ? undo(from, from + this.written) : "";
			return Errno.explain("append to", this.path, where, failure, staying);
		}
		catch (SystemCallException ex) {
			return Errno.explain("append to", this.path, ", " + length + " bytes", failure);
		}
	}

	/** The offset of the descriptor, which a write moves, but also {@link #end()}. */
	long appendedEnd() throws SystemCallException {
		return this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_CUR);
	}

	/** A seek to the end tells the size without a structure that differs by processor. */
	long end() throws SystemCallException {
		return this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_END);
	}

	/**
	 * Cuts off what was written last, if nobody else can have written since.
	 * @return whether it did
	 */
	boolean cut(long from, long to) throws SystemCallException {
		boolean last = this.alone && end() == to;
		if (last) {
			this.libc.ftruncate(this.state, this.fd, from);
			this.space.forgetPages();
		}
		return last;
	}

	/**
	 * Has zeros behind the end in the file's last page, up to {@code limit}: a store of
	 * somebody's may have put other bytes there, which tmpfs and FUSE would show once the
	 * file is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws SystemCallException {
		long end = Math.min(this.pages.ceil(size), limit);
		if (size == end) {
			return;
		}
		if (this.alone) {
			append(false);
			for (long from = size; from < end;) {
				long count = Math.min(end - from, TransferBuffer.SIZE);
				from += this.libc.pwrite(this.state, this.fd, this.buffer.zeros(count), count, from);
			}
		}
		else {
			appendZeros(end);
		}
	}

	/** Makes the file so long by zeros that overwrite nothing, whoever else appends. */
	private void appendZeros(long newSize) throws SystemCallException {
		append(true);
		for (long left = newSize - end(); left > 0; left = newSize - end()) {
			long count = Math.min(left, TransferBuffer.SIZE);
			count = this.libc.write(this.state, this.fd, this.buffer.zeros(count), count);
			wrote((this.written > 0) ? this.start : appendedEnd() - count, this.written + count);
		}
	}

	/**
	 * Has writes go to the end, or to the place that they are given. The one descriptor
	 * serves both: most files are written to in one of the two ways alone.
	 */
	private void append(boolean append) throws SystemCallException {
		if (this.appends != append) {
			this.libc.setFlags(this.state, this.fd, append ? Libc.O_APPEND : 0);
			this.appends = append;
		}
	}

	/**
	 * Sets the size, unless the file is that long by now. Allocating blocks never cuts
	 * what another process wrote meanwhile, as {@code ftruncate} can; so where there is
	 * only that, zeros make the file longer, unless they are too many.
	 * @param from what to allocate blocks from
	 */
	private void enlarge(long size, long newSize, long from) throws SystemCallException {
		if (this.blocks.allocate(from, newSize)) {
			return;
		}
		EngineLogger.saySparse(this.path);
		if (this.alone) {
			this.libc.ftruncate(this.state, this.fd, newSize);
			return;
		}
		appendZeros((newSize - size <= SMALL_GROWTH) ? newSize : this.pages.ceil(size));
		if (end() < newSize) {
			// A byte at the new end cuts nothing of what others write.
			append(false);
			this.libc.pwrite(this.state, this.fd, this.buffer.zeros(1), 1, newSize - 1);
		}
	}

	/** Gives every hole in the start of the file its disk blocks. */
	void allocate(long length) throws IOException {
		if (length == 0) {
			return;
		}
		try {
			if (!this.blocks.allocate(0, length)) {
				EngineLogger.saySparse(this.path);
			}
		}
		catch (SystemCallException ex) {
			throw Errno.explain("allocate", this.path, ", " + length + " bytes at offset 0", ex);
		}
	}

	private void wrote(long offset, long length) {
		this.start = offset;
		this.written = length;
	}

	private void begin() {
		this.written = 0;
		this.blocks.takeAllocated();
	}

	private static IOException told(IOException failure, String staying) {
		return staying.isEmpty() ? failure : new IOException(failure.getMessage() + staying, failure);
	}

	/**
	 * Puts the old size back, and frees what was allocated behind it, if nobody else can
	 * have written there.
	 * @param newSize what the size can have become by our doing
	 * @return what stays, for the message
	 */
	private String undo(long size, long newSize) {
		try {
			long end = this.alone ? end() : Long.MAX_VALUE;
			if (size <= end && end <= newSize) {
				// Also where the size is as it was, this frees what lies behind it.
				if (this.blocks.takeAllocated() || end > size) {
					this.libc.ftruncate(this.state, this.fd, size);
					this.space.forgetPages();
				}
				return "";
			}
		}
		catch (SystemCallException ex) {
			EngineLogger.get()
				.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
						this.path, size, ex.getMessage());
		}
		return (this.written > 0) ? Remedies.staying(this.written, this.start) : "";
	}

}
