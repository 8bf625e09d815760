package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to one resource. Its meters are an example.
 */
public interface ResourceFollower {

	/**
	 * The resource is open. May be called more than once for an open resource.
	 * @param resource the file or journal
	 */
	void opened(Object resource);

	/**
	 * The operating system has synced the resource, or failed to.
	 * @param duration how long it took
	 * @param failure why it failed, or {@code null} if it succeeded
	 */
	void synced(Duration duration, @Nullable IOException failure);

	/**
	 * The resource is closed.
	 * @param resource the file or journal
	 */
	void closed(Object resource);

}
