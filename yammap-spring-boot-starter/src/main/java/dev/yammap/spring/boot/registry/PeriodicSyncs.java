package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.PrivateScheduler;
import dev.yammap.spring.boot.tracking.TrackedResource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Syncs the files and journals that have a {@code sync.interval}. One thread does that
 * for all of them; it exists only if there is such a file or journal. If nothing was
 * written since the last sync, none is made: that is known without a system call. While
 * the context is paused nothing is synced. What was written before is durable by then, as
 * all are synced once more when this stops. A registry of the application's own is left
 * alone.
 */
public final class PeriodicSyncs implements SmartLifecycle, RegistryListener<TrackedResource> {

	/** This stops just before the registries sync for the last time. */
	public static final int PHASE = ResourceRegistry.PHASE + 1;

	private static final Log logger = LogFactory.getLog(PeriodicSyncs.class);

	private final List<ResourceRegistry<?>> registries;

	private final PrivateScheduler scheduler = new PrivateScheduler("yammap-sync");

	/** Ends the syncs of each resource. Guarded by itself. */
	private final Map<TrackedResource, Runnable> tasks = new HashMap<>();

	private final Set<TrackedResource> failing = ConcurrentHashMap.newKeySet();

	private volatile boolean running;

	/**
	 * Creates syncs that have not begun.
	 * @param mmaps the registry of the files
	 * @param journals the registry of the journals
	 */
	public PeriodicSyncs(Mmaps mmaps, Journals journals) {
		this.registries = TrackedResources.ofStarter(mmaps, journals);
	}

	@Override
	public void start() {
		this.running = true;
		this.registries.forEach((registry) -> registry.addListener(this));
	}

	@Override
	public void added(TrackedResource resource) {
		Duration interval = resource.requiredSettings().syncInterval();
		if (interval == null) {
			return;
		}
		synchronized (this.tasks) {
			if (this.running && !this.tasks.containsKey(resource)) {
				this.scheduler.start();
				this.tasks.put(resource, this.scheduler.every(interval, () -> sync(resource)));
			}
		}
	}

	@Override
	public void removed(TrackedResource resource) {
		synchronized (this.tasks) {
			Runnable end = this.tasks.remove(resource);
			if (end != null) {
				end.run();
			}
		}
		this.failing.remove(resource);
	}

	/**
	 * Syncs a resource, if it is open and something was written to it. Only the first
	 * failure is logged; the engine reports each to those who count them.
	 */
	void sync(TrackedResource resource) {
		if (!resource.isOpen() || !resource.isDirty()) {
			return;
		}
		String title = resource.title();
		try {
			resource.sync();
			if (this.failing.remove(resource)) {
				logger.info(title + " can be synced again");
			}
		}
		catch (IOException | RuntimeException ex) {
			// It is no failure if the resource was closed meanwhile.
			if (resource.isOpen() && this.failing.add(resource)) {
				logger.error(title + " could not be synced; further failures are not logged until a sync succeeds", ex);
			}
		}
	}

	@Override
	public void stop() {
		this.registries.forEach((registry) -> registry.removeListener(this));
		synchronized (this.tasks) {
			this.running = false;
			this.tasks.clear();
		}
		this.scheduler.stop();
		for (ResourceRegistry<?> registry : this.registries) {
			for (TrackedResource resource : registry.owned().values()) {
				if (resource.requiredSettings().syncInterval() != null) {
					sync(resource);
				}
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
