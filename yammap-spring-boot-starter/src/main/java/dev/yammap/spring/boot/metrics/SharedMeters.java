package dev.yammap.spring.boot.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.TrackedFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The meters that all contexts of this virtual machine have in one registry: those of a
 * hierarchy, or contexts that were given the same registry. Their open files are counted
 * together. Two files of one name could not be told from each other, so only the one that
 * was opened first has meters; when it is closed, the next one gets them.
 */
final class SharedMeters {

	private static final Log logger = LogFactory.getLog(SharedMeters.class);

	private static final Map<MeterRegistry, SharedMeters> ALL = new HashMap<>();

	/** Guards everything here and in {@link FileMeters}: files open and close rarely. */
	static final Object LOCK = ALL;

	private final MeterRegistry registry;

	private final Set<TrackedFiles> contexts = new LinkedHashSet<>();

	private final Map<String, List<FileMeters>> files = new HashMap<>();

	private final Gauge filesOpen;

	private SharedMeters(MeterRegistry registry) {
		this.registry = registry;
		this.filesOpen = Gauge.builder("yammap.files.open", this, SharedMeters::open)
			.description("Mapped files that are open")
			.baseUnit(BaseUnits.FILES)
			.register(registry);
	}

	/**
	 * Adds a context.
	 * @param registry where its meters are
	 * @param context its files
	 * @return what it shares with the others of that registry
	 */
	static SharedMeters join(MeterRegistry registry, TrackedFiles context) {
		synchronized (LOCK) {
			SharedMeters shared = ALL.computeIfAbsent(registry, SharedMeters::new);
			shared.contexts.add(context);
			return shared;
		}
	}

	/**
	 * Removes a context. The meters of its files stay until those are closed.
	 * @param context its files
	 */
	void leave(TrackedFiles context) {
		synchronized (LOCK) {
			this.contexts.remove(context);
			removeIfUnused();
		}
	}

	private void removeIfUnused() {
		if (this.contexts.isEmpty() && this.files.isEmpty()) {
			this.registry.remove(this.filesOpen);
			ALL.remove(this.registry, this);
		}
	}

	MeterRegistry registry() {
		return this.registry;
	}

	/**
	 * Registers the meters of a file, as soon as no other file of its name has any.
	 */
	void add(FileMeters file) {
		List<FileMeters> sameName = this.files.computeIfAbsent(file.name(), (_) -> new ArrayList<>());
		sameName.add(file);
		if (sameName.size() == 1) {
			file.register();
		}
		else {
			logger.warn("Another mapped file '" + file.name() + "', " + sameName.getFirst().path()
					+ ", has its meters in the same registry: those of " + file.path()
					+ " are missing until that file is closed. Give the files of contexts that share a registry"
					+ " different names");
		}
	}

	/**
	 * Removes the meters of a file.
	 */
	void remove(FileMeters file) {
		List<FileMeters> sameName = this.files.getOrDefault(file.name(), List.of());
		int index = sameName.indexOf(file);
		if (index < 0) {
			return;
		}
		sameName.remove(index);
		file.unregister();
		if (sameName.isEmpty()) {
			this.files.remove(file.name());
			removeIfUnused();
		}
		else if (index == 0) {
			sameName.getFirst().register();
		}
	}

	/** A file of a parent is one of its child, too, but the same. */
	private long open() {
		List<TrackedFiles> contexts;
		synchronized (LOCK) {
			contexts = List.copyOf(this.contexts);
		}
		Set<Mmap> files = contexts.stream()
			.flatMap(TrackedFiles::openFiles)
			.collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
		return files.size();
	}

}
