package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SwappableBuilder;
import dev.yammap.spring.boot.swap.SyncObserver;
import dev.yammap.spring.boot.tracking.TrackedFile;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * Opens files for the registry, as their settings and the customizers say.
 */
public final class FileOpener extends ResourceOpener<TrackedFile> {

	private final ObjectProvider<MmapBuilderCustomizer> customizers;

	private final boolean checkpoints;

	private final @Nullable SyncObserverFactory observers;

	private final Function<FileSettings, Mmap.Builder> builders;

	/**
	 * Creates an opener.
	 * @param customizers get each builder before its file is opened
	 * @param startup records the opening of each file as a step
	 * @param checkpoints whether files have to be closed before a checkpoint, and opened
	 * again
	 * @param observers returns the observer for the syncs of a file, or {@code null} if
	 * they are not observed
	 * @param directories creates directories
	 */
	public FileOpener(ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup,
			boolean checkpoints, @Nullable SyncObserverFactory observers, DirectoryCreator directories) {
		this(customizers, startup, checkpoints, observers, directories, FileSettings::builder);
	}

	FileOpener(ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup, boolean checkpoints,
			@Nullable SyncObserverFactory observers, DirectoryCreator directories,
			Function<FileSettings, Mmap.Builder> builders) {
		super(startup, directories);
		this.customizers = customizers;
		this.checkpoints = checkpoints;
		this.observers = observers;
		this.builders = builders;
	}

	@Override
	Opening begin(TrackedFile file) {
		return new FileOpening(file, this.customizers.orderedStream().toList());
	}

	/**
	 * Returns a builder. Only a file that is opened again behind its bean, or observed,
	 * is wrapped.
	 */
	private Mmap.Builder newBuilder(FileSettings settings) {
		Mmap.Builder builder = this.builders.apply(settings);
		if (this.observers != null && settings.isWritten()) {
			return swappable(settings, builder, this.observers.observerOf(settings));
		}
		return (this.checkpoints || settings.reloadOnUpdate()) ? swappable(settings, builder, SyncObserver.NONE)
				: builder;
	}

	private static Mmap.Builder swappable(FileSettings settings, Mmap.Builder builder, SyncObserver observer) {
		return new SwappableBuilder(builder, observer).options(settings.options());
	}

	/**
	 * The opening of one file. The customizers get its builder.
	 */
	private final class FileOpening implements Opening {

		private final TrackedFile file;

		private final List<MmapBuilderCustomizer> customizers;

		private Mmap.@Nullable Builder builder;

		FileOpening(TrackedFile file, List<MmapBuilderCustomizer> customizers) {
			this.file = file;
			this.customizers = customizers;
		}

		@Override
		public void prepare() throws IOException {
			FileSettings settings = this.file.requiredSettings();
			Mmap.Builder builder = newBuilder(settings).listener(this.file);
			for (MmapBuilderCustomizer customizer : this.customizers) {
				customize(settings, () -> customizer.customize(settings.name(), settings.path(), builder));
			}
			this.builder = builder;
		}

		@Override
		public void open() throws IOException {
			this.file.opened(Objects.requireNonNull(this.builder).open());
		}

	}

}
