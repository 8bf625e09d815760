package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.NativeResources;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.memory.MappedRanges;

/**
 * A descriptor and addresses, nothing else. So whoever holds this keeps no segment
 * reachable. {@link #unmap()} does not end any segment, so none may be left.
 *
 * @param libc the functions to call
 * @param path the file, for messages
 * @param fd the descriptor
 * @param ranges the mappings
 */
record LinuxResources(Libc libc, Path path, int fd, MappedRanges ranges) implements NativeResources {

	@Override
	public void close() throws IOException {
		try (CallMemory memory = this.libc.memory()) {
			this.libc.close(memory, this.fd);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("close", this.path, "", ex);
		}
	}

	@Override
	public void unmap() throws IOException {
		this.ranges.unmapAll();
	}

}
