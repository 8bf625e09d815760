package dev.yammap;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * The operating system could not provide a page of a mapping: somebody else shortened the
 * file, a hole of it could not be filled because the disk is full, or the device failed.
 * With a bare mapping that is a {@code SIGBUS}. An {@link Mmap} throws this exception
 * from the very call that touched the page, and stays usable.
 * <p>
 * {@linkplain Mmap I/O calls} throw it as it is; memory calls wrap it in an
 * {@link java.io.UncheckedIOException}.
 */
public class MappedFaultException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param message the operation, the file, the offset and length, what is known of the
	 * reason, and what to do about it
	 * @param cause the error of the virtual machine, or {@code null}
	 */
	public MappedFaultException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
