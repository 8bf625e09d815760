package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.PrivateScheduler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Syncs the files that have a {@code sync.interval}, all on one thread, which is there
 * only if there is such a file. A file to which nothing was written since its last sync
 * is left alone: the engine knows, without asking the operating system. Nothing is synced
 * while the context is paused, but what was written before is durable: all are synced
 * once more when this stops. A registry of the application's own is left alone.
 */
public final class PeriodicSyncs implements SmartLifecycle, RegistryListener {

	/** Stopped just before the registry syncs for the last time. */
	public static final int PHASE = DefaultMmaps.PHASE + 1;

	private static final Log logger = LogFactory.getLog(PeriodicSyncs.class);

	private final @Nullable DefaultMmaps mmaps;

	private final PrivateScheduler scheduler = new PrivateScheduler("yammap-sync");

	/** What ends the syncs of each file; guarded by itself. */
	private final Map<TrackedFile, Runnable> tasks = new HashMap<>();

	private final Set<TrackedFile> failing = ConcurrentHashMap.newKeySet();

	private volatile boolean running;

	/**
	 * Creates syncs that have not begun.
	 * @param mmaps the registry of the files
	 */
	public PeriodicSyncs(Mmaps mmaps) {
		this.mmaps = (mmaps instanceof DefaultMmaps registry) ? registry : null;
	}

	@Override
	public void start() {
		this.running = true;
		if (this.mmaps != null) {
			this.mmaps.addListener(this);
		}
	}

	@Override
	public void added(TrackedFile file) {
		Duration interval = file.requiredSettings().syncInterval();
		if (interval == null) {
			return;
		}
		synchronized (this.tasks) {
			if (this.running && !this.tasks.containsKey(file)) {
				this.scheduler.start();
				this.tasks.put(file, this.scheduler.every(interval, () -> sync(file)));
			}
		}
	}

	@Override
	public void removed(TrackedFile file) {
		synchronized (this.tasks) {
			Runnable end = this.tasks.remove(file);
			if (end != null) {
				end.run();
			}
		}
		this.failing.remove(file);
	}

	/**
	 * Syncs a file, if it is open and something was written to it. A failure is logged
	 * when it is the first; the engine tells whoever counts them.
	 */
	void sync(TrackedFile tracked) {
		Mmap file = tracked.file();
		if (file == null || !file.isOpen() || !file.isDirty()) {
			return;
		}
		try {
			file.sync();
			if (this.failing.remove(tracked)) {
				logger.info("File " + tracked.settings() + " can be synced again");
			}
		}
		catch (IOException | RuntimeException ex) {
			// Closed meanwhile is no failure.
			if (file.isOpen() && this.failing.add(tracked)) {
				logger.error("File " + tracked.settings()
						+ " could not be synced; further failures are not logged until a sync succeeds", ex);
			}
		}
	}

	@Override
	public void stop() {
		if (this.mmaps != null) {
			this.mmaps.removeListener(this);
			synchronized (this.tasks) {
				this.running = false;
				this.tasks.clear();
			}
			this.scheduler.stop();
			this.mmaps.files()
				.values()
				.stream()
				.filter((file) -> file.requiredSettings().syncInterval() != null)
				.forEach(this::sync);
		}
		this.running = false;
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
