package dev.yammap.spring.boot.registry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedResource;

import org.springframework.util.Assert;

/**
 * The registry of the mapped files: what {@link Mmaps} promises to applications.
 */
public final class DefaultMmaps extends ResourceRegistry<TrackedFile> implements Mmaps {

	private final Path baseDirectory;

	private final ParentMmaps parent;

	/**
	 * Creates the registry; opens no file.
	 * @param settings the files that are configured
	 * @param baseDirectory what relative paths of other files resolve against
	 * @param opener opens the files
	 * @param parent the files of the parent context
	 * @throws InvalidFileException if two names lead to one file
	 */
	public DefaultMmaps(Collection<FileSettings> settings, Path baseDirectory, FileOpener opener, ParentMmaps parent) {
		super(ResourceKind.FILE, owned(settings, parent),
				parent.files().values().stream().map(TrackedResource::requiredSettings).toList(),
				new ConcurrentHashMap<>(), opener);
		this.baseDirectory = baseDirectory;
		this.parent = parent;
	}

	private static List<TrackedFile> owned(Collection<FileSettings> settings, ParentMmaps parent) {
		List<TrackedFile> owned = new ArrayList<>();
		for (FileSettings file : settings) {
			if (!parent.owns(file)) {
				owned.add(new TrackedFile(file));
			}
		}
		return owned;
	}

	@Override
	public Set<String> names() {
		Set<String> names = new LinkedHashSet<>(this.parent.names());
		names.addAll(owned().keySet());
		return Collections.unmodifiableSet(names);
	}

	@Override
	public boolean contains(String name) {
		return owned().containsKey(name) || this.parent.contains(name);
	}

	@Override
	public Mmap get(String name) {
		Assert.notNull(name, "'name' must not be null");
		TrackedFile file = owned().get(name);
		if (file != null) {
			ensureOpen(file);
			return Objects.requireNonNull(file.file());
		}
		Mmap ofParent = this.parent.find(name);
		if (ofParent == null) {
			throw none(name);
		}
		return ofParent;
	}

	@Override
	public Mmap open(String name, Consumer<FileProperties> properties) {
		Assert.notNull(name, "'name' must not be null");
		Assert.notNull(properties, "'properties' must not be null");
		FileProperties described = new FileProperties();
		properties.accept(described);
		ResourceSettings.requireUsableName(ResourceKind.FILE, name);
		TrackedFile file = new TrackedFile(new FileSettings(name, this.baseDirectory, described));
		addAndOpen(file);
		return Objects.requireNonNull(file.file());
	}

	@Override
	public void addReloadHandler(String name, Consumer<Mmap> handler) {
		Assert.notNull(handler, "'handler' must not be null");
		TrackedFile file = owned().get(name);
		if (file != null) {
			file.reloadHandlers().add(handler);
		}
		else if (!this.parent.addReloadHandler(name, handler)) {
			throw none(name);
		}
	}

	@Override
	public Map<String, Mmap> openFiles() {
		Map<String, Mmap> open = new LinkedHashMap<>(this.parent.openFiles());
		open.keySet().removeAll(owned().keySet());
		for (TrackedFile file : opened()) {
			open.put(file.requiredSettings().name(), Objects.requireNonNull(file.file()));
		}
		open.values().removeIf((file) -> !file.isOpen());
		return Collections.unmodifiableMap(open);
	}

	@Override
	List<ResourceSettings> neighbours() {
		List<ResourceSettings> neighbours = new ArrayList<>(taken().values());
		neighbours.addAll(this.parent.neighbours());
		return neighbours;
	}

	@Override
	public Map<String, TrackedFile> all() {
		Map<String, TrackedFile> files = new LinkedHashMap<>(this.parent.files());
		files.putAll(owned());
		return Collections.unmodifiableMap(files);
	}

}
