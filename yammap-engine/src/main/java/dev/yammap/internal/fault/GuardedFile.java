package dev.yammap.internal.fault;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.IoCall;

/**
 * What the {@link FaultGuard} must know of a file to tell a fault from a race with a
 * truncation.
 */
public interface GuardedFile {

	/** Returns the path as it was given. */
	Path path();

	/** Returns the size in bytes as it is known. */
	long size();

	/** Asks the operating system for the size in bytes, believing nothing. */
	long actualSize() throws IOException;

	/** Tells whether the calling thread keeps the size from changing. */
	boolean isSizeHeld();

	/** Runs something that no change of the size can come between. */
	<T> T whileSizeStays(IoCall<T> body) throws IOException;

	/** Records that a failed access may have written something. */
	void mayBeWritten();

}
