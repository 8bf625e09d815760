package dev.yammap.spring.boot.registry;

import java.util.ArrayList;
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
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * All files and journals of an application: those of the registries, and {@link Mmap} and
 * {@link Journal} beans that the application made itself. Creates no bean and opens
 * nothing.
 */
public final class TrackedResources {

	private final Mmaps mmaps;

	private final Journals journals;

	private final List<ResourceRegistry<?>> registries;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Map<String, TrackedResource> unmanaged = new ConcurrentHashMap<>();

	public TrackedResources(Mmaps mmaps, Journals journals, ConfigurableListableBeanFactory beanFactory) {
		this.mmaps = mmaps;
		this.journals = journals;
		this.registries = ofStarter(mmaps, journals);
		this.beanFactory = beanFactory;
	}

	/**
	 * Returns those registries that are of this starter. Others are the application's
	 * own.
	 * @param registries registries of any kind
	 */
	static List<ResourceRegistry<?>> ofStarter(Object... registries) {
		List<ResourceRegistry<?>> ours = new ArrayList<>();
		for (Object registry : registries) {
			if (registry instanceof ResourceRegistry<?> one) {
				ours.add(one);
			}
		}
		return ours;
	}

	/**
	 * Returns the names of beans. It asks each time, as a bean may be registered at any
	 * time.
	 */
	private List<String> beanNames(Class<?> type) {
		return Arrays.asList(this.beanFactory.getBeanNamesForType(type, false, false));
	}

	/**
	 * Returns all files.
	 * @return the files by name, those of the registry first
	 */
	public Map<String, TrackedFile> files() {
		return find(this.mmaps.names(), Mmap.class, TrackedFile.class);
	}

	/**
	 * Returns all journals.
	 * @return the journals by name, those of the registry first
	 */
	public Map<String, TrackedJournal> journals() {
		return find(this.journals.names(), Journal.class, TrackedJournal.class);
	}

	private <T extends TrackedResource> Map<String, T> find(Set<String> managed, Class<?> beanType, Class<T> type) {
		Set<String> names = new LinkedHashSet<>(managed);
		names.addAll(beanNames(beanType));
		Map<String, T> found = new LinkedHashMap<>();
		for (String name : names) {
			TrackedResource tracked = find(name);
			if (type.isInstance(tracked)) {
				found.put(name, type.cast(tracked));
			}
		}
		return found;
	}

	/**
	 * Returns all files and journals.
	 * @return the files by name, and then the journals
	 */
	public Map<String, TrackedResource> all() {
		Map<String, TrackedResource> all = new LinkedHashMap<>(files());
		all.putAll(journals());
		return all;
	}

	/**
	 * Returns one file or journal.
	 * @param name the name of the resource or bean
	 * @return it, or {@code null} if there is none
	 */
	public @Nullable TrackedResource find(String name) {
		TrackedResource tracked = findInRegistry(name);
		if (tracked != null && tracked.resource() != null) {
			return tracked;
		}
		// A bean that is no singleton yet is not created for this.
		Object bean = this.beanFactory.containsLocalBean(name) ? this.beanFactory.getSingleton(name) : null;
		return isResource(bean) ? unmanaged(name, Objects.requireNonNull(bean)) : tracked;
	}

	/**
	 * Tells whether a bean is a file or a journal.
	 * @param bean the bean
	 */
	public static boolean isResource(@Nullable Object bean) {
		return bean instanceof Mmap || bean instanceof Journal;
	}

	/**
	 * Returns a resource of a registry, open or not.
	 * @param name the name of the resource
	 * @return the resource, or {@code null} if no registry of this starter has it
	 */
	public @Nullable TrackedResource managed(String name) {
		for (ResourceRegistry<?> registry : this.registries) {
			TrackedResource managed = registry.all().get(name);
			if (managed != null) {
				return managed;
			}
		}
		return null;
	}

	/**
	 * Adds a listener. It hears of each resource that the registries of this context own,
	 * now and later.
	 * @param listener the listener
	 */
	public void addListener(RegistryListener<TrackedResource> listener) {
		this.registries.forEach((registry) -> registry.addListener(listener));
	}

	/**
	 * Removes a listener.
	 * @param listener the listener
	 */
	public void removeListener(RegistryListener<TrackedResource> listener) {
		this.registries.forEach((registry) -> registry.removeListener(listener));
	}

	/**
	 * Returns the open files, including those that the application made itself.
	 */
	public Stream<Mmap> openFiles() {
		return files().values().stream().map(TrackedFile::file).filter(Objects::nonNull).filter(Mmap::isOpen);
	}

	private @Nullable TrackedResource findInRegistry(String name) {
		TrackedResource managed = managed(name);
		if (managed != null) {
			return managed;
		}
		Object resource = (this.mmaps instanceof DefaultMmaps) ? null : this.mmaps.openFiles().get(name);
		if (resource == null && !(this.journals instanceof DefaultJournals)) {
			resource = this.journals.openJournals().get(name);
		}
		return (resource != null) ? unmanaged(name, resource) : null;
	}

	/**
	 * Returns what is known of a resource that the application made itself. Another bean
	 * may have taken the place of the one that was known.
	 * @param name the name of the bean
	 * @param bean the bean, a file or a journal
	 * @return what is known of it
	 */
	@SuppressWarnings("ReferenceEquality")
	public TrackedResource unmanaged(String name, Object bean) {
		TrackedResource tracked = this.unmanaged.get(name);
		if (tracked == null || tracked.resource() != bean) {
			tracked = (bean instanceof Journal journal) ? new TrackedJournal(journal) : new TrackedFile((Mmap) bean);
			this.unmanaged.put(name, tracked);
		}
		return tracked;
	}

}
