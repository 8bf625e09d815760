package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Meters of all files: those of the registry, and {@link Mmap} beans that the application
 * made itself. Nothing is measured while reading and writing: sizes and counts are asked
 * for, and a sync is reported by the engine.
 */
class MmapMetrics implements MmapBuilderCustomizer, SmartInitializingSingleton, DisposableBean {

	private final MeterRegistry meterRegistry;

	private final FileStates states;

	private final Gauge filesOpen;

	private final Map<String, FileMeters> files = new ConcurrentHashMap<>();

	MmapMetrics(MeterRegistry meterRegistry, FileStates states) {
		this.meterRegistry = meterRegistry;
		this.states = states;
		this.filesOpen = Gauge.builder("yammap.files.open", states, FileStates::open)
			.description("Mapped files that are open")
			.baseUnit(BaseUnits.FILES)
			.register(meterRegistry);
	}

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) {
		FileState state = this.states.managed(name);
		if (state != null) {
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
		if (file.isOpen() && (managed == null || managed.file() != file)) {
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

	@Override
	public void destroy() {
		this.meterRegistry.remove(this.filesOpen);
		this.files.values().forEach(FileMeters::remove);
	}

}
