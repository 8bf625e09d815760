package dev.yammap.spring.boot.registry;

import dev.yammap.spring.boot.tracking.TrackedResource;

/**
 * Told which resources a registry has: those that are configured, and those that are
 * opened and closed at run time.
 *
 * @param <T> what it is told of
 */
public interface RegistryListener<T extends TrackedResource> {

	/**
	 * The registry has a resource. Called for each file that it had before the listener
	 * was added, by the thread that adds it, and then by each thread that opens one at
	 * run time. May be called twice for one that is opened meanwhile.
	 * @param resource the resource, open or not
	 */
	void added(T resource);

	/**
	 * A resource that was opened at run time is closed, and no longer one of the
	 * registry.
	 * @param resource the resource
	 */
	default void removed(T resource) {
	}

}
