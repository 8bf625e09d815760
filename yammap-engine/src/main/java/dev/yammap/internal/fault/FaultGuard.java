package dev.yammap.internal.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.event.Events;
import dev.yammap.internal.os.IoCall;

/**
 * Decides what becomes of an access that met a fault: this access and no other, as the
 * {@link FaultBarrier} where each call begins lets no other in. A truncation through the
 * same {@link dev.yammap.Mmap} may have taken the page away under the access; that is no
 * fault but a race that one of the two must lose. So the access is done again while no
 * size can change: then it finds the new size, or the page, or the fault is real.
 */
public final class FaultGuard {

	private final GuardedFile file;

	private final Events events;

	public FaultGuard(GuardedFile file, Events events) {
		this.file = file;
		this.events = events;
	}

	/**
	 * Does an access of an I/O call again.
	 * @param error what it met
	 * @param operation the name of the call
	 * @param access the call itself, which comes here again if it meets a fault again
	 * @throws MappedFaultException if it meets a fault again
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
	 * Does an access of a memory call again, or goes another way if the place is not
	 * mapped; nothing checked is thrown.
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
			throw new IllegalStateException("Already closed", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A file that is shorter than is known is a fault here as it is for a load. */
	private <T> T reach(String operation, long offset, long length, IoCall<T> unmapped) throws IOException {
		try {
			return unmapped.call();
		}
		catch (InternalError error) {
			return repeat(error, operation, offset, length, unmapped);
		}
	}

	/** Tells the listeners of a fault, once no lock is held. */
	public MappedFaultException told(MappedFaultException fault) {
		this.events.faulted(fault);
		return fault;
	}

	/** Makes the exception for a fault that is real. */
	private MappedFaultException fault(InternalError error, String operation, long offset, long length) {
		FaultBarrier.requireFault(error);
		// A write may have come to some of its pages; a read does no harm to be taken for
		// one.
		this.file.mayBeWritten();
		return new MappedFaultException(operation + " of " + this.file.path() + " at offset " + offset + ", " + length
				+ " bytes: the operating system could not provide a page. " + reason(offset + length), error);
	}

	/** Called while the size stays. */
	private String reason(long end) {
		long known = this.file.size();
		long actual = actualSize();
		if (0 <= actual && actual < Math.min(end, known)) {
			return "The file is only " + actual + " of " + known
					+ " bytes long: somebody else shortened it. Open it again, and keep others from writing to it";
		}
		return "Its storage is full or has failed: the page needs a block, as in a hole or where the file system copies"
				+ " on write, or the device reports an error. Free space, preallocate files, and see the kernel's log";
	}

	/** Returns the size, or -1 where not even that can be had. */
	private long actualSize() {
		try {
			return this.file.actualSize();
		}
		catch (IOException ex) {
			return -1;
		}
	}

}
