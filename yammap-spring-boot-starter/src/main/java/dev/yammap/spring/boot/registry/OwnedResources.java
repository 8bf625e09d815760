package dev.yammap.spring.boot.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import dev.yammap.spring.boot.path.FileIdentity;
import dev.yammap.spring.boot.path.JournalFiles;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedResource;

/**
 * The resources that a registry has: by name, and in the order in which they were opened.
 * No two of them have the same name or the same place. One thread at a time may change
 * them. Readers need no lock, as each change makes new collections.
 *
 * @param <T> what is known of a resource
 */
final class OwnedResources<T extends TrackedResource> {

	private final ResourceKind kind;

	/** What has which name, in the registries of files and of journals together. */
	private final ConcurrentMap<String, ResourceSettings> taken;

	private final List<RegistryListener<? super T>> listeners = new CopyOnWriteArrayList<>();

	private volatile Map<String, T> all;

	private volatile List<T> opened = List.of();

	/** What could not be closed at run time. */
	private final List<T> unclosed = new ArrayList<>();

	/** Whether the end has taken what it closes. */
	private boolean ended;

	/**
	 * Begins with what is configured.
	 * @param kind the kind of the resources
	 * @param configured the configured resources, without those that the parent owns
	 * @param others other configured resources, such as those of the parent
	 * @param taken the names that are taken already
	 * @throws InvalidFileException if two names lead to one place, or if a name is taken
	 */
	OwnedResources(ResourceKind kind, Collection<T> configured, Collection<? extends ResourceSettings> others,
			ConcurrentMap<String, ResourceSettings> taken) {
		this.kind = kind;
		this.taken = taken;
		Map<String, T> resources = new LinkedHashMap<>();
		Map<FileIdentity, ResourceSettings> byIdentity = new HashMap<>();
		others.forEach((other) -> byIdentity.put(identity(other), other));
		for (T resource : configured) {
			ResourceSettings settings = resource.requiredSettings();
			ResourceSettings other = byIdentity.putIfAbsent(identity(settings), settings);
			if (other != null) {
				throw ResourceSettings.samePlace(other, settings);
			}
			take(settings);
			resources.put(settings.name(), resource);
		}
		this.all = Collections.unmodifiableMap(resources);
	}

	/**
	 * Tells whether two resources are the same, as far as that is known.
	 */
	static boolean isSamePlace(ResourceSettings one, ResourceSettings other) {
		return one.path().equals(other.path()) || identity(one).equals(identity(other));
	}

	private static FileIdentity identity(ResourceSettings settings) {
		return FileIdentity.of(settings.path());
	}

	/**
	 * Returns the resources by name, open or not, in the order of the configuration.
	 * @return an unmodifiable map
	 */
	Map<String, T> all() {
		return this.all;
	}

	/**
	 * Returns the resources that were opened and not removed, in that order.
	 * @return an unmodifiable list
	 */
	List<T> opened() {
		return this.opened;
	}

	/** Returns which names are taken. Another registry may share them. */
	ConcurrentMap<String, ResourceSettings> taken() {
		return this.taken;
	}

	private void take(ResourceSettings settings) {
		ResourceSettings other = this.taken.putIfAbsent(settings.name(), settings);
		if (other != null) {
			throw taken(other.kind(), settings.name());
		}
	}

	/** Gives back the name of a resource that could not be opened. */
	void giveBack(ResourceSettings settings) {
		this.taken.remove(settings.name(), settings);
	}

	private static InvalidFileException taken(ResourceKind kind, String name) {
		return new InvalidFileException("There is a %s '%s' already.".formatted(kind.noun(), name),
				"Open it under another name, or close the one there is, if it was opened at run time.");
	}

	/**
	 * Takes the name of a new resource, unless a known one has its name or its place. If
	 * the place is open or being opened here under another name, the
	 * {@link ResourceOpener} finds that.
	 * @param settings the settings of the new resource
	 * @param known all resources of its kind, those of the parent included
	 * @param neighbours all resources of any kind
	 * @throws InvalidFileException if its name or its place is taken
	 */
	void take(ResourceSettings settings, Map<String, T> known, Supplier<List<ResourceSettings>> neighbours) {
		requireNew(settings, known);
		take(settings);
		try {
			// In this order, as the registry of the other kind may do the same right now.
			JournalFiles.requireNone(settings, neighbours.get());
		}
		catch (InvalidFileException ex) {
			giveBack(settings);
			throw ex;
		}
	}

	private void requireNew(ResourceSettings settings, Map<String, T> known) {
		if (known.containsKey(settings.name())) {
			throw taken(this.kind, settings.name());
		}
		FileIdentity identity = identity(settings);
		for (T other : known.values()) {
			boolean isOpenHere = this.all.containsValue(other) && other.resource() != null;
			if (!isOpenHere && identity.equals(identity(other.requiredSettings()))) {
				throw ResourceSettings.samePlace(other.requiredSettings(), settings);
			}
		}
	}

	/**
	 * Notes that a resource was opened, if it was. If that was at run time, it is new
	 * here, and its name is taken.
	 * @return {@code false} if the end has taken what it closes
	 */
	boolean addOpened(T resource) {
		if (!this.ended && resource.resource() != null) {
			add(resource);
		}
		return !this.ended;
	}

	private void add(T resource) {
		if (resource.isOpenedAtRunTime()) {
			Map<String, T> more = new LinkedHashMap<>(this.all);
			more.put(resource.requiredSettings().name(), resource);
			this.all = Collections.unmodifiableMap(more);
		}
		List<T> more = new ArrayList<>(this.opened);
		more.add(resource);
		this.opened = Collections.unmodifiableList(more);
	}

	/**
	 * Removes a resource and gives back its name.
	 * @return whether it was there
	 */
	boolean remove(T resource) {
		String name = resource.requiredSettings().name();
		Map<String, T> rest = new LinkedHashMap<>(this.all);
		boolean removed = rest.remove(name, resource);
		if (removed) {
			this.all = Collections.unmodifiableMap(rest);
			this.opened = this.opened.stream().filter((other) -> !other.equals(resource)).toList();
			giveBack(resource.requiredSettings());
		}
		return removed;
	}

	/** Keeps a resource that could not be closed, and that nobody else knows. */
	void addUnclosed(T resource) {
		this.unclosed.add(resource);
	}

	/**
	 * Forgets what was opened, as it is closed for good. Nothing is added any more.
	 * @return what could not be closed before, and what was opened
	 */
	List<T> removeAll() {
		this.ended = true;
		List<T> resources = new ArrayList<>(this.unclosed);
		resources.addAll(this.opened);
		this.unclosed.clear();
		this.opened = List.of();
		return resources;
	}

	/** Adds a listener, and tells it of each resource that there is. */
	void addListener(RegistryListener<? super T> listener) {
		this.listeners.add(listener);
		this.all.values().forEach((resource) -> tellAdded(listener, resource));
	}

	void removeListener(RegistryListener<? super T> listener) {
		this.listeners.remove(listener);
	}

	/** Tells the listeners of a resource that was added. The caller must hold no lock. */
	void tellAdded(T resource) {
		this.listeners.forEach((listener) -> tellAdded(listener, resource));
	}

	/** If the resource is removed meanwhile, the listener may hear of that first. */
	private void tellAdded(RegistryListener<? super T> listener, T resource) {
		listener.added(resource);
		if (!resource.equals(this.all.get(resource.requiredSettings().name()))) {
			listener.removed(resource);
		}
	}

	/** Tells the listeners of a resource that was removed, likewise. */
	void tellRemoved(T resource) {
		this.listeners.forEach((listener) -> listener.removed(resource));
	}

}
