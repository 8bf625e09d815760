package dev.yammap.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.fault.FaultBarrier;
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
public record FaultGuard(SizeLock lock) {

	/**
	 * Repeats the access of an I/O call.
	 * @param access the call itself, which comes here again if it meets another fault
	 * @throws MappedFaultException if it meets another fault
	 */
	public <T> T repeat(InternalError error, String operation, long offset, long length, IoCall<T> access)
			throws IOException {
		if (!FaultBarrier.isFault(error) || this.lock.isSizeHeld()) {
			throw error;
		}
		return this.lock.whileSizeStays(() -> {
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
		return unchecked(this.lock.path(), () -> {
			if (failure instanceof InternalError error) {
				return repeat(error, operation, offset, length, access);
			}
			try {
				return unmapped.call();
			}
			catch (InternalError error) {
				// The file is shorter than its known size: a fault, as it is for a load.
				return repeat(error, operation, offset, length, unmapped);
			}
		});
	}

	/** Runs a call on a file, and throws its failures as memory calls do. */
	public static <T> T unchecked(Path path, IoCall<T> body) {
		try {
			return body.call();
		}
		catch (ClosedChannelException ex) {
			throw new IllegalStateException(Printable.of(path) + " is closed", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Makes the exception for a fault. Listeners hear of it when the lock is released.
	 */
	private MappedFaultException fault(InternalError error, String operation, long offset, long length) {
		FaultBarrier.requireFault(error);
		// A write may have changed some of its pages before. It does no harm if a read
		// counts as a write.
		this.lock.mayBeWritten();
		return this.lock.changes()
			.noted(new MappedFaultException(
					operation + " of " + Printable.of(this.lock.path()) + " at offset " + offset + ", " + length
							+ " bytes: the operating system could not provide a page. " + reason(offset + length),
					error));
	}

	/** Called while the size stays. */
	private String reason(long end) {
		long known = this.lock.size();
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
			return this.lock.actualSize();
		}
		catch (IOException ex) {
			return -1;
		}
	}

}
