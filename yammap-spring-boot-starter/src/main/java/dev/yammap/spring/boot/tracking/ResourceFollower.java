package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Told what happens to one resource, such as its meters.
 */
public interface ResourceFollower {

	/**
	 * The resource is open. May be called more than once for one that is.
	 * @param resource the file or journal
	 */
	void opened(Object resource);

	/**
	 * The operating system has synced the resource, or failed to.
	 * @param duration how long it took
	 * @param failure why it failed, or {@code null} if it did not
	 */
	void synced(Duration duration, @Nullable IOException failure);

	/**
	 * The resource is closed.
	 * @param resource the file or journal
	 */
	void closed(Object resource);

}
