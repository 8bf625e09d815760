package dev.yammap.spring.boot;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.yammap.Mmap;

/**
 * The mapped files of an application: those named under {@code yammap.files}, and those
 * that it {@linkplain #open opens} while it runs. Each configured file is also a bean of
 * that name. If the application defines an {@code Mmap} bean of that name itself, its
 * bean takes the place of the file, and does not belong to this registry. All methods may
 * be called by any number of threads.
 * <p>
 * The registry owns its files. It opens each once, when its bean is created or when it is
 * first asked for here. It syncs and closes them when the application stops, after every
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
	 * Returns the file of the given name, and opens it if this is the first call for it.
	 * @param name the name of a file
	 * @return the file; every call returns the same one
	 * @throws java.util.NoSuchElementException if there is no file of that name
	 * @throws java.io.UncheckedIOException if the file cannot be opened
	 * @throws IllegalStateException if the registry is closed, as every singleton of the
	 * context has been destroyed; or if the application has {@linkplain Mmap#close()
	 * closed} the file. The registry does not open it a second time, but
	 * {@link Mmap#builder} can
	 */
	Mmap get(String name);

	/**
	 * Opens a file that is not configured, such as that of a tenant. Until it is closed,
	 * it is a file of this registry like any other: {@link #get(String)} finds it, it has
	 * meters and health, the endpoint shows it, and it is synced and closed with the
	 * others when the application stops. But it is no bean.
	 * <p>
	 * Every {@link MmapBuilderCustomizer} is called, as for a configured file. If
	 * something fails, there is no such file, and the call may be repeated.
	 * @param name a name that no file of this registry has
	 * @param properties sets the properties of the file, with the meaning and the
	 * defaults they have under {@code yammap.files.<name>}. A path is needed;
	 * {@code enabled} and {@code primary} have no effect. Do not keep the object
	 * @return the file. Its {@link Mmap#close()} closes it without the last sync of
	 * {@link #close(String)}, and is otherwise the same
	 * @throws IllegalArgumentException if the name is in use, or is blank, begins with
	 * {@code &} or contains an expression, as for a configured file; or if the path is
	 * that of another file of this registry, or of a file that belongs to a journal of
	 * {@link Journals}
	 * @throws org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException
	 * if a property is wrong, or contradicts another
	 * @throws java.io.UncheckedIOException if the file can't be opened
	 * @throws IllegalStateException if the registry is closed, or during a checkpoint
	 * @throws UnsupportedOperationException if this registry opens only what is
	 * configured, as the application's own may
	 */
	default Mmap open(String name, Consumer<FileProperties> properties) {
		throw new UnsupportedOperationException("This registry opens no files at run time");
	}

	/**
	 * Syncs and closes a file that was opened by {@link #open(String, Consumer)}, and
	 * forgets it, with its meters, its health and its entry of the endpoint. The name may
	 * be used again. The file is forgotten even if this fails. If it could not be closed,
	 * what is left of it is closed when the application stops, or before by another call
	 * of its {@link Mmap#close()}.
	 * @param name the name of the file
	 * @throws java.util.NoSuchElementException if there is no file of that name
	 * @throws IllegalStateException if the file is a configured one, which this registry
	 * closes when the application stops
	 * @throws IOException if it could not be synced, or not be closed
	 * @throws UnsupportedOperationException if this registry opens only what is
	 * configured, as the application's own may
	 */
	default void close(String name) throws IOException {
		throw new UnsupportedOperationException("This registry opens no files at run time");
	}

	/**
	 * Adds a handler that is called each time a file with {@code reload-on-update} was
	 * replaced, or overwritten in place. By then every new call of its {@link Mmap} uses
	 * the new content. Handlers are called in the order they were added, on the thread
	 * that follows the files, before the {@link MmapReloadedEvent} is published. No other
	 * file is followed until they return. What a handler throws is logged. For a file
	 * that is not followed, the handler is never called.
	 * @param name the name of a file
	 * @param handler is called with the file: the same bean as before
	 * @throws java.util.NoSuchElementException if there is no file of that name
	 * @throws UnsupportedOperationException if this registry follows no files, as the
	 * application's own may
	 */
	default void addReloadHandler(String name, Consumer<Mmap> handler) {
		throw new UnsupportedOperationException("This registry follows no files");
	}

	/**
	 * Returns the files that are open now. Opens none.
	 * @return the files by name, in the order they were opened; unmodifiable, a snapshot
	 */
	Map<String, Mmap> openFiles();

}
