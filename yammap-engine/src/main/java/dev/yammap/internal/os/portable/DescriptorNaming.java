package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Gives what is open a name by which it can be opened again, whatever is at its path.
 */
@FunctionalInterface
interface DescriptorNaming {

	/**
	 * Returns the name of what a channel has open, or {@code null} if this system has no
	 * such names. Moves the channel.
	 * @throws java.nio.channels.ClosedByInterruptException if the thread was interrupted
	 * at that very moment; if it was before, that does not matter
	 * @throws IOException if the channel has open what has no offset
	 */
	@Nullable Path of(FileChannel channel) throws IOException;

}
