package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.MmapCloser;
import dev.yammap.spring.boot.settings.FileSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * The registry, where the life of every configured file begins and ends.
 * <p>
 * A file is opened when it is first asked for, which is when its bean is created. The end
 * has two steps. {@link #stop()} comes after web server, listeners and schedulers have
 * stopped; it only syncs, as other beans may go on writing until their own destruction.
 * {@link #destroy()} comes after every singleton of the context has been destroyed, when
 * the {@link MmapCloser} calls it; it syncs once more and closes. When the start-up fails
 * half-way only the second step happens. This is no disposable bean itself: one would be
 * destroyed before the singletons that were created earlier.
 * <p>
 * Where the application context has a parent with a registry, a file that both configure,
 * with the same name and path, is that of the parent: it is found here as well, but
 * opened, synced and closed there.
 */
public final class DefaultMmaps implements Mmaps, SmartLifecycle, MmapCloser.Part {

	/**
	 * Just above the first phase to start and last to stop, so that everything that
	 * writes has stopped before.
	 */
	public static final int PHASE = Integer.MIN_VALUE + 1000;

	private final Map<String, FileSettings> settings;

	private final Map<String, FileState> states;

	private final Map<String, List<Consumer<Mmap>>> reloadHandlers = new ConcurrentHashMap<>();

	private final MmapOpener opener;

	private final ParentMmaps parent;

	private final Object lock = new Object();

	// A new map for each change, made under the lock, so that readers need none.
	private volatile Map<String, OpenFile> files = Map.of();

	private volatile boolean running;

	private volatile boolean suspended;

	private volatile boolean closed;

	/**
	 * Creates the registry; opens no file.
	 * @param settings the files that are configured
	 * @param opener what opens them
	 * @param parent the files of the parent context
	 * @throws DuplicatePathException if two names are those of one file
	 */
	public DefaultMmaps(Collection<FileSettings> settings, MmapOpener opener, ParentMmaps parent) {
		Map<String, FileSettings> byName = new LinkedHashMap<>();
		Map<String, FileState> states = new LinkedHashMap<>();
		Map<FileIdentity, FileSettings> byIdentity = parent.settingsByIdentity();
		for (FileSettings file : settings) {
			if (parent.owns(file)) {
				continue;
			}
			FileSettings other = byIdentity.putIfAbsent(FileIdentity.of(file.path()), file);
			if (other != null) {
				throw new DuplicatePathException(other, file);
			}
			byName.put(file.name(), file);
			states.put(file.name(), new FileState(file));
		}
		this.settings = Collections.unmodifiableMap(byName);
		this.states = Collections.unmodifiableMap(states);
		this.opener = opener;
		this.parent = parent;
	}

	@Override
	public Set<String> names() {
		Set<String> names = new LinkedHashSet<>(this.parent.names());
		names.addAll(this.settings.keySet());
		return Collections.unmodifiableSet(names);
	}

	@Override
	public boolean contains(String name) {
		return this.settings.containsKey(name) || this.parent.contains(name);
	}

	@Override
	public Mmap get(String name) {
		OpenFile file = this.files.get(name);
		if (file != null) {
			return requireNotClosed(file);
		}
		Assert.notNull(name, "'name' must not be null");
		FileSettings settings = this.settings.get(name);
		return (settings != null) ? open(settings).file() : getFromParent(name);
	}

	@Override
	public void addReloadHandler(String name, Consumer<Mmap> handler) {
		Assert.notNull(handler, "'handler' must not be null");
		if (this.settings.containsKey(name)) {
			this.reloadHandlers.computeIfAbsent(name, (_) -> new CopyOnWriteArrayList<>()).add(handler);
		}
		else if (!this.parent.addReloadHandler(name, handler)) {
			throw noSuchFile(name);
		}
	}

	/**
	 * Returns what is to be called when a file was reloaded.
	 * @param name the name of the file
	 * @return the handlers in the order they were added
	 */
	public List<Consumer<Mmap>> reloadHandlers(String name) {
		return this.reloadHandlers.getOrDefault(name, List.of());
	}

	private NoSuchElementException noSuchFile(String name) {
		return new NoSuchElementException("No file is named '" + name + "' under 'yammap.files'; there are " + names());
	}

	/** Opening it again would leave the bean, which others hold, as it is. */
	private static Mmap requireNotClosed(OpenFile file) {
		if (file.isClosedByApplication()) {
			throw new IllegalStateException("File " + file.settings() + " was closed by the application, and is opened"
					+ " here only once. Do not close it, as the registry does so at the end; or open it again with"
					+ " Mmap.builder(path), and close that");
		}
		return file.file();
	}

	private Mmap getFromParent(String name) {
		Mmap file = this.parent.find(name);
		if (file == null) {
			throw noSuchFile(name);
		}
		return file;
	}

	@Override
	public Map<String, Mmap> openFiles() {
		Map<String, Mmap> open = new LinkedHashMap<>(this.parent.openFiles());
		open.keySet().removeAll(this.settings.keySet());
		this.files.forEach((name, file) -> open.put(name, file.file()));
		open.values().removeIf((file) -> !file.isOpen());
		return Collections.unmodifiableMap(open);
	}

	/**
	 * Returns what is known of each file, those of the parent included.
	 * @return the states by name, in the order of the configuration; unmodifiable
	 */
	Map<String, FileState> states() {
		Map<String, FileState> states = new LinkedHashMap<>(this.parent.states());
		states.putAll(this.states);
		return Collections.unmodifiableMap(states);
	}

	/**
	 * Returns what is known of each file that this registry owns.
	 * @return the states by name, in the order of the configuration; unmodifiable
	 */
	Map<String, FileState> ownStates() {
		return this.states;
	}

	/**
	 * Returns the settings of all files, those of the parent included.
	 * @return the settings by name
	 */
	Map<String, FileSettings> allSettings() {
		Map<String, FileSettings> settings = new LinkedHashMap<>(this.parent.settingsByName());
		settings.putAll(this.settings);
		return settings;
	}

	/**
	 * Returns the settings of the files that this registry owns, open or not.
	 */
	public Collection<FileSettings> settings() {
		return this.settings.values();
	}

	/**
	 * Returns the files that this registry has opened and not closed.
	 * @return the files in the order they were opened
	 */
	public Collection<OpenFile> opened() {
		return this.files.values();
	}

	/**
	 * Returns a file of this registry if it is open now.
	 * @param name the name of the file
	 * @return the file, or {@code null} if it is not open
	 */
	@Nullable Mmap findOpen(String name) {
		OpenFile file = this.files.get(name);
		return (file != null && file.file().isOpen()) ? file.file() : null;
	}

	private OpenFile open(FileSettings settings) {
		// Creates beans, so not under our lock: another thread may hold the lock of
		// the bean factory and wait for ours.
		List<MmapBuilderCustomizer> customizers = this.opener.customizers();
		synchronized (this.lock) {
			requireOpenable(settings);
			OpenFile file = this.files.get(settings.name());
			if (file == null) {
				FileState state = Objects.requireNonNull(this.states.get(settings.name()));
				file = this.opener.open(settings, state, customizers);
				Map<String, OpenFile> files = new LinkedHashMap<>(this.files);
				files.put(settings.name(), file);
				this.files = Collections.unmodifiableMap(files);
			}
			return file;
		}
	}

	private void requireOpenable(FileSettings settings) {
		if (this.closed) {
			throw new IllegalStateException("File " + settings + " cannot be opened: the registry is closed");
		}
		if (this.suspended) {
			throw new IllegalStateException("File " + settings + " cannot be opened during a checkpoint");
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
		opened().forEach(OpenFile::sync);
	}

	/**
	 * Syncs and closes every file before a checkpoint, whatever happens to the others.
	 * Calls fail as after {@link Mmap#close()} until {@link #resume()}.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	public void suspend() throws IOException {
		synchronized (this.lock) {
			this.suspended = true;
		}
		forEachFile("closed for a checkpoint", OpenFile::suspend);
	}

	/**
	 * Opens every file again that was closed by {@link #suspend()}, whatever happens to
	 * the others.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	public void resume() throws IOException {
		try {
			forEachFile("opened again after a restore", OpenFile::resume);
		}
		finally {
			synchronized (this.lock) {
				this.suspended = false;
			}
		}
	}

	private void forEachFile(String done, FileAction action) throws IOException {
		List<Throwable> failures = new ArrayList<>();
		for (OpenFile file : opened()) {
			try {
				action.run(file);
			}
			catch (IOException | RuntimeException | Error ex) {
				failures.add(ex);
			}
		}
		throwIfAny(failures, opened().size(), done);
	}

	/**
	 * Syncs and closes every file that is open, the last one first, whatever happens to
	 * the others.
	 * @throws IOException if there was a failure; all of them are logged, and suppressed
	 * in this one
	 */
	@Override
	public void destroy() throws IOException {
		List<OpenFile> files;
		synchronized (this.lock) {
			this.closed = true;
			files = new ArrayList<>(opened());
			this.files = Map.of();
		}
		List<Throwable> failures = files.reversed()
			.stream()
			.map(OpenFile::syncAndClose)
			.filter(Objects::nonNull)
			.map(Throwable.class::cast)
			.toList();
		throwIfAny(failures, files.size(), "synced and closed");
	}

	private static void throwIfAny(List<Throwable> failures, int files, String done) throws IOException {
		if (!failures.isEmpty()) {
			IOException failure = new IOException(
					failures.size() + " of " + files + " mapped files could not be " + done);
			failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	/**
	 * What is done with each file.
	 */
	@FunctionalInterface
	private interface FileAction {

		void run(OpenFile file) throws IOException;

	}

}
