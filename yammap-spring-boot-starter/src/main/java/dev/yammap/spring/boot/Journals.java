package dev.yammap.spring.boot;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.yammap.journal.Journal;

/**
 * The journals of an application: those named under {@code yammap.journals}, and those
 * that it {@linkplain #open opens} while it runs. Each configured journal is also a bean
 * of that name. If the application defines a {@code Journal} bean of that name itself,
 * its bean takes the place of the journal, and does not belong to this registry. All
 * methods may be called by any number of threads.
 * <p>
 * The registry owns its journals, as {@link Mmaps} owns its files. It opens each once,
 * when its bean is created or when it is first asked for here. It syncs and closes them
 * when the application stops, after every singleton of the context has been destroyed.
 * Nobody else needs to close one.
 */
public interface Journals {

	/**
	 * Returns the names of all journals of this registry, open or not.
	 * @return the names, in the order of the configuration; unmodifiable
	 */
	Set<String> names();

	/**
	 * Tells whether this registry has a journal of the given name, open or not.
	 * @param name the name of a journal
	 * @return whether it is one of {@link #names()}
	 */
	default boolean contains(String name) {
		return names().contains(name);
	}

	/**
	 * Returns the journal of the given name, and opens it if this is the first call for
	 * it.
	 * @param name the name of a journal
	 * @return the journal; every call returns the same one
	 * @throws java.util.NoSuchElementException if there is no journal of that name
	 * @throws java.io.UncheckedIOException if the journal cannot be opened
	 * @throws IllegalStateException if the registry is closed, as every singleton of the
	 * context has been destroyed; or if the application has {@linkplain Journal#close()
	 * closed} the journal. The registry does not open it a second time, but
	 * {@link Journal#builder} can
	 */
	Journal get(String name);

	/**
	 * Opens a journal that is not configured, such as that of a tenant. Until it is
	 * closed, it is a journal of this registry like any other: {@link #get(String)} finds
	 * it, it has meters and health, the endpoint shows it, and it is synced and closed
	 * with the others when the application stops. But it is no bean.
	 * <p>
	 * Every {@link JournalBuilderCustomizer} is called, as for a configured journal. If
	 * something fails, there is no such journal, and the call may be repeated.
	 * @param name a name that no journal of this registry has, and no file of
	 * {@link Mmaps}
	 * @param properties sets the properties of the journal, with the meaning and the
	 * defaults they have under {@code yammap.journals.<name>}. A path is needed;
	 * {@code enabled} and {@code primary} have no effect. Do not keep the object
	 * @return the journal. Its {@link Journal#close()} closes it as
	 * {@link #close(String)} does
	 * @throws IllegalArgumentException if the name is in use, or is blank, begins with
	 * {@code &} or contains an expression, as for a configured journal; or if the path is
	 * that of another journal of this registry, or {@link Mmaps} has a file there that a
	 * journal would take for its own
	 * @throws org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException
	 * if a property is wrong, or contradicts another
	 * @throws java.io.UncheckedIOException if the journal can't be opened
	 * @throws IllegalStateException if the registry is closed
	 * @throws UnsupportedOperationException if this registry opens only what is
	 * configured, as the application's own may
	 */
	default Journal open(String name, Consumer<JournalProperties> properties) {
		throw new UnsupportedOperationException("This registry opens no journals at run time");
	}

	/**
	 * Syncs and closes a journal that was opened by {@link #open(String, Consumer)}, and
	 * forgets it, with its meters, its health and its entry of the endpoint. The name may
	 * be used again. The journal is forgotten even if this fails. If it could not be
	 * closed, what is left of it is closed when the application stops.
	 * @param name the name of the journal
	 * @throws java.util.NoSuchElementException if there is no journal of that name
	 * @throws IllegalStateException if the journal is a configured one, which this
	 * registry closes when the application stops
	 * @throws IOException if it could not be synced, or not be closed
	 * @throws UnsupportedOperationException if this registry opens only what is
	 * configured, as the application's own may
	 */
	default void close(String name) throws IOException {
		throw new UnsupportedOperationException("This registry opens no journals at run time");
	}

	/**
	 * Returns the journals that are open now. Opens none.
	 * @return the journals by name, in the order they were opened; unmodifiable, a
	 * snapshot
	 */
	Map<String, Journal> openJournals();

}
