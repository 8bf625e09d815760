package dev.yammap.internal.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.event.Events;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Decides what becomes of an access that met a fault. The fault is one of the access
 * itself, as the {@link FaultBarrier} at the beginning of each call has let older faults
 * arrive.
 * <p>
 * A truncation through the same {@link dev.yammap.Mmap} may have taken the page away
 * during the access. That is a race, not a fault: one of the two comes first. So the
 * access is repeated while no size can change. It then finds the new size, or the page.
 * If it finds neither, the fault is real.
 */
public final class FaultGuard {

	private final GuardedFile file;

	private final Events events;

	public FaultGuard(GuardedFile file, Events events) {
		this.file = file;
		this.events = events;
	}

	/**
	 * Repeats the access of an I/O call.
	 * @param access the call itself, which comes here again if it meets another fault
	 * @throws MappedFaultException if it meets another fault
	 */
	public <T> T repeat(InternalError error, String operation, long offset, long length, IoCall<T> access)
			throws IOException {
		if (!FaultBarrier.isFault(error) || this.file.isSizeHeld()) {
			throw error;
		}
		return this.file.whileSizeStays(() -> {
			try {
				return access.call();
			}
			catch (InternalError again) {
				throw fault(again, operation, offset, length);
			}
		});
	}

	/**
	 * Repeats the access of a memory call, or takes another way if its place is not
	 * mapped. Throws nothing checked.
	 * @param failure an {@link InternalError} or an {@link IndexOutOfBoundsException}
	 */
	public <T> T repeatUnchecked(Throwable failure, String operation, long offset, long length, IoCall<T> access,
			IoCall<T> unmapped) {
		try {
			return (failure instanceof InternalError error) ? repeat(error, operation, offset, length, access)
					: reach(operation, offset, length, unmapped);
		}
		catch (MappedFaultException ex) {
			throw new UncheckedIOException(told(ex));
		}
		catch (ClosedChannelException ex) {
			throw new IllegalStateException(Printable.of(this.file.path()) + " is closed", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Takes the other way. If the file is shorter than its known size, that is a fault
	 * here, as it is for a load.
	 */
	private <T> T reach(String operation, long offset, long length, IoCall<T> unmapped) throws IOException {
		try {
			return unmapped.call();
		}
		catch (InternalError error) {
			return repeat(error, operation, offset, length, unmapped);
		}
	}

	/** Tells the listeners of a fault. The caller must hold no lock. */
	public MappedFaultException told(MappedFaultException fault) {
		this.events.faulted(fault);
		return fault;
	}

	/** Makes the exception for a fault that is real. */
	private MappedFaultException fault(InternalError error, String operation, long offset, long length) {
		FaultBarrier.requireFault(error);
		// A write may have changed some of its pages before. It does no harm if a read
		// counts as a write.
		this.file.mayBeWritten();
		return new MappedFaultException(operation + " of " + Printable.of(this.file.path()) + " at offset " + offset
				+ ", " + length + " bytes: the operating system could not provide a page. " + reason(offset + length),
				error);
	}

	/** Called while the size stays. */
	private String reason(long end) {
		long known = this.file.size();
		long actual = actualSize();
		if (0 <= actual && actual < Math.min(end, known)) {
			return "The file is only " + actual + " of " + known
					+ " bytes long: somebody else shortened it. Open it again, and keep others from writing to it";
		}
		return "Its storage is full or has failed: either the page needs a disk block and there is none (in a hole, or"
				+ " where the file system copies on write), or the device reports an error. Free space, preallocate"
				+ " files, and see the kernel's log (dmesg)";
	}

	/** Returns the size, or -1 if the operating system does not even tell that. */
	private long actualSize() {
		try {
			return this.file.actualSize();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/** What must be known of a file to tell a fault from a race with a truncation. */
	public interface GuardedFile {

		/** Returns the path as it was given. */
		Path path();

		/** Returns the known size in bytes. */
		long size();

		/** Asks the operating system for the size in bytes, whatever size is known. */
		long actualSize() throws IOException;

		/**
		 * Tells whether the calling thread holds the lock that keeps the size from
		 * changing.
		 */
		boolean isSizeHeld();

		/** Runs something while the size cannot change. */
		<T> T whileSizeStays(IoCall<T> body) throws IOException;

		/** Records that a failed access may have written something. */
		void mayBeWritten();

	}

}
