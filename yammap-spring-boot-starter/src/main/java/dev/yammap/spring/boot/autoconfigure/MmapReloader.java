package dev.yammap.spring.boot.autoconfigure;

import java.time.Duration;

import dev.yammap.spring.boot.MmapReloadedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Follows the files with {@code reload-on-update}: looks each second at what is at their
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
final class MmapReloader extends BackgroundTask {

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final Log logger = LogFactory.getLog(MmapReloader.class);

	private final DefaultMmaps mmaps;

	private final ApplicationEventPublisher publisher;

	MmapReloader(DefaultMmaps mmaps, ApplicationEventPublisher publisher) {
		super("yammap-reload");
		this.mmaps = mmaps;
		this.publisher = publisher;
	}

	@Override
	void begin(BackgroundThread thread) {
		thread.start();
		thread.every(PERIOD, this::lookAtAll);
	}

	/**
	 * Looks once at each file that is open.
	 */
	void lookAtAll() {
		for (OpenFile file : this.mmaps.opened()) {
			FileReload reload = file.reload();
			FileReload.Change change = (reload != null) ? reload.look() : null;
			if (change != null) {
				publish(new MmapReloadedEvent(this.mmaps, file.settings().name(), file.file(), change.oldSize(),
						change.newSize()));
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
