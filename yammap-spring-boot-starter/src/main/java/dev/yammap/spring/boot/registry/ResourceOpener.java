package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.path.SameFiles;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedResource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

/**
 * Opens resources of one kind for their registry. It creates directories, finds two names
 * that lead to one place, and tells failures apart.
 *
 * @param <T> what is known of a resource
 */
abstract sealed class ResourceOpener<T extends TrackedResource> permits FileOpener, JournalOpener {

	private static final Log logger = LogFactory.getLog(ResourceOpener.class);

	private final ApplicationStartup startup;

	private final DirectoryCreator directories;

	private final SameFiles sameFiles = new SameFiles();

	/**
	 * Creates an opener.
	 * @param startup records the opening of each resource as a step
	 * @param directories creates directories
	 */
	ResourceOpener(ApplicationStartup startup, DirectoryCreator directories) {
		this.startup = startup;
		this.directories = directories;
	}

	/**
	 * Begins to open a resource. This may create beans, so the caller must hold no lock:
	 * another thread may hold the lock of the bean factory and wait for ours.
	 * @param resource the resource
	 * @return its opening
	 */
	abstract Opening begin(T resource);

	/**
	 * Opens a resource. Each resource is opened by one thread at a time. The caller holds
	 * no lock that threads need which open another one, as customizers and listeners may
	 * wait for those.
	 * @param resource the resource. It learns that it is open
	 * @param opening what {@link #begin} returned
	 * @throws UncheckedIOException if it cannot be prepared or opened
	 * @throws InvalidFileException if it is open under another name
	 */
	final void open(T resource, Opening opening) {
		ResourceSettings settings = resource.requiredSettings();
		StartupStep step = switch (settings.kind()) {
			case FILE -> this.startup.start("yammap.file.open").tag("file", settings.name());
			case JOURNAL -> this.startup.start("yammap.journal.open").tag("journal", settings.name());
		};
		try {
			this.directories.createFor(settings);
			opening.prepare();
			this.sameFiles.claim(settings);
			openClaimed(resource, opening);
			logger.info("Opened " + resource.describe());
		}
		catch (IOException ex) {
			throw notOpened(resource, ex);
		}
		catch (InvalidFileException ex) {
			resource.notOpened(ex.getMessage());
			throw ex;
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			throw notOpened(resource, new IOException(ex.getMessage(), ex));
		}
		catch (RuntimeException | Error ex) {
			if (resource.resource() == null) {
				resource.notOpened(ex.toString());
			}
			throw ex;
		}
		finally {
			step.end();
		}
	}

	private void openClaimed(T resource, Opening opening) throws IOException {
		ResourceSettings settings = resource.requiredSettings();
		try {
			opening.open();
		}
		finally {
			if (resource.resource() != null) {
				this.sameFiles.opened(settings);
			}
			else {
				this.sameFiles.closed(settings);
			}
		}
	}

	private static ResourceOpenException notOpened(TrackedResource resource, IOException failure) {
		resource.notOpened(failure.getMessage());
		return new ResourceOpenException(resource.requiredSettings(), failure);
	}

	/**
	 * Calls a customizer with a builder.
	 * @param settings the settings of the resource
	 * @param customizer calls the customizer
	 * @throws IOException if the customizer failed because a directory is missing
	 * @throws UncheckedIOException if it failed for another reason
	 */
	static void customize(ResourceSettings settings, Customizing customizer) throws IOException {
		try {
			customizer.run();
		}
		catch (IOException ex) {
			throw notPrepared(settings, ex);
		}
		catch (UncheckedIOException ex) {
			throw notPrepared(settings, Objects.requireNonNull(ex.getCause()));
		}
	}

	private static UncheckedIOException notPrepared(ResourceSettings settings, IOException failure) throws IOException {
		Path directory = settings.path().getParent();
		if (directory != null && Files.notExists(directory)) {
			throw failure;
		}
		return new UncheckedIOException(
				settings.kind().title() + " " + settings + " could not be prepared: " + failure.getMessage(), failure);
	}

	/**
	 * Forgets a resource that was closed at run time.
	 */
	final void closed(T resource) {
		this.sameFiles.closed(resource.requiredSettings());
	}

	/**
	 * The call of one customizer.
	 */
	@FunctionalInterface
	interface Customizing {

		void run() throws IOException;

	}

	/**
	 * The opening of one resource.
	 */
	interface Opening {

		/**
		 * Prepares the opening. Nothing is open yet, and nothing is emptied.
		 * @throws IOException if that fails as the opening would
		 */
		void prepare() throws IOException;

		/**
		 * Opens the resource, and tells it that it is open.
		 * @throws IOException if it cannot be opened
		 */
		void open() throws IOException;

	}

}
