package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.lifecycle.BackgroundTask;
import dev.yammap.spring.boot.lifecycle.BackgroundThread;
import dev.yammap.spring.boot.settings.FileSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Syncs the files that have a {@code sync.interval}, all on one thread, which is there
 * only if there is such a file. A file to which nothing was written since its last sync
 * is left alone: the engine knows, without asking the operating system. A paused context
 * syncs nothing, but what was written before is durable: all are synced before the thread
 * is gone.
 */
public final class PeriodicSyncs extends BackgroundTask {

	private static final Log logger = LogFactory.getLog(PeriodicSyncs.class);

	private final DefaultMmaps mmaps;

	private final Set<String> failing = ConcurrentHashMap.newKeySet();

	public PeriodicSyncs(DefaultMmaps mmaps) {
		super("yammap-sync");
		this.mmaps = mmaps;
	}

	@Override
	protected void begin(BackgroundThread thread) {
		for (FileSettings file : this.mmaps.settings()) {
			Duration interval = file.syncInterval();
			if (interval != null) {
				thread.start();
				thread.every(interval, () -> sync(file));
			}
		}
	}

	/**
	 * Syncs a file, if it is open and something was written to it. A failure is logged
	 * when it is the first; the engine tells whoever counts them.
	 * @param settings the file
	 */
	public void sync(FileSettings settings) {
		Mmap file = this.mmaps.findOpen(settings.name());
		if (file == null || !file.isDirty()) {
			return;
		}
		try {
			file.sync();
			if (this.failing.remove(settings.name())) {
				logger.info("File " + settings + " can be synced again");
			}
		}
		catch (IOException | RuntimeException ex) {
			// Closed meanwhile is no failure.
			if (file.isOpen() && this.failing.add(settings.name())) {
				logger.error("File " + settings + " could not be synced; this is not said again while it lasts", ex);
			}
		}
	}

	@Override
	protected void end() {
		this.mmaps.settings().stream().filter((file) -> file.syncInterval() != null).forEach(this::sync);
	}

}
