package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Remedies;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * The directory that holds the name of a file.
 */
final class Directory {

	private Directory() {
	}

	/** Makes the name of a file durable, or logs why it is not. */
	static void sync(Libc libc, Descriptor file) throws IOException {
		Path directory = file.origin().directoryOf(file.path());
		try (CallMemory memory = libc.memory()) {
			sync(libc, memory, FileNames.encode(directory, memory));
		}
		catch (SystemCallException ex) {
			switch (ex.errno()) {
				case Errno.EACCES, Errno.EPERM -> warn(file, directory, ex, Remedies.DIRECTORY_DENIED);
				case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOSYS ->
					warn(file, directory, ex, Remedies.DIRECTORY_UNSUPPORTED);
				default -> throw Errno.explain("sync the directory", directory, "", ex);
			}
		}
	}

	private static void sync(Libc libc, CallState state, MemorySegment name) throws SystemCallException {
		int number = libc.open(state, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
		try {
			libc.fsync(state, number);
		}
		finally {
			libc.close(state, number);
		}
	}

	private static void warn(Descriptor file, Path directory, SystemCallException failure, String remedy) {
		EngineLogger.sayNotDurable(file.path(), directory, String.valueOf(failure.getMessage()), remedy);
	}

}
