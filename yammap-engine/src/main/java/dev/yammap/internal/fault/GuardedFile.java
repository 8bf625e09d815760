package dev.yammap.internal.fault;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.IoCall;

/**
 * What the {@link FaultGuard} must know about a file to tell a fault from a race with a
 * truncation.
 */
public interface GuardedFile {

	/** Returns the path as it was given. */
	Path path();

	/** Returns the known size in bytes. */
	long size();

	/** Asks the operating system for the size in bytes, whatever size is known. */
	long actualSize() throws IOException;

	/**
	 * Tells whether the calling thread holds the lock that keeps the size from changing.
	 */
	boolean isSizeHeld();

	/** Runs something while the size cannot change. */
	<T> T whileSizeStays(IoCall<T> body) throws IOException;

	/** Records that a failed access may have written something. */
	void mayBeWritten();

}
