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
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The meters that all contexts of this virtual machine share in one registry: the
 * contexts of a hierarchy, or contexts with the same registry. Their open files are
 * counted together. Two resources with one name could not be told apart, so only the one
 * that was opened first has meters. When it is closed, the next one gets them.
 */
final class SharedMeters {

	private static final Log logger = LogFactory.getLog(SharedMeters.class);

	private static final Map<MeterRegistry, SharedMeters> ALL = new HashMap<>();

	/**
	 * Guards everything here and in {@link ResourceMeters}: resources open and close
	 * rarely.
	 */
	static final Object LOCK = ALL;

	private final MeterRegistry registry;

	private final Set<TrackedResources> contexts = new LinkedHashSet<>();

	private final Map<String, List<ResourceMeters>> resources = new HashMap<>();

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
	 * @return the meters that it shares with other contexts
	 */
	static SharedMeters join(MeterRegistry registry, TrackedResources context) {
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
	void leave(TrackedResources context) {
		synchronized (LOCK) {
			this.contexts.remove(context);
			removeIfUnused();
		}
	}

	private void removeIfUnused() {
		if (this.contexts.isEmpty() && this.resources.isEmpty()) {
			this.registry.remove(this.filesOpen);
			ALL.remove(this.registry, this);
		}
	}

	MeterRegistry registry() {
		return this.registry;
	}

	/**
	 * Registers the meters of a resource, as soon as no other one of that name has any.
	 */
	void add(ResourceMeters meters) {
		List<ResourceMeters> sameName = this.resources.computeIfAbsent(meters.name(), (_) -> new ArrayList<>());
		sameName.add(meters);
		if (sameName.size() == 1) {
			meters.register();
		}
		else {
			logger.warn("Another " + sameName.getFirst().noun() + " '" + meters.name() + "', "
					+ sameName.getFirst().path() + ", has its meters in the same registry: those of " + meters.path()
					+ " are missing until that one is closed. Give the files of contexts that share a registry"
					+ " different names");
		}
	}

	/**
	 * Removes the meters of a resource.
	 */
	void remove(ResourceMeters meters) {
		List<ResourceMeters> sameName = this.resources.getOrDefault(meters.name(), List.of());
		int index = sameName.indexOf(meters);
		if (index < 0) {
			return;
		}
		sameName.remove(index);
		meters.unregister();
		if (sameName.isEmpty()) {
			this.resources.remove(meters.name());
			removeIfUnused();
		}
		else if (index == 0) {
			sameName.getFirst().register();
		}
	}

	/**
	 * Counts the open files. A file of a parent context is also a file of its child, but
	 * counts once.
	 */
	private long open() {
		List<TrackedResources> contexts;
		synchronized (LOCK) {
			contexts = List.copyOf(this.contexts);
		}
		Set<Mmap> files = contexts.stream()
			.flatMap(TrackedResources::openFiles)
			.collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
		return files.size();
	}

}
