package dev.yammap.spring.boot.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.BackgroundTask;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.PeriodicSyncs;
import dev.yammap.spring.boot.settings.FileSettings;

import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * What is done with the files of the registry while the application runs: they are synced
 * at intervals, and reloaded when they are replaced. A paused context does nothing of it.
 * Nor is anything done with the files of a registry that is the application's own.
 */
public final class BackgroundWork implements SmartLifecycle {

	/** Stopped just before the registry syncs for the last time. */
	private static final int PHASE = DefaultMmaps.PHASE + 1;

	private final List<BackgroundTask> tasks = new ArrayList<>();

	private volatile boolean running;

	/**
	 * Creates work that has not begun.
	 * @param mmaps the registry of the files
	 * @param reloadInterval the time between two looks at files that are reloaded
	 * @param context where those who see reloads are, and are told of them
	 */
	public BackgroundWork(Mmaps mmaps, Duration reloadInterval, ApplicationContext context) {
		if (mmaps instanceof DefaultMmaps registry) {
			add(registry, reloadInterval, context);
		}
	}

	private void add(DefaultMmaps mmaps, Duration reloadInterval, ApplicationContext context) {
		boolean syncs = false;
		boolean reloads = false;
		for (FileSettings file : mmaps.settings()) {
			syncs |= file.syncInterval() != null;
			reloads |= file.reloadOnUpdate();
		}
		if (syncs) {
			this.tasks.add(new PeriodicSyncs(mmaps));
		}
		if (reloads) {
			this.tasks.add(new MmapReloader(mmaps, reloadInterval, context.getBeanProvider(MmapReloadValidator.class),
					context));
		}
	}

	@Override
	public void start() {
		// First, so that Spring stops the others if one cannot begin.
		this.running = true;
		for (BackgroundTask task : this.tasks) {
			task.start();
		}
	}

	@Override
	public void stop() {
		for (BackgroundTask task : this.tasks) {
			task.stop();
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
