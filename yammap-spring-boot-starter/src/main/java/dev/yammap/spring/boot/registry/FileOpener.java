package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.path.SameFiles;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.swap.SwappableBuilder;
import dev.yammap.spring.boot.swap.SyncObserver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

/**
 * Opens files for the registry, as their settings and the customizers say.
 */
public final class FileOpener {

	private static final Log logger = LogFactory.getLog(FileOpener.class);

	private final ObjectProvider<MmapBuilderCustomizer> customizers;

	private final ApplicationStartup startup;

	private final boolean checkpoints;

	private final @Nullable SyncObserverFactory observers;

	private final DirectoryCreator directories;

	private final Function<FileSettings, Mmap.Builder> builders;

	private final SameFiles sameFiles = new SameFiles();

	/**
	 * Creates an opener.
	 * @param customizers who sees a builder before its file is opened
	 * @param startup what the opening of each file is a step of
	 * @param checkpoints whether files have to be closed before a checkpoint, and opened
	 * again
	 * @param observers gives what observes the syncs of a file, or {@code null} if
	 * nothing does
	 * @param directories what creates directories
	 */
	public FileOpener(ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup,
			boolean checkpoints, @Nullable SyncObserverFactory observers, DirectoryCreator directories) {
		this(customizers, startup, checkpoints, observers, directories, FileSettings::builder);
	}

	FileOpener(ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup, boolean checkpoints,
			@Nullable SyncObserverFactory observers, DirectoryCreator directories,
			Function<FileSettings, Mmap.Builder> builders) {
		this.customizers = customizers;
		this.startup = startup;
		this.checkpoints = checkpoints;
		this.observers = observers;
		this.directories = directories;
		this.builders = builders;
	}

	/**
	 * Returns those who see every builder. Creates beans, so not to be called with a lock
	 * held.
	 */
	List<MmapBuilderCustomizer> customizers() {
		return this.customizers.orderedStream().toList();
	}

	/**
	 * Opens a file. To be called by one thread at a time.
	 * @param settings the file
	 * @param file what is told of all that happens to it
	 * @param customizers who sees its builder
	 * @throws UncheckedIOException if it cannot be prepared or opened
	 * @throws InvalidFileException if it is open under another name
	 */
	void open(FileSettings settings, TrackedFile file, List<MmapBuilderCustomizer> customizers) {
		StartupStep step = this.startup.start("yammap.file.open").tag("file", settings.name());
		try {
			this.directories.createFor(settings);
			Mmap.Builder builder = builder(settings).listener(file);
			for (MmapBuilderCustomizer customizer : customizers) {
				customize(settings, builder, customizer);
			}
			this.sameFiles.requireOther(settings);
			file.opened(builder.open());
			this.sameFiles.opened(settings);
			logger.info("Opened " + file.describe());
		}
		catch (IOException ex) {
			throw notOpened(settings, file, ex);
		}
		catch (InvalidFileException ex) {
			throw ex;
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			throw notOpened(settings, file, new IOException(ex.getMessage(), ex));
		}
		finally {
			step.end();
		}
	}

	private static MmapOpenException notOpened(FileSettings settings, TrackedFile file, IOException failure) {
		file.notOpened(failure);
		return new MmapOpenException(settings, failure);
	}

	/** A file that is opened again behind its bean, or observed, is wrapped; no other. */
	private Mmap.Builder builder(FileSettings settings) {
		Mmap.Builder builder = this.builders.apply(settings);
		if (this.observers != null && settings.changesFile()) {
			return new SwappableBuilder(builder, this.observers.observerOf(settings));
		}
		return (this.checkpoints || settings.reloadOnUpdate()) ? new SwappableBuilder(builder, SyncObserver.NONE)
				: builder;
	}

	private void customize(FileSettings settings, Mmap.Builder builder, MmapBuilderCustomizer customizer)
			throws IOException {
		try {
			customizer.customize(settings.name(), settings.path(), builder);
		}
		catch (IOException ex) {
			throw notPrepared(settings, ex);
		}
		catch (UncheckedIOException ex) {
			throw notPrepared(settings, Objects.requireNonNull(ex.getCause()));
		}
	}

	/**
	 * A customizer may be the first to meet a directory that is missing.
	 * @throws IOException the failure, if that is so
	 */
	private static UncheckedIOException notPrepared(FileSettings settings, IOException failure) throws IOException {
		Path directory = settings.path().getParent();
		if (directory != null && Files.notExists(directory)) {
			throw failure;
		}
		return new UncheckedIOException("File " + settings + " could not be prepared: " + failure.getMessage(),
				failure);
	}

	/**
	 * Forgets a file that was closed before the others.
	 */
	void closed(FileSettings settings) {
		this.sameFiles.closed(settings);
	}

}
