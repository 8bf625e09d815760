package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Meters of all files: those of the registry, and {@link Mmap} beans that the application
 * made itself. Nothing is measured while reading and writing: sizes and counts are asked
 * for, and a sync is reported by the engine.
 * <p>
 * The contexts of a hierarchy have one of these each, which may share a registry: then
 * the open files of all are counted by the topmost, and of files of the same name only
 * that of the parent has meters, as two could not be told from each other.
 */
class MmapMetrics implements MmapBuilderCustomizer, SmartInitializingSingleton, MmapCloser.Part {

	private final MeterRegistry meterRegistry;

	private final FileStates states;

	/** Those of the parent context, if they are in the same registry. */
	private final @Nullable MmapMetrics parent;

	private final Set<MmapMetrics> children = ConcurrentHashMap.newKeySet();

	private final Map<String, FileMeters> files = new ConcurrentHashMap<>();

	private final @Nullable Gauge filesOpen;

	@SuppressWarnings("ReferenceEquality")
	MmapMetrics(MeterRegistry meterRegistry, FileStates states, @Nullable MmapMetrics parent) {
		this.meterRegistry = meterRegistry;
		this.states = states;
		this.parent = (parent != null && parent.meterRegistry == meterRegistry) ? parent : null;
		this.filesOpen = countOpenFiles();
	}

	private @Nullable Gauge countOpenFiles() {
		if (this.parent != null) {
			this.parent.children.add(this);
			return null;
		}
		return Gauge.builder("yammap.files.open", this, MmapMetrics::open)
			.description("Mapped files that are open")
			.baseUnit(BaseUnits.FILES)
			.register(this.meterRegistry);
	}

	/** A file of the parent is one of the child, too, but the same. */
	private long open() {
		return openFiles().collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())))
			.size();
	}

	private Stream<Mmap> openFiles() {
		return Stream.concat(this.states.openFiles(), this.children.stream().flatMap(MmapMetrics::openFiles));
	}

	private boolean isOfParent(String name) {
		return this.parent != null && (this.parent.states.managed(name) != null || this.parent.files.containsKey(name)
				|| this.parent.isOfParent(name));
	}

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) {
		FileState state = this.states.managed(name);
		// The customizers of a parent are called for the files of a child, too.
		if (state != null && path.equals(state.path()) && !isOfParent(name)) {
			builder.listener(this.files.computeIfAbsent(name, (_) -> meters(name, state)));
		}
	}

	private FileMeters meters(String name, FileState state) {
		return new FileMeters(this.meterRegistry, name, state);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.states.all().forEach((name, state) -> {
			Mmap file = state.file();
			if (file != null) {
				bind(name, file);
			}
		});
	}

	/**
	 * Adds the meters of a file that the application made itself.
	 * @param name the name of the bean
	 * @param file the bean
	 */
	@SuppressWarnings("ReferenceEquality")
	void bind(String name, Mmap file) {
		FileState managed = this.states.managed(name);
		if (file.isOpen() && (managed == null || managed.file() != file) && !isOfParent(name)) {
			FileState state = this.states.unmanaged(name, file);
			FileMeters known = this.files.get(name);
			if (known == null || !known.isOf(state)) {
				FileMeters meters = meters(name, state);
				this.files.put(name, meters);
				if (known != null) {
					known.remove();
				}
				meters.opened(file);
			}
		}
	}

	/**
	 * Removes what meters are left, after the files were synced and closed.
	 */
	@Override
	public void destroy() {
		if (this.parent != null) {
			this.parent.children.remove(this);
		}
		if (this.filesOpen != null) {
			this.meterRegistry.remove(this.filesOpen);
		}
		this.files.values().forEach(FileMeters::remove);
	}

}
