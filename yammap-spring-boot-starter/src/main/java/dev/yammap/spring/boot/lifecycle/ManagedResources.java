package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;

/**
 * All resources of one kind in an application context, such as its mapped files. They
 * live longer than every singleton, and are suspended for a checkpoint.
 */
@FunctionalInterface
public interface ManagedResources {

	/**
	 * Suspends everything before a checkpoint, until {@link #resume()}. If one resource
	 * fails, the others are still suspended. Does nothing unless overridden.
	 * @throws IOException if something failed
	 */
	default void suspend() throws IOException {
	}

	/**
	 * Resumes everything after a restore. If one resource fails, the others are still
	 * resumed. Does nothing unless overridden.
	 * @throws IOException if something failed
	 */
	default void resume() throws IOException {
	}

	/**
	 * Closes everything for good. If one resource fails, the others are still closed.
	 * Further calls do nothing.
	 * @throws IOException if something failed
	 */
	void destroy() throws IOException;

}
