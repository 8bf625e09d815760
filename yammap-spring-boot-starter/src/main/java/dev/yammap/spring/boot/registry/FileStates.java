package dev.yammap.spring.boot.registry;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The states of all files of an application: those of the registry, and {@link Mmap}
 * beans that the application made itself. Creates no bean and opens no file.
 */
public final class FileStates {

	private final Mmaps mmaps;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Map<String, FileState> unmanaged = new ConcurrentHashMap<>();

	public FileStates(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		this.mmaps = mmaps;
		this.beanFactory = beanFactory;
	}

	/** Asked for each time: a bean may be registered at any time. */
	private List<String> beanNames() {
		return Arrays.asList(this.beanFactory.getBeanNamesForType(Mmap.class, false, false));
	}

	/**
	 * Returns the states of all files.
	 * @return the states by name, those of the registry first
	 */
	public Map<String, FileState> all() {
		Set<String> names = new LinkedHashSet<>(this.mmaps.names());
		names.addAll(beanNames());
		Map<String, FileState> states = new LinkedHashMap<>();
		for (String name : names) {
			FileState state = find(name);
			if (state != null) {
				states.put(name, state);
			}
		}
		return states;
	}

	/**
	 * Returns the state of one file.
	 * @param name the name of the file or bean
	 * @return the state, or {@code null} if there is no such file
	 */
	public @Nullable FileState find(String name) {
		FileState state = findInRegistry(name);
		if (state != null && state.file() != null) {
			return state;
		}
		// What is no singleton yet is not created for this.
		if (this.beanFactory.containsLocalBean(name) && this.beanFactory.getSingleton(name) instanceof Mmap file) {
			return unmanaged(name, file);
		}
		return state;
	}

	/**
	 * Returns the state of a file of the registry, open or not.
	 * @param name the name of the file
	 * @return the state, or {@code null} if the registry has no such file, or is not the
	 * one of this starter
	 */
	public @Nullable FileState managed(String name) {
		return (this.mmaps instanceof DefaultMmaps registry) ? registry.states().get(name) : null;
	}

	/**
	 * Returns the states of the files that the registry of this context owns, open or
	 * not.
	 * @return the states by name
	 */
	public Map<String, FileState> ofRegistry() {
		return (this.mmaps instanceof DefaultMmaps registry) ? registry.ownStates() : Map.of();
	}

	/**
	 * Returns the files that are open, those of the application's own included.
	 */
	public Stream<Mmap> openFiles() {
		return all().values().stream().map(FileState::file).filter(Objects::nonNull).filter(Mmap::isOpen);
	}

	private @Nullable FileState findInRegistry(String name) {
		if (this.mmaps instanceof DefaultMmaps) {
			return managed(name);
		}
		Mmap file = this.mmaps.openFiles().get(name);
		return (file != null) ? unmanaged(name, file) : null;
	}

	/**
	 * Returns the state of a file that the application made itself. Another file may have
	 * come into the place of the one that was known.
	 * @param name the name of the bean
	 * @param file the bean
	 * @return the state
	 */
	@SuppressWarnings("ReferenceEquality")
	public FileState unmanaged(String name, Mmap file) {
		FileState state = this.unmanaged.get(name);
		if (state == null || state.file() != file) {
			state = new FileState(file);
			this.unmanaged.put(name, state);
		}
		return state;
	}

}
