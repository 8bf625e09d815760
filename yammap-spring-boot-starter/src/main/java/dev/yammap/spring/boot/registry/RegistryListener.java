package dev.yammap.spring.boot.registry;

import dev.yammap.spring.boot.tracking.TrackedResource;

/**
 * Hears which resources a registry has: those that are configured, and those that are
 * opened and closed at run time.
 *
 * @param <T> what is known of a resource
 */
public interface RegistryListener<T extends TrackedResource> {

	/**
	 * The registry has a resource. The thread that adds the listener calls this for each
	 * resource that the registry already has. After that, each thread that opens a
	 * resource at run time calls it. It may be called twice for a resource that is opened
	 * while the listener is added. The caller holds no lock.
	 * @param resource the resource, open or not
	 */
	void added(T resource);

	/**
	 * A resource that was opened at run time was closed, and is no longer in the
	 * registry. This is the last that the listener hears of it. It may be called twice,
	 * and also before {@link #added}, for a resource that is closed while it is added, or
	 * while the listener is.
	 * @param resource the resource
	 */
	default void removed(T resource) {
	}

}
