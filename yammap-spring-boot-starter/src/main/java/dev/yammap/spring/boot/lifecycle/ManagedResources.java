package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;

/**
 * All resources of one kind in an application context, such as its mapped files. They
 * live longer than every singleton, and are given up for a checkpoint.
 */
@FunctionalInterface
public interface ManagedResources {

	/**
	 * Gives everything up before a checkpoint, until {@link #resume()}, whatever happens
	 * to each. Does nothing unless overridden.
	 * @throws IOException if something failed
	 */
	default void suspend() throws IOException {
	}

	/**
	 * Takes everything up again after a restore, whatever happens to each. Does nothing
	 * unless overridden.
	 * @throws IOException if something failed
	 */
	default void resume() throws IOException {
	}

	/**
	 * Closes everything for good, whatever happens to each. Further calls do nothing.
	 * @throws IOException if something failed
	 */
	void destroy() throws IOException;

}
