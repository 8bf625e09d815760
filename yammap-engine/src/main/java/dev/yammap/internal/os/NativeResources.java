package dev.yammap.internal.os;

import java.io.IOException;

/**
 * What a file holds of the system, to be given back when the file is over.
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
	 * Removes every mapping if that can be done, once {@link #close()} was called.
	 */
	void unmap() throws IOException;

}
