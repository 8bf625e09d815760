package dev.yammap.spring.boot.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.spring.boot.registry.RegistryListener;
import dev.yammap.spring.boot.tracking.TrackedResource;
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Meters of all files and journals of a context: those of its registries, and beans that
 * the application made itself. Nothing is measured during a read or write. Sizes and
 * counts are asked for when a meter is read, and the engine reports each sync.
 * <p>
 * To open a file does not need this class, as a meter registry may itself depend on a
 * file. The files of the registry get their meters once both exist, and keep them until
 * they are closed, so that their last sync counts.
 */
public final class MmapMetrics
		implements RegistryListener<TrackedResource>, SmartInitializingSingleton, DisposableBean {

	private final TrackedResources resources;

	private final SharedMeters shared;

	/** The meters of what the registries own. */
	private final Map<TrackedResource, ResourceMeters> managed = new ConcurrentHashMap<>();

	/** The meters of beans that the application made itself. */
	private final Map<String, ResourceMeters> unmanaged = new ConcurrentHashMap<>();

	public MmapMetrics(MeterRegistry meterRegistry, TrackedResources resources) {
		this.resources = resources;
		this.shared = SharedMeters.join(meterRegistry, resources);
		resources.addListener(this);
	}

	@Override
	public void added(TrackedResource resource) {
		ResourceMeters meters = ResourceMeters.of(this.shared, resource.requiredSettings().name(), resource);
		if (this.managed.putIfAbsent(resource, meters) == null) {
			resource.follow(meters);
		}
	}

	@Override
	public void removed(TrackedResource resource) {
		ResourceMeters meters = this.managed.remove(resource);
		if (meters != null) {
			// Usually they are gone, but not if the resource could not be closed. Then it
			// would take the meters from the next one of its name.
			meters.remove();
		}
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.resources.all().forEach((name, state) -> {
			Object resource = state.resource();
			if (resource != null && !state.isManaged()) {
				bind(name, resource);
			}
		});
	}

	/**
	 * Adds the meters of a resource that the application made itself. If the bean has the
	 * name of a resource that a registry has opened, it is that resource, perhaps wrapped
	 * by somebody.
	 * @param name the name of the bean
	 * @param bean the bean
	 */
	void bind(String name, Object bean) {
		TrackedResource managed = this.resources.managed(name);
		if (managed != null && managed.resource() != null) {
			return;
		}
		TrackedResource state = this.resources.unmanaged(name, bean);
		if (state.isOpen()) {
			ResourceMeters known = this.unmanaged.get(name);
			if (known == null || !known.isOf(state)) {
				ResourceMeters meters = ResourceMeters.of(this.shared, name, state);
				this.unmanaged.put(name, meters);
				if (known != null) {
					known.remove();
				}
				state.follow(meters);
			}
		}
	}

	@Override
	public void destroy() {
		this.resources.removeListener(this);
		this.unmanaged.values().forEach(ResourceMeters::remove);
		this.shared.leave(this.resources);
	}

}
