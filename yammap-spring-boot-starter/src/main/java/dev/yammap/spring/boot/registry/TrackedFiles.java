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
 * All files of an application: those of the registry, and {@link Mmap} beans that the
 * application made itself. Creates no bean and opens no file.
 */
public final class TrackedFiles {

	private final Mmaps mmaps;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Map<String, TrackedFile> unmanaged = new ConcurrentHashMap<>();

	public TrackedFiles(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		this.mmaps = mmaps;
		this.beanFactory = beanFactory;
	}

	/** Asked for each time: a bean may be registered at any time. */
	private List<String> beanNames() {
		return Arrays.asList(this.beanFactory.getBeanNamesForType(Mmap.class, false, false));
	}

	/**
	 * Returns all files.
	 * @return the files by name, those of the registry first
	 */
	public Map<String, TrackedFile> all() {
		Set<String> names = new LinkedHashSet<>(this.mmaps.names());
		names.addAll(beanNames());
		Map<String, TrackedFile> files = new LinkedHashMap<>();
		for (String name : names) {
			TrackedFile tracked = find(name);
			if (tracked != null) {
				files.put(name, tracked);
			}
		}
		return files;
	}

	/**
	 * Returns one file.
	 * @param name the name of the file or bean
	 * @return the file, or {@code null} if there is no such file
	 */
	public @Nullable TrackedFile find(String name) {
		TrackedFile tracked = findInRegistry(name);
		if (tracked != null && tracked.file() != null) {
			return tracked;
		}
		// What is no singleton yet is not created for this.
		if (this.beanFactory.containsLocalBean(name) && this.beanFactory.getSingleton(name) instanceof Mmap file) {
			return unmanaged(name, file);
		}
		return tracked;
	}

	/**
	 * Returns a file of the registry, open or not.
	 * @param name the name of the file
	 * @return the file, or {@code null} if the registry has no such file, or is not the
	 * one of this starter
	 */
	public @Nullable TrackedFile managed(String name) {
		return (this.mmaps instanceof DefaultMmaps registry) ? registry.find(name) : null;
	}

	/**
	 * Has a listener told of each file that the registry of this context owns, now and
	 * later.
	 * @param listener the listener
	 */
	public void addListener(RegistryListener listener) {
		if (this.mmaps instanceof DefaultMmaps registry) {
			registry.addListener(listener);
		}
	}

	/**
	 * Removes a listener.
	 * @param listener the listener
	 */
	public void removeListener(RegistryListener listener) {
		if (this.mmaps instanceof DefaultMmaps registry) {
			registry.removeListener(listener);
		}
	}

	/**
	 * Returns the files that are open, those of the application's own included.
	 */
	public Stream<Mmap> openFiles() {
		return all().values().stream().map(TrackedFile::file).filter(Objects::nonNull).filter(Mmap::isOpen);
	}

	private @Nullable TrackedFile findInRegistry(String name) {
		if (this.mmaps instanceof DefaultMmaps) {
			return managed(name);
		}
		Mmap file = this.mmaps.openFiles().get(name);
		return (file != null) ? unmanaged(name, file) : null;
	}

	/**
	 * Returns a file that the application made itself. Another file may have come into
	 * the place of the one that was known.
	 * @param name the name of the bean
	 * @param file the bean
	 * @return what is known of it
	 */
	@SuppressWarnings("ReferenceEquality")
	public TrackedFile unmanaged(String name, Mmap file) {
		TrackedFile tracked = this.unmanaged.get(name);
		if (tracked == null || tracked.file() != file) {
			tracked = new TrackedFile(file);
			this.unmanaged.put(name, tracked);
		}
		return tracked;
	}

}
