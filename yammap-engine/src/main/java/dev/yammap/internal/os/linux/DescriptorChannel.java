package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import dev.yammap.internal.os.BackendFile.ChannelCall;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.CallThreads.NoThreadException;
import dev.yammap.internal.os.Printable;

/**
 * Opens the file of a descriptor once more, for a call of a {@link FileChannel} of the
 * JDK: by its name in {@code /proc/self/fd} ({@code proc(5)}), which leads to that file,
 * whatever is at its path by now. This does not touch the locks of the descriptor
 * ({@link FileLock}).
 */
final class DescriptorChannel {

	/** Where the descriptors of this process have names. */
	static final Path NAMES = Path.of("/proc/self/fd");

	private final Path path;

	private final Path name;

	private final Set<? extends OpenOption> options;

	DescriptorChannel(Path path, int fd, boolean writable, Path names) {
		this.path = path;
		this.name = names.resolve(Integer.toString(fd));
		this.options = writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
				: Set.of(StandardOpenOption.READ);
	}

	/**
	 * Makes a call on a thread that no interrupt reaches. If the call's arena belongs to
	 * the caller's thread alone, that thread makes the call.
	 */
	<T> T run(ChannelCall<T> call) throws IOException {
		try {
			return CallThreads.call(() -> openAndCall(call));
		}
		catch (WrongThreadException | NoThreadException ex) {
			return runHere(call);
		}
	}

	/**
	 * Makes the call on this thread. An interrupt closes the channel, which belongs to
	 * this call alone.
	 */
	private <T> T runHere(ChannelCall<T> call) throws IOException {
		boolean interrupted = false;
		try {
			while (true) {
				interrupted |= Thread.interrupted();
				try {
					return openAndCall(call);
				}
				catch (ClosedByInterruptException ex) {
					// It is made once more, without the interrupt.
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private <T> T openAndCall(ChannelCall<T> call) throws IOException {
		try (FileChannel channel = open()) {
			return call.on(channel);
		}
	}

	private FileChannel open() throws IOException {
		try {
			return FileChannel.open(this.name, this.options);
		}
		catch (NoSuchFileException ex) {
			throw new UnsupportedOperationException("Cannot map " + Printable.of(this.path) + " through a channel: "
					+ this.name + " does not exist. Mount /proc, or use segment()", ex);
		}
		catch (AccessDeniedException ex) {
			AccessDeniedException denied = new AccessDeniedException(Printable.of(this.path), null,
					"Mapping through a channel opens the file once more, which is not permitted. Use segment()");
			denied.initCause(ex);
			throw denied;
		}
	}

}
