package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Does the same with each of several resources, also after it has failed with one.
 */
public final class Each {

	private Each() {
	}

	/**
	 * Does something with each resource.
	 * @param <T> the type of the resources
	 * @param resources the resources
	 * @param action what is done with each
	 * @param failure what to say if that fails, such as "files could not be closed"
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	public static <T> void of(Collection<T> resources, Action<? super T> action, String failure) throws IOException {
		List<Throwable> failures = new ArrayList<>();
		for (T resource : resources) {
			try {
				action.run(resource);
			}
			catch (IOException | RuntimeException | Error ex) {
				failures.add(ex);
			}
		}
		if (!failures.isEmpty()) {
			IOException all = new IOException(failures.size() + " of " + resources.size() + " " + failure);
			failures.forEach(all::addSuppressed);
			throw all;
		}
	}

	/**
	 * What is done with each resource.
	 *
	 * @param <T> the type of the resource
	 */
	@FunctionalInterface
	public interface Action<T> {

		void run(T resource) throws IOException;

	}

}
