package dev.yammap.spring.boot;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.yammap.Mmap;

/**
 * The mapped files of an application: those named under {@code yammap.files}. Each is a
 * bean of its own as well, under the same name, unless the application defines an
 * {@code Mmap} bean of that name itself; such a bean is not of this registry. All methods
 * may be called by any number of threads.
 * <p>
 * The registry owns its files: it opens each once, when its bean is created or it is
 * asked for here, and syncs and closes them when the application stops, after every
 * singleton of the context has been destroyed. Nobody else needs to close one.
 */
public interface Mmaps {

	/**
	 * Returns the names of all files of this registry, open or not.
	 * @return the names, in the order of the configuration; unmodifiable
	 */
	Set<String> names();

	/**
	 * Tells whether this registry has a file of the given name, open or not.
	 * @param name the name of a file
	 * @return whether it is one of {@link #names()}
	 */
	default boolean contains(String name) {
		return names().contains(name);
	}

	/**
	 * Returns the file of the given name, opening it if this is the first call for it.
	 * @param name the name of a file
	 * @return the file; every call returns the same one
	 * @throws java.util.NoSuchElementException if there is no file of that name
	 * @throws java.io.UncheckedIOException if the file can't be opened
	 * @throws IllegalStateException if the registry is closed: every singleton of the
	 * context has been destroyed; or if the application has {@linkplain Mmap#close()
	 * closed} the file, which is not opened a second time here: {@link Mmap#builder}
	 * opens it again
	 */
	Mmap get(String name);

	/**
	 * Adds a handler that is called each time a file with {@code reload-on-update} was
	 * replaced, or overwritten in place: every call of its {@link Mmap} that begins then
	 * is on the new content. Handlers are called in the order they were added, on the
	 * thread that follows the files, which follows no other meanwhile, before the
	 * {@link MmapReloadedEvent} is published. What a handler throws is logged. For a file
	 * that is not followed, the handler is never called.
	 * @param name the name of a file
	 * @param handler what to call with the file, which is the bean, the same as before
	 * @throws java.util.NoSuchElementException if there is no file of that name
	 * @throws UnsupportedOperationException if this registry follows no files, as the
	 * application's own may
	 */
	default void addReloadHandler(String name, Consumer<Mmap> handler) {
		throw new UnsupportedOperationException("This registry follows no files");
	}

	/**
	 * Returns the files that are open now, opening none.
	 * @return the files by name, in the order they were opened; unmodifiable, a snapshot
	 */
	Map<String, Mmap> openFiles();

}
