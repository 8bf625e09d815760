package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;
import org.springframework.util.Assert;

/**
 * The registry, where the life of every configured file begins and ends.
 * <p>
 * A file is opened when it is first asked for, which is when its bean is created. The end
 * has two steps. {@link #stop()} comes after web server, listeners and schedulers have
 * stopped; it only syncs, as other beans may go on writing until their own destruction.
 * {@link #destroy()} comes after every bean that depends on a file or on this registry is
 * destroyed; it syncs once more and closes. When the start-up fails half-way only the
 * second step happens.
 */
final class DefaultMmaps implements Mmaps, SmartLifecycle, DisposableBean {

	/**
	 * Just above the first phase to start and last to stop, so that everything that
	 * writes has stopped before.
	 */
	static final int PHASE = Integer.MIN_VALUE + 1000;

	private static final Log logger = LogFactory.getLog(DefaultMmaps.class);

	private final Map<String, FileSettings> settings;

	private final Map<String, FileState> states;

	private final ObjectProvider<MmapBuilderCustomizer> customizers;

	private final ApplicationStartup startup;

	private final Object lock = new Object();

	// Guarded by the lock.
	private final SameFiles sameFiles = new SameFiles();

	// A new map for each change, made under the lock, so that readers need none.
	private volatile Map<String, Mmap> files = Map.of();

	private volatile boolean running;

	private volatile boolean closed;

	/**
	 * Creates the registry; opens no file.
	 * @param settings the files it has
	 * @param customizers who sees a builder before its file is opened
	 * @param startup what the opening of each file is a step of
	 * @throws DuplicatePathException if two files have one path
	 */
	DefaultMmaps(Collection<FileSettings> settings, ObjectProvider<MmapBuilderCustomizer> customizers,
			ApplicationStartup startup) {
		Map<String, FileSettings> byName = new LinkedHashMap<>();
		Map<String, FileState> states = new LinkedHashMap<>();
		Map<Path, FileSettings> byPath = new HashMap<>();
		for (FileSettings file : settings) {
			FileSettings other = byPath.putIfAbsent(file.path(), file);
			if (other != null) {
				throw new DuplicatePathException(other, file);
			}
			byName.put(file.name(), file);
			states.put(file.name(), new FileState(file));
		}
		this.settings = Collections.unmodifiableMap(byName);
		this.states = Collections.unmodifiableMap(states);
		this.customizers = customizers;
		this.startup = startup;
	}

	@Override
	public Set<String> names() {
		return this.settings.keySet();
	}

	@Override
	public Mmap get(String name) {
		Mmap file = this.files.get(name);
		return (file != null) ? file : open(settings(name));
	}

	@Override
	public Map<String, Mmap> openFiles() {
		Map<String, Mmap> open = new LinkedHashMap<>(this.files);
		open.values().removeIf((file) -> !file.isOpen());
		return Collections.unmodifiableMap(open);
	}

	/**
	 * Returns what is known of each file.
	 * @return the states by name, in the order of the configuration; unmodifiable
	 */
	Map<String, FileState> states() {
		return this.states;
	}

	private FileSettings settings(String name) {
		Assert.notNull(name, "'name' must not be null");
		FileSettings settings = this.settings.get(name);
		if (settings == null) {
			throw new NoSuchElementException(
					"No file is named '" + name + "' under 'yammap.files'; there are " + this.settings.keySet());
		}
		return settings;
	}

	private Mmap open(FileSettings settings) {
		// Creates beans, so not under our lock: another thread may hold the lock of
		// the bean factory and wait for ours.
		List<MmapBuilderCustomizer> customizers = this.customizers.orderedStream().toList();
		synchronized (this.lock) {
			Assert.state(!this.closed, () -> "File " + settings + " cannot be opened: the registry is closed");
			Mmap file = this.files.get(settings.name());
			if (file == null) {
				file = openAsStep(settings, customizers);
				Map<String, Mmap> files = new LinkedHashMap<>(this.files);
				files.put(settings.name(), file);
				this.files = Collections.unmodifiableMap(files);
			}
			return file;
		}
	}

	private Mmap openAsStep(FileSettings settings, List<MmapBuilderCustomizer> customizers) {
		StartupStep step = this.startup.start("yammap.file.open").tag("file", settings.name());
		try {
			return open(settings, customizers);
		}
		finally {
			step.end();
		}
	}

	private Mmap open(FileSettings settings, List<MmapBuilderCustomizer> customizers) {
		FileState state = Objects.requireNonNull(this.states.get(settings.name()));
		Mmap.Builder builder = settings.builder().listener(state);
		for (MmapBuilderCustomizer customizer : customizers) {
			customize(settings, builder, customizer);
		}
		try {
			this.sameFiles.requireOther(settings);
			Mmap file = builder.open();
			this.sameFiles.opened(settings);
			state.opened(file);
			logger.info("Opened " + describe(settings, file));
			return file;
		}
		catch (IOException ex) {
			throw new MmapOpenException(settings, ex);
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			throw new MmapOpenException(settings, new IOException(ex.getMessage(), ex));
		}
	}

	private void customize(FileSettings settings, Mmap.Builder builder, MmapBuilderCustomizer customizer) {
		try {
			customizer.customize(settings.name(), settings.path(), builder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("File " + settings + " could not be prepared: " + ex.getMessage(), ex);
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * A paused context goes on in the same process, so nothing has to be durable for it.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void stop() {
		this.running = false;
		this.files.forEach((name, file) -> {
			FileSettings settings = settings(name);
			try {
				syncIfNeeded(settings, file);
			}
			catch (IOException | RuntimeException ex) {
				logger.error("File " + settings + " could not be synced", ex);
			}
		});
	}

	/**
	 * Syncs and closes every file that is open, the last one first, whatever happens to
	 * the others.
	 * @throws IOException if there was a failure; all of them are logged, and suppressed
	 * in this one
	 */
	@Override
	public void destroy() throws IOException {
		List<Map.Entry<String, Mmap>> files;
		synchronized (this.lock) {
			this.closed = true;
			files = new ArrayList<>(this.files.entrySet());
			this.files = Map.of();
		}
		List<Exception> failures = new ArrayList<>();
		for (Map.Entry<String, Mmap> file : files.reversed()) {
			Exception failure = syncAndClose(settings(file.getKey()), file.getValue());
			if (failure != null) {
				failures.add(failure);
			}
		}
		if (!failures.isEmpty()) {
			IOException failure = new IOException(
					failures.size() + " of " + files.size() + " mapped files could not be synced and closed");
			failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	private @Nullable Exception syncAndClose(FileSettings settings, Mmap file) {
		try (file) {
			syncIfNeeded(settings, file);
		}
		catch (IOException | RuntimeException ex) {
			logger.error("File " + settings + " could not be synced and closed", ex);
			return ex;
		}
		logger.info((settings.syncOnShutdown() ? "Synced and closed " : "Closed ") + describe(settings, file));
		return null;
	}

	private void syncIfNeeded(FileSettings settings, Mmap file) throws IOException {
		// An application may have closed a file itself; what it did not sync is its own
		// affair.
		if (settings.syncOnShutdown() && file.isOpen()) {
			file.sync();
		}
	}

	private static String describe(FileSettings settings, Mmap file) {
		return "file " + settings + ", " + FileSettings.canonical(settings.access()) + ", " + file.size() + " bytes";
	}

}
