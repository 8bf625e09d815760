package dev.yammap.spring.boot.reload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.MmapReloadedEvent;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.PrivateScheduler;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.PeriodicSyncs;
import dev.yammap.spring.boot.registry.RegistryListener;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Follows the files with {@code reload-on-update}. At intervals it looks what is at their
 * paths. One thread does that for all of them; it exists only if there is such a file.
 * Nothing is followed while the context is paused, nor in a registry of the application's
 * own.
 * <p>
 * Why does it poll? To ask what is at a path costs some microseconds, resolves every
 * symbolic link on the way, and is right on each file system. A {@code WatchService}
 * would have to watch the directory of every link. It does not hear what others do on
 * NFS, in lower layers of an overlay, or on some bind mounts. It may lose events. And it
 * takes one of the 128 inotify instances of a user; without one, only polling is left.
 */
public final class FileReloader implements SmartLifecycle, RegistryListener<TrackedFile> {

	private static final Log logger = LogFactory.getLog(FileReloader.class);

	private final @Nullable DefaultMmaps mmaps;

	private final Duration interval;

	private final ObjectProvider<MmapReloadValidator> validators;

	private final ApplicationEventPublisher publisher;

	private final PrivateScheduler scheduler = new PrivateScheduler("yammap-reload");

	private final Map<TrackedFile, FileReload> reloads = new ConcurrentHashMap<>();

	private volatile List<MmapReloadValidator> active = List.of();

	private boolean scheduled;

	private volatile boolean running;

	/**
	 * Creates a reloader for the files of a registry.
	 * @param mmaps the registry
	 * @param interval the time between two looks
	 * @param validators may refuse a new file
	 * @param publisher publishes each reload
	 */
	public FileReloader(Mmaps mmaps, Duration interval, ObjectProvider<MmapReloadValidator> validators,
			ApplicationEventPublisher publisher) {
		this.mmaps = (mmaps instanceof DefaultMmaps registry) ? registry : null;
		this.interval = interval;
		this.validators = validators;
		this.publisher = publisher;
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
		if (file.isFollowed() && !isScheduled()) {
			// This is done here, and not on the thread, so that a validator that cannot
			// be created stops the start. It is not done under the lock, as it creates
			// beans.
			List<MmapReloadValidator> validators = this.validators.orderedStream().toList();
			synchronized (this) {
				if (this.running && !this.scheduled) {
					this.active = validators;
					this.scheduled = true;
					this.scheduler.start();
					this.scheduler.every(this.interval, this::lookAtAll);
				}
			}
		}
	}

	private synchronized boolean isScheduled() {
		return this.scheduled;
	}

	@Override
	public void removed(TrackedFile file) {
		this.reloads.remove(file);
	}

	@Override
	public void stop() {
		if (this.mmaps != null) {
			this.mmaps.removeListener(this);
		}
		synchronized (this) {
			this.running = false;
			this.scheduled = false;
		}
		this.scheduler.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PeriodicSyncs.PHASE;
	}

	/**
	 * Looks once at each file that is open.
	 */
	public void lookAtAll() {
		if (this.mmaps == null) {
			return;
		}
		for (TrackedFile file : this.mmaps.opened()) {
			if (file.isFollowed() && file.file() instanceof SwappableMmap swappable) {
				FileReload reload = this.reloads.computeIfAbsent(file, (_) -> new FileReload(file, swappable));
				FileReload.Change change = reload.look(this.active);
				if (change != null) {
					callHandlers(file, swappable);
					publish(new MmapReloadedEvent(this.mmaps, file.requiredSettings().name(), swappable,
							change.oldSize(), change.newSize()));
				}
				if (!file.equals(this.mmaps.owned().get(file.requiredSettings().name()))) {
					// It was closed since the list was taken, maybe before it was looked
					// at.
					this.reloads.remove(file);
				}
			}
		}
	}

	/** Returns how many files are followed. */
	int followed() {
		return this.reloads.size();
	}

	private static void callHandlers(TrackedFile file, Mmap mmap) {
		for (Consumer<Mmap> handler : file.reloadHandlers()) {
			try {
				handler.accept(mmap);
			}
			catch (RuntimeException | Error ex) {
				logger.error("A reload handler of file " + file.settings() + " failed", ex);
			}
		}
	}

	private void publish(MmapReloadedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A listener of " + event + " failed", ex);
		}
	}

}
