package dev.yammap.spring.boot.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

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
	 * Guards what should be registered. Never held while a registry is called: that calls
	 * filters and listeners of the application, which may wait for other threads.
	 */
	private static final Object LOCK = ALL;

	private final MeterRegistry registry;

	private final Set<TrackedResources> contexts = new LinkedHashSet<>();

	private final Map<String, SameName> resources = new HashMap<>();

	private final Steps steps = new Steps(this::nextStep);

	private boolean counting;

	/** Changed by the steps alone. */
	private @Nullable Gauge filesOpen;

	private SharedMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Adds a context.
	 * @param registry where its meters are
	 * @param context its files
	 * @return the meters that it shares with other contexts
	 */
	static SharedMeters join(MeterRegistry registry, TrackedResources context) {
		SharedMeters shared;
		synchronized (LOCK) {
			shared = ALL.computeIfAbsent(registry, SharedMeters::new);
			shared.contexts.add(context);
		}
		shared.steps.take();
		return shared;
	}

	/**
	 * Removes a context. The meters of its files stay until those are closed.
	 * @param context its files
	 */
	void leave(TrackedResources context) {
		synchronized (LOCK) {
			this.contexts.remove(context);
		}
		this.steps.take();
	}

	MeterRegistry registry() {
		return this.registry;
	}

	/**
	 * Changes which resources of a name have meters.
	 * @param name the name
	 * @param decision makes the change. It is called with the lock held
	 */
	void change(String name, Consumer<SameName> decision) {
		SameName sameName;
		synchronized (LOCK) {
			sameName = this.resources.computeIfAbsent(name, SameName::new);
			decision.accept(sameName);
		}
		try {
			sameName.steps.take();
		}
		finally {
			this.steps.take();
		}
	}

	private @Nullable Runnable nextStep() {
		synchronized (LOCK) {
			boolean used = !this.contexts.isEmpty() || !this.resources.isEmpty();
			if (used != this.counting && ALL.containsValue(this)) {
				this.counting = used;
				return used ? this::addGauge : this::removeGauge;
			}
			if (!used) {
				ALL.remove(this.registry, this);
			}
			return null;
		}
	}

	private void addGauge() {
		this.filesOpen = Gauge.builder("yammap.files.open", this, SharedMeters::open)
			.description("Mapped files that are open")
			.baseUnit(BaseUnits.FILES)
			.register(this.registry);
	}

	private void removeGauge() {
		if (this.filesOpen != null) {
			this.registry.remove(this.filesOpen);
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

	/**
	 * The meters of resources that have one name. Those of the first one are registered.
	 */
	final class SameName {

		private final String name;

		private final List<ResourceMeters> all = new ArrayList<>();

		private final List<ResourceMeters> refused = new ArrayList<>();

		private final Steps steps = new Steps(this::nextStep);

		private @Nullable ResourceMeters registered;

		private boolean outdated;

		private SameName(String name) {
			this.name = name;
		}

		/** Adds the meters of a resource. */
		void add(ResourceMeters meters) {
			if (!this.all.isEmpty()) {
				this.refused.add(meters);
			}
			this.all.add(meters);
		}

		/** Removes the meters of a resource, if they are there. */
		void remove(ResourceMeters meters) {
			this.all.remove(meters);
		}

		/** Has the meters of a resource updated, if they are registered. */
		void update(ResourceMeters meters) {
			this.outdated |= meters.equals(this.registered);
		}

		private @Nullable Runnable nextStep() {
			synchronized (LOCK) {
				ResourceMeters first = this.all.isEmpty() ? null : this.all.getFirst();
				ResourceMeters current = this.registered;
				if (current != null && !current.equals(first)) {
					this.registered = null;
					return current::unregister;
				}
				if (first == null) {
					SharedMeters.this.resources.remove(this.name, this);
					return null;
				}
				if (current == null) {
					this.registered = first;
					this.outdated = false;
					return first::register;
				}
				if (!this.refused.isEmpty()) {
					ResourceMeters meters = this.refused.removeFirst();
					return () -> warn(first, meters);
				}
				boolean outdated = this.outdated;
				this.outdated = false;
				return outdated ? first::update : null;
			}
		}

		private void warn(ResourceMeters first, ResourceMeters refused) {
			logger.warn("Another " + first.noun() + " '" + this.name + "', " + first.path()
					+ ", has its meters in the same registry: those of " + refused.path()
					+ " are missing until that one is closed. Give the files of contexts that share a registry"
					+ " different names");
		}

	}

}
