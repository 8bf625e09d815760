package dev.yammap.internal.os;

import java.io.IOException;

/**
 * What a file holds of the operating system. It must be given back when the file ends.
 */
public interface NativeResources {

	/**
	 * Closes the descriptor. Mappings stay until {@link #unmap()}.
	 */
	void close() throws IOException;

	/**
	 * Tells whether {@link #unmap()} removes anything.
	 */
	default boolean canUnmap() {
		return true;
	}

	/**
	 * Removes every mapping, if that can be done. Called after {@link #close()}.
	 */
	void unmap() throws IOException;

}
