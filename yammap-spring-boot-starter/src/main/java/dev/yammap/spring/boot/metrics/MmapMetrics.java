package dev.yammap.spring.boot.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.RegistryListener;
import dev.yammap.spring.boot.registry.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedFiles;
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
public final class MmapMetrics implements RegistryListener, SmartInitializingSingleton, DisposableBean {

	private final TrackedFiles files;

	private final SharedMeters shared;

	private final Set<TrackedFile> followed = ConcurrentHashMap.newKeySet();

	/** Of the files that the application made itself. */
	private final Map<String, FileMeters> unmanaged = new ConcurrentHashMap<>();

	public MmapMetrics(MeterRegistry meterRegistry, TrackedFiles files) {
		this.files = files;
		this.shared = SharedMeters.join(meterRegistry, files);
		files.addListener(this);
	}

	@Override
	public void added(TrackedFile file) {
		if (this.followed.add(file)) {
			file.follow(new FileMeters(this.shared, file.requiredSettings().name(), file));
		}
	}

	@Override
	public void removed(TrackedFile file) {
		this.followed.remove(file);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.files.all().forEach((name, state) -> {
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
		TrackedFile managed = this.files.managed(name);
		if (file.isOpen() && (managed == null || managed.file() == null)) {
			TrackedFile state = this.files.unmanaged(name, file);
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
		this.files.removeListener(this);
		this.unmanaged.values().forEach(FileMeters::remove);
		this.shared.leave(this.files);
	}

}
