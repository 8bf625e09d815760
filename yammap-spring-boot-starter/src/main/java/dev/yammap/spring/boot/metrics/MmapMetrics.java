package dev.yammap.spring.boot.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.FileState;
import dev.yammap.spring.boot.registry.FileStates;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Meters of all files of a context: those of its registry, and {@link Mmap} beans that
 * the application made itself. Nothing is measured while reading and writing: sizes and
 * counts are asked for, and a sync is reported by the engine.
 * <p>
 * Opening a file does not need this: a meter registry may itself depend on a file. The
 * files of the registry have their meters from when both are there, and keep them until
 * they are closed, with their last sync.
 */
public class MmapMetrics implements SmartInitializingSingleton, DisposableBean {

	private final FileStates states;

	private final SharedMeters shared;

	/** Of the files that the application made itself. */
	private final Map<String, FileMeters> unmanaged = new ConcurrentHashMap<>();

	public MmapMetrics(MeterRegistry meterRegistry, FileStates states) {
		this.states = states;
		this.shared = SharedMeters.join(meterRegistry, states);
		states.ofRegistry().forEach((name, state) -> state.follow(new FileMeters(this.shared, name, state)));
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.states.all().forEach((name, state) -> {
			Mmap file = state.file();
			if (file != null && !state.isManaged()) {
				bind(name, file);
			}
		});
	}

	/**
	 * Adds the meters of a file that the application made itself. A bean of the name of a
	 * file that the registry has opened is that file, whoever has wrapped it.
	 * @param name the name of the bean
	 * @param file the bean
	 */
	void bind(String name, Mmap file) {
		FileState managed = this.states.managed(name);
		if (file.isOpen() && (managed == null || managed.file() == null)) {
			FileState state = this.states.unmanaged(name, file);
			FileMeters known = this.unmanaged.get(name);
			if (known == null || !known.isOf(state)) {
				FileMeters meters = new FileMeters(this.shared, name, state);
				this.unmanaged.put(name, meters);
				if (known != null) {
					known.remove();
				}
				meters.opened(file);
			}
		}
	}

	@Override
	public void destroy() {
		this.unmanaged.values().forEach(FileMeters::remove);
		this.shared.leave(this.states);
	}

}
