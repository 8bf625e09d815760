package dev.yammap.spring.boot.registry;

import java.io.IOException;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.reload.FileReload;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A file that the registry has opened, until it closes it.
 */
public final class OpenFile {

	private static final Log logger = LogFactory.getLog(OpenFile.class);

	private final FileSettings settings;

	private final FileState state;

	private final Mmap file;

	private final @Nullable Reopening reopening;

	private OpenFile(FileSettings settings, FileState state, Mmap file, @Nullable Reopening reopening) {
		this.settings = settings;
		this.state = state;
		this.file = file;
		this.reopening = reopening;
	}

	/**
	 * Returns a file that is opened once.
	 */
	static OpenFile fixed(FileSettings settings, FileState state, Mmap file) {
		return new OpenFile(settings, state, file, null);
	}

	/**
	 * Returns a file that can be opened again behind its bean.
	 * @param builder what opens it again
	 */
	static OpenFile swappable(FileSettings settings, FileState state, SwappableMmap file, Mmap.Builder builder) {
		FileReload reload = settings.reloadOnUpdate() ? new FileReload(settings, state, file, builder) : null;
		return new OpenFile(settings, state, file, new Reopening(file, builder, reload));
	}

	public FileSettings settings() {
		return this.settings;
	}

	public Mmap file() {
		return this.file;
	}

	/**
	 * Returns what follows the replacement of the file.
	 * @return the reload, or {@code null} if it is not followed
	 */
	public @Nullable FileReload reload() {
		return (this.reopening != null) ? this.reopening.reload() : null;
	}

	/**
	 * Tells whether the application has closed the file, which then stays closed.
	 */
	boolean isClosedByApplication() {
		return !this.file.isOpen() && (this.reopening == null || !this.reopening.isSuspended());
	}

	/**
	 * Syncs the file, if the settings say so and there is something to sync.
	 * @return why it could not be synced, which is logged, or {@code null}
	 */
	@Nullable Throwable sync() {
		try {
			syncIfNeeded();
			return null;
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error("File " + this.settings + " could not be synced", ex);
			return ex;
		}
	}

	/**
	 * Syncs the file, if the settings say so, and closes it, even if it cannot be synced.
	 * @return why one of both failed, which is logged, or {@code null}
	 */
	@Nullable Throwable syncAndClose() {
		boolean open = this.file.isOpen();
		try (this.file) {
			syncIfNeeded();
			if (isElsewhere()) {
				logger.warn("File " + this.settings + " was removed from its path, or replaced there, while it was"
						+ " open: what was written to it is not to be found there");
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error("File " + this.settings + " could not be synced and closed", ex);
			return ex;
		}
		String done = this.settings.syncOnShutdown() ? "Synced and closed " : "Closed ";
		logger.info(open ? done + describe() : "File " + this.settings + " was closed before");
		return null;
	}

	/** A file without a name ends when it is closed, with all that was written to it. */
	private boolean isElsewhere() {
		try {
			return this.settings.access().changesFile() && this.file.isOpen() && !this.file.isCurrent();
		}
		catch (IOException ex) {
			// Where the path cannot be looked at nobody knows.
			return false;
		}
	}

	private void syncIfNeeded() throws IOException {
		// An application may have closed a file itself; what it did not sync is its own
		// affair.
		if (this.settings.syncOnShutdown() && this.file.isOpen() && this.file.isDirty()) {
			this.file.sync();
		}
	}

	/**
	 * Syncs the file and closes it behind its bean, until {@link #resume()}. A file that
	 * cannot be synced stays open, and there can be no checkpoint.
	 * @throws IOException if it can't be synced or closed
	 */
	void suspend() throws IOException {
		if (this.reopening != null && this.file.isOpen()) {
			syncIfNeeded();
			this.reopening.suspend();
			logger.info("Closed " + describe() + ", for a checkpoint");
		}
	}

	/**
	 * Opens the file again behind its bean, if it was closed by {@link #suspend()}.
	 * @throws IOException if it can't be opened, which the state of the file shows
	 */
	void resume() throws IOException {
		if (this.reopening == null) {
			return;
		}
		try {
			if (this.reopening.resume(this.settings)) {
				this.state.reopened(this.file);
				// An earlier restore may have failed to open it.
				this.state.reloads().settled();
				logger.info("Opened " + describe() + ", after a restore");
			}
		}
		catch (IOException | RuntimeException ex) {
			this.state.reloads().failed("It could not be opened again after a restore: " + ex);
			logger.error("File " + this.settings + " could not be opened after a restore", ex);
			throw ex;
		}
	}

	/**
	 * Describes the file for the log.
	 */
	String describe() {
		return "file " + this.settings + ", " + FileSettings.canonical(this.settings.access()) + ", " + this.file.size()
				+ " bytes";
	}

	/**
	 * How the file is opened again.
	 */
	private static final class Reopening {

		private final SwappableMmap file;

		private final Mmap.Builder builder;

		private final @Nullable FileReload reload;

		private boolean suspended;

		Reopening(SwappableMmap file, Mmap.Builder builder, @Nullable FileReload reload) {
			this.file = file;
			this.builder = builder;
			this.reload = reload;
		}

		@Nullable FileReload reload() {
			return this.reload;
		}

		synchronized boolean isSuspended() {
			return this.suspended;
		}

		synchronized void suspend() throws IOException {
			this.suspended = true;
			this.file.versions().suspend();
		}

		synchronized boolean resume(FileSettings settings) throws IOException {
			if (!this.suspended) {
				return false;
			}
			this.file.versions().resume(settings.opensAgain(this.builder).open());
			this.suspended = false;
			return true;
		}

	}

}
