package dev.yammap.spring.boot.reload;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.MmapReloadedEvent;
import dev.yammap.spring.boot.lifecycle.BackgroundTask;
import dev.yammap.spring.boot.lifecycle.BackgroundThread;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.OpenFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Follows the files with {@code reload-on-update}: looks at intervals at what is at their
 * paths, all on one thread, which is there only if there is such a file. A paused context
 * follows nothing.
 * <p>
 * It looks, instead of having the operating system tell: asking what is at a path costs
 * some microseconds, resolves every symbolic link on the way, and is right on each file
 * system. A {@code WatchService} would have to watch the directory of every link, hears
 * nothing of what others do on NFS, of lower layers of an overlay or of some bind mounts,
 * may lose events, and takes one of the 128 inotify instances of a user, after which
 * there is only looking left.
 */
public final class MmapReloader extends BackgroundTask {

	private static final Log logger = LogFactory.getLog(MmapReloader.class);

	private final DefaultMmaps mmaps;

	private final Duration interval;

	private final ObjectProvider<MmapReloadValidator> validators;

	private final ApplicationEventPublisher publisher;

	private volatile List<MmapReloadValidator> active = List.of();

	/**
	 * Creates what follows the files of a registry.
	 * @param mmaps the registry
	 * @param interval the time between two looks
	 * @param validators who may refuse what was found
	 * @param publisher whom to tell of what was reloaded
	 */
	public MmapReloader(DefaultMmaps mmaps, Duration interval, ObjectProvider<MmapReloadValidator> validators,
			ApplicationEventPublisher publisher) {
		super("yammap-reload");
		this.mmaps = mmaps;
		this.interval = interval;
		this.validators = validators;
		this.publisher = publisher;
	}

	@Override
	protected void begin(BackgroundThread thread) {
		// Here, and not on the thread, so that a validator that cannot be created stops
		// the start.
		this.active = this.validators.orderedStream().toList();
		thread.start();
		thread.every(this.interval, this::lookAtAll);
	}

	/**
	 * Looks once at each file that is open.
	 */
	public void lookAtAll() {
		List<MmapReloadValidator> validators = this.active;
		for (OpenFile file : this.mmaps.opened()) {
			FileReload reload = file.reload();
			FileReload.Change change = (reload != null) ? reload.look(validators) : null;
			if (change != null) {
				callHandlers(file);
				publish(new MmapReloadedEvent(this.mmaps, file.settings().name(), file.file(), change.oldSize(),
						change.newSize()));
			}
		}
	}

	private void callHandlers(OpenFile file) {
		for (Consumer<Mmap> handler : this.mmaps.reloadHandlers(file.settings().name())) {
			try {
				handler.accept(file.file());
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
		catch (RuntimeException ex) {
			logger.error("A listener of " + event + " failed", ex);
		}
	}

}
