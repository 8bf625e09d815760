package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.Remedies;
import dev.yammap.internal.os.UndoableGrowth;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.call.TransferBuffer;
import dev.yammap.internal.os.linux.memory.AddressSpace;
import dev.yammap.internal.os.linux.memory.Pages;

/**
 * Makes a file longer, without harm to anything that others write to it meanwhile.
 * <p>
 * The file grows by {@code pwrite(2)}, not by a store behind {@code ftruncate(2)}: that
 * is ten times as fast, and a full disk is an error instead of a SIGBUS. A truncation and
 * a write that leaves a gap have their disk blocks allocated first, behind the end, which
 * does not change the size; other writes only where space is short. So a full disk is met
 * while there is nothing to undo.
 * <p>
 * Zeros are written at a given place only under an exclusive lock of ours. Without one
 * they are appended where the kernel finds the end. Used by one thread at a time.
 */
final class Growth extends UndoableGrowth<SystemCallException> {

	/**
	 * Up to this length a growth is filled with zeros, which takes no time to speak of.
	 */
	private static final long SMALL_GROWTH = 1 << 20;

	private final Libc libc;

	private final Pages pages;

	private final int fd;

	private final Blocks blocks;

	private final AddressSpace space;

	private final TransferBuffer buffer;

	/** Whether writes go to the end now, whatever place they are given. */
	private boolean appends;

