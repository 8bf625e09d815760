package dev.yammap.spring.boot.autoconfigure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The states of all files of an application: those of the registry, and {@link Mmap}
 * beans that the application made itself. Creates no bean and opens no file.
 */
final class FileStates implements SmartInitializingSingleton {

	private final Mmaps mmaps;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> beanNames;

	private final Map<String, FileState> unmanaged = new ConcurrentHashMap<>();

	FileStates(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		this.mmaps = mmaps;
		this.beanFactory = beanFactory;
		this.beanNames = new LinkedHashSet<>(Arrays.asList(beanFactory.getBeanNamesForType(Mmap.class, false, false)));
	}

	/**
	 * Takes down early which file each path leads to.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		all();
	}

	/**
	 * Returns the states of all files.
	 * @return the states by name, those of the registry first
	 */
	Map<String, FileState> all() {
		Set<String> names = new LinkedHashSet<>(this.mmaps.names());
		names.addAll(this.beanNames);
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
	@Nullable FileState find(String name) {
		FileState state = findInRegistry(name);
		if (state != null && state.file() != null) {
			return state;
		}
		// What is no singleton yet is not created for this.
		if (this.beanNames.contains(name) && this.beanFactory.getSingleton(name) instanceof Mmap file) {
			return unmanaged(name, file);
		}
		return state;
	}

	private @Nullable FileState findInRegistry(String name) {
		if (this.mmaps instanceof DefaultMmaps registry) {
			return registry.states().get(name);
		}
		Mmap file = this.mmaps.openFiles().get(name);
		return (file != null) ? unmanaged(name, file) : null;
	}

	// Another file may have come into the place of the one that was known.
	@SuppressWarnings("ReferenceEquality")
	private FileState unmanaged(String name, Mmap file) {
		FileState state = this.unmanaged.get(name);
		if (state == null || state.file() != file) {
			state = new FileState(file);
			this.unmanaged.put(name, state);
		}
		return state;
	}

}
