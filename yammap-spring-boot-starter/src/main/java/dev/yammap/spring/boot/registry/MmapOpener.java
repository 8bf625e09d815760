package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.settings.FileSettings;
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
public final class MmapOpener {

	private static final Log logger = LogFactory.getLog(MmapOpener.class);

	private final ObjectProvider<MmapBuilderCustomizer> customizers;

	private final ApplicationStartup startup;

	private final boolean checkpoints;

	private final SyncObserver.@Nullable Factory observers;

	private final DirectoryCreator directories;

	private final SameFiles sameFiles = new SameFiles();

	/**
	 * Creates an opener.
	 * @param customizers who sees a builder before its file is opened
	 * @param startup what the opening of each file is a step of
	 * @param checkpoints whether files have to be closed before a checkpoint, and opened
	 * again
	 * @param observers what observes syncs, or {@code null} if nothing does
	 * @param directories what creates directories
	 */
	public MmapOpener(ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup,
			boolean checkpoints, SyncObserver.@Nullable Factory observers, DirectoryCreator directories) {
		this.customizers = customizers;
		this.startup = startup;
		this.checkpoints = checkpoints;
		this.observers = observers;
		this.directories = directories;
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
	 * @param state what will be known of it
	 * @param customizers who sees its builder
	 * @return the file
	 * @throws UncheckedIOException if it cannot be prepared or opened
	 * @throws DuplicatePathException if it is open under another name
	 */
	OpenFile open(FileSettings settings, FileState state, List<MmapBuilderCustomizer> customizers) {
		StartupStep step = this.startup.start("yammap.file.open").tag("file", settings.name());
		try {
			this.directories.createFor(settings);
			Mmap.Builder builder = customized(settings, state, customizers);
			this.sameFiles.requireOther(settings);
			OpenFile file = open(settings, state, builder);
			this.sameFiles.opened(settings);
			state.opened(file.file());
			logger.info("Opened " + file.describe());
			return file;
		}
		catch (IOException ex) {
			throw notOpened(settings, state, ex);
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			throw notOpened(settings, state, new IOException(ex.getMessage(), ex));
		}
		finally {
			step.end();
		}
	}

	private static MmapOpenException notOpened(FileSettings settings, FileState state, IOException failure) {
		state.notOpened(failure);
		return new MmapOpenException(settings, failure);
	}

	private Mmap.Builder customized(FileSettings settings, FileState state, List<MmapBuilderCustomizer> customizers)
			throws IOException {
		Mmap.Builder builder = builder(settings);
		builder.listener(state);
		for (MmapBuilderCustomizer customizer : customizers) {
			customize(settings, builder, customizer);
		}
		return builder;
	}

	private Mmap.Builder builder(FileSettings settings) {
		SyncObserver.Factory factory = this.observers;
		if (factory != null && settings.access().changesFile()) {
			return new SwappableBuilder(settings.builder(), factory.observerOf(settings));
		}
		boolean swappable = this.checkpoints || settings.reloadOnUpdate();
		return swappable ? new SwappableBuilder(settings.builder(), SyncObserver.NONE) : settings.builder();
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

	private OpenFile open(FileSettings settings, FileState state, Mmap.Builder builder) throws IOException {
		if (builder instanceof SwappableBuilder swappable) {
			return OpenFile.swappable(settings, state, swappable.open(), swappable.versions());
		}
		return OpenFile.fixed(settings, state, builder.open());
	}

}