	Growth(Libc libc, Pages pages, Path path, int fd, boolean alone, AddressSpace space, TransferBuffer buffer,
			boolean appends) {
		super(path, alone);
		this.libc = libc;
		this.pages = pages;
		this.fd = fd;
		this.blocks = new Blocks(libc, fd, alone, buffer);
		this.space = space;
		this.buffer = buffer;
		this.appends = appends;
	}

	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		begin();
		try {
			write(size, source, index, length, offset);
			this.space.prepare(this.buffer, size, offset + length);
		}
		catch (SystemCallException | IOException ex) {
			String staying = undo(size, offset + length);
			throw told("extend", " by " + length + " bytes at offset " + offset, ex, staying);
		}
		catch (RuntimeException | Error ex) {
			undo(size, offset + length);
			throw ex;
		}
	}

	private void write(long size, MemorySegment source, long index, long length, long offset)
			throws SystemCallException {
		// Zeros of the tail could not be taken back either.
		if (this.blocks.mayRunOut(length) || offset > size) {
			allocateBehindEnd(offset, offset + length);
		}
		if (offset > size) {
			zeroTail(size, offset);
		}
		append(false);
		for (long done = 0; done < length;) {
			long count = Math.min(length - done, TransferBuffer.SIZE);
			MemorySegment chunk = this.buffer.copyOf(source, index + done, count);
			done += this.libc.pwrite(this.buffer, this.fd, chunk, count, offset + done);
			wrote(offset, done);
		}
	}

	void grow(long size, long newSize, boolean preallocate) throws IOException {
		begin();
		try {
			boolean allocatedAll = !preallocate || allocateBehindEnd(size, newSize);
			zeroTail(size, newSize);
			enlarge(size, newSize, allocatedAll ? newSize - 1 : size);
			wrote(size, newSize - size);
			this.space.prepare(this.buffer, size, newSize);
		}
		catch (SystemCallException | IOException ex) {
			String staying = undo(size, newSize);
			throw told("grow", " from " + size + " to " + newSize + " bytes", ex, staying);
		}
		catch (RuntimeException | Error ex) {
			undo(size, newSize);
			throw ex;
		}
	}

	/**
	 * Writes at the end by one {@code write(2)} with O_APPEND: the kernel finds the end
	 * and writes there in one step, against other processes too.
	 */
	void append(MemorySegment bytes, long length) throws IOException {
		begin();
		try {
			if (this.blocks.mayRunOut(length)) {
				long end = end();
				allocateBehindEnd(end, end + length);
			}
			append(true);
			long count = this.libc.write(this.buffer, this.fd, bytes, length);
			if (count < length) {
				appendRest(bytes, count, length);
			}
		}
		catch (SystemCallException ex) {
			throw failedAppend(length, ex);
		}
	}

	/**
	 * Writes the rest. A write is short only if the disk is full, or if it is longer than
	 * 2 GiB.
	 */
	private void appendRest(MemorySegment bytes, long count, long length) throws SystemCallException, IOException {
		wrote(appendedEnd() - count, count);
		while (this.written < length) {
			long end = this.start + this.written;
			long more = this.libc.write(this.buffer, this.fd, bytes.asSlice(this.written), length - this.written);
			if (appendedEnd() != end + more) {
				throw new IOException("Cannot append to " + Printable.of(this.path) + ", " + length
						+ " bytes at offset " + this.start
						+ ", in one piece: another process wrote after the first part"
						+ Remedies.staying(this.written, this.start) + Remedies.staying(more, appendedEnd() - more));
			}
			wrote(this.start, this.written + more);
		}
	}

	private boolean allocateBehindEnd(long from, long to) throws SystemCallException {
		allocating();
		return this.blocks.allocateBehindEnd(from, to);
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

	/**
	 * Returns the offset of the descriptor. A write moves it, but so does {@link #end()}.
	 */
	long appendedEnd() throws SystemCallException {
		return this.libc.lseek(this.buffer, this.fd, Libc.SEEK_CUR);
	}

	/** Seeks to the end, which needs no structure that differs by processor. */
	@Override
	protected long end() throws SystemCallException {
		return this.libc.lseek(this.buffer, this.fd, Libc.SEEK_END);
	}

	@Override
	protected void setSize(long size) throws SystemCallException {
		this.libc.ftruncate(this.buffer, this.fd, size);
		this.space.forgetPages();
	}

	/**
	 * Writes zeros behind the end in the file's last page, up to {@code limit}. A store
	 * may have put other bytes there, which tmpfs and FUSE would show once the file is
	 * longer. The pages after it are new.
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
				from += this.libc.pwrite(this.buffer, this.fd, this.buffer.zeros(count), count, from);
			}
		}
		else {
			appendZeros(end);
		}
	}

	/**
	 * Makes the file that long by zeros that overwrite nothing, even if others append
	 * meanwhile.
	 */
	private void appendZeros(long newSize) throws SystemCallException {
		append(true);
		for (long left = newSize - end(); left > 0; left = newSize - end()) {
			long count = Math.min(left, TransferBuffer.SIZE);
			count = this.libc.write(this.buffer, this.fd, this.buffer.zeros(count), count);
			wrote((this.written > 0) ? this.start : appendedEnd() - count, this.written + count);
		}
	}

	/**
	 * Makes writes go to the end, or to the place that they are given. One descriptor
	 * serves both kinds of write, as most files are written to in only one of the two
	 * ways.
	 */
	private void append(boolean append) throws SystemCallException {
		if (this.appends != append) {
			this.libc.setFlags(this.buffer, this.fd, append ? Libc.O_APPEND : 0);
			this.appends = append;
		}
	}

	/**
	 * Sets the size, unless the file is that long by now. To allocate blocks never cuts
	 * what another process wrote meanwhile, while {@code ftruncate} can. So if the file
	 * system cannot allocate blocks, zeros make the file longer, unless that would take
	 * too many.
	 * @param from the offset from which to allocate blocks
	 */
	private void enlarge(long size, long newSize, long from) throws SystemCallException {
		if (this.blocks.allocate(from, newSize)) {
			return;
		}
		EngineLogger.saySparse(this.path);
		if (this.alone) {
			this.libc.ftruncate(this.buffer, this.fd, newSize);
			return;
		}
		appendZeros((newSize - size <= SMALL_GROWTH) ? newSize : this.pages.ceil(size));
		if (end() < newSize) {
			// A byte at the new end cuts off nothing that others write.
			append(false);
			this.libc.pwrite(this.buffer, this.fd, this.buffer.zeros(1), 1, newSize - 1);
		}
	}

	/**
	 * Allocates disk blocks for every hole in the start of the file, then makes all of it
	 * zeros, which takes no more blocks.
	 */
	boolean zero(long length) throws IOException {
		try {
			return this.blocks.allocate(0, length) && this.blocks.zero(0, length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("allocate", this.path, ", " + length + " bytes at offset 0", ex);
		}
		finally {
			this.space.forgetPages();
		}
	}

	private IOException told(String operation, String where, Exception failure, String staying) {
		if (failure instanceof SystemCallException ex) {
			return Errno.explain(operation, this.path, where, ex, staying);
		}
		return staying.isEmpty() ? (IOException) failure : new IOException(failure.getMessage() + staying, failure);
	}

}
