package dev.yammap;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A page of a mapping that the operating system could not provide: the file was shortened
 * by somebody else, a hole of it could not be filled because the disk is full, or the
 * device failed. A bare mapping answers with {@code SIGBUS}; an {@link Mmap} throws this
 * exception from the very call that touched the page, and stays usable.
 * <p>
 * {@linkplain Mmap I/O calls} throw it as it is, memory calls wrap it in an
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
