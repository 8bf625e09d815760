package dev.yammap.spring.boot.registry;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedFile;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

/**
 * The files of the registry of a parent context, if there is one. If parent and child
 * both configure a file, only the parent opens it: contexts of one application often
 * share their properties.
 */
public final class ParentMmaps {

	/** No parent, or one without a registry. */
	public static final ParentMmaps NONE = new ParentMmaps(null);

	private final @Nullable Mmaps mmaps;

	private ParentMmaps(@Nullable Mmaps mmaps) {
		this.mmaps = mmaps;
	}

	/**
	 * Returns the files of the registry that a parent context has.
	 * @param parent the bean factory of the parent, if there is one
	 * @return its files
	 */
	public static ParentMmaps of(@Nullable BeanFactory parent) {
		Mmaps mmaps = (parent != null) ? parent.getBeanProvider(Mmaps.class).getIfUnique() : null;
		return (mmaps != null) ? new ParentMmaps(mmaps) : NONE;
	}

	/**
	 * Tells whether a file that the child configures is one of the parent's: it has the
	 * same name, and is the same file as far as that is known.
	 */
	boolean owns(FileSettings file) {
		if (this.mmaps == null || !this.mmaps.contains(file.name())) {
			return false;
		}
		TrackedFile tracked = files().get(file.name());
		if (tracked == null) {
			return true;
		}
		return OwnedResources.isSamePlace(tracked.requiredSettings(), file);
	}

	boolean contains(String name) {
		return this.mmaps != null && this.mmaps.contains(name);
	}

	Set<String> names() {
		return (this.mmaps != null) ? this.mmaps.names() : Set.of();
	}

	@Nullable Mmap find(String name) {
		return (this.mmaps != null && this.mmaps.contains(name)) ? this.mmaps.get(name) : null;
	}

	/**
	 * Adds a handler of the reloads of a file.
	 * @return whether the parent has such a file
	 */
	boolean addReloadHandler(String name, Consumer<Mmap> handler) {
		if (this.mmaps == null || !this.mmaps.contains(name)) {
			return false;
		}
		this.mmaps.addReloadHandler(name, handler);
		return true;
	}

	Map<String, Mmap> openFiles() {
		return (this.mmaps != null) ? this.mmaps.openFiles() : Map.of();
	}

	/** Returns the files and journals of the parent, and of its parents. */
	List<ResourceSettings> neighbours() {
		return (this.mmaps instanceof DefaultMmaps registry) ? registry.neighbours() : List.of();
	}

	/**
	 * Returns all files of the parent, and of its parents, open or not.
	 */
	Map<String, TrackedFile> files() {
		return (this.mmaps instanceof DefaultMmaps registry) ? registry.all() : Map.of();
	}

}
