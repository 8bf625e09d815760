package dev.yammap.internal.os.linux.call;

/**
 * A system call failed. Says which one, and what it left in {@code errno}. It stays
 * within the native backend: callers get an {@link java.io.IOException} that also names
 * the file, and says what to do.
 */
public final class SystemCallException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String function;

	private final Errno errno;

	public SystemCallException(String function, int errno, String word) {
		super(word + " (" + function + ", errno " + errno + ")");
		this.function = function;
		this.errno = Errno.of(errno);
	}

	String function() {
		return this.function;
	}

	public Errno errno() {
		return this.errno;
	}

}
