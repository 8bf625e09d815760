package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.ManagedResources;
import dev.yammap.spring.boot.lifecycle.ResourceCloser;
import dev.yammap.spring.boot.path.FileIdentity;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.InvalidFileException;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * The registry, where the life of every managed file begins and ends.
 * <p>
 * A configured file is opened when it is first asked for, which is when its bean is
 * created; others are opened at run time. The end has two steps. {@link #stop()} comes
 * after web server, listeners and schedulers have stopped; it only syncs, as other beans
 * may go on writing until their own destruction. {@link #destroy()} comes after every
 * singleton of the context has been destroyed, when the {@link ResourceCloser} calls it;
 * it syncs once more and closes. When the start-up fails half-way only the second step
 * happens. This is no disposable bean itself: one would be destroyed before the
 * singletons that were created earlier.
 * <p>
 * Where the application context has a parent with a registry, a file that both configure,
 * with the same name and path, is that of the parent: it is found here as well, but
 * opened, synced and closed there.
 */
public final class DefaultMmaps implements Mmaps, SmartLifecycle, ManagedResources {

	/**
	 * Just above the first phase to start and last to stop, so that everything that
	 * writes has stopped before.
	 */
	public static final int PHASE = Integer.MIN_VALUE + 1000;

	private final Path baseDirectory;

	private final FileOpener opener;

	private final ParentMmaps parent;

	private final List<RegistryListener> listeners = new CopyOnWriteArrayList<>();

	private final Object lock = new Object();

	// New collections for each change, made under the lock, so that readers need none.
	private volatile Map<String, TrackedFile> files;

	/** In the order they were opened. */
	private volatile List<TrackedFile> opened = List.of();

	private volatile boolean running;

	private volatile boolean suspended;

	private volatile boolean closed;

	/**
	 * Creates the registry; opens no file.
	 * @param settings the files that are configured
	 * @param baseDirectory what relative paths of other files resolve against
	 * @param opener what opens them
	 * @param parent the files of the parent context
	 * @throws InvalidFileException if two names are those of one file
	 */
	public DefaultMmaps(Collection<FileSettings> settings, Path baseDirectory, FileOpener opener, ParentMmaps parent) {
		this.baseDirectory = baseDirectory;
		this.opener = opener;
		this.parent = parent;
		Map<String, TrackedFile> files = new LinkedHashMap<>();
		Map<FileIdentity, FileSettings> byIdentity = new HashMap<>();
		parent.files()
			.values()
			.forEach((file) -> byIdentity.put(identity(file.requiredSettings()), file.requiredSettings()));
		for (FileSettings file : settings) {
			if (parent.owns(file)) {
				continue;
			}
			FileSettings other = byIdentity.putIfAbsent(identity(file), file);
			if (other != null) {
				throw FileSettings.sameFile(other, file);
			}
			files.put(file.name(), new TrackedFile(file));
		}
		this.files = Collections.unmodifiableMap(files);
	}

	private static FileIdentity identity(FileSettings file) {
		return FileIdentity.of(file.path());
	}

	@Override
	public Set<String> names() {
		Set<String> names = new LinkedHashSet<>(this.parent.names());
		names.addAll(this.files.keySet());
		return Collections.unmodifiableSet(names);
	}

	@Override
	public boolean contains(String name) {
		return this.files.containsKey(name) || this.parent.contains(name);
	}

	@Override
	public Mmap get(String name) {
		Assert.notNull(name, "'name' must not be null");
		TrackedFile file = this.files.get(name);
		if (file == null) {
			Mmap ofParent = this.parent.find(name);
			if (ofParent == null) {
				throw noSuchFile(name);
			}
			return ofParent;
		}
		Mmap open = file.file();
		if (open == null || this.closed) {
			return open(file);
		}
		if (file.isClosedByApplication()) {
			// Opening it again would leave the bean, which others hold, as it is.
			throw new IllegalStateException("File " + file.settings() + " was closed by the application, and is opened"
					+ " here only once. Do not close it, as the registry does so at the end; or open it again with"
					+ " Mmap.builder(path), and close that");
		}
		return open;
	}

	private Mmap open(TrackedFile file) {
		// Creates beans, so not under our lock: another thread may hold the lock of
		// the bean factory and wait for ours.
		List<MmapBuilderCustomizer> customizers = this.opener.customizers();
		synchronized (this.lock) {
			requireOpenable(file.requiredSettings());
			if (file.file() == null) {
				this.opener.open(file.requiredSettings(), file, customizers);
				this.opened = with(this.opened, file);
			}
			return Objects.requireNonNull(file.file());
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
	public Mmap open(String name, Consumer<FileProperties> properties) {
		Assert.notNull(name, "'name' must not be null");
		Assert.notNull(properties, "'properties' must not be null");
		FileProperties described = new FileProperties();
		properties.accept(described);
		FileSettings.requireUsableName(name);
		FileSettings settings = new FileSettings(name, this.baseDirectory, described);
		List<MmapBuilderCustomizer> customizers = this.opener.customizers();
		TrackedFile file = new TrackedFile(settings, this::forget);
		synchronized (this.lock) {
			requireOpenable(settings);
			requireNew(settings);
			this.opener.open(settings, file, customizers);
			Map<String, TrackedFile> files = new LinkedHashMap<>(this.files);
			files.put(name, file);
			this.files = Collections.unmodifiableMap(files);
			this.opened = with(this.opened, file);
		}
		this.listeners.forEach((listener) -> listener.added(file));
		return Objects.requireNonNull(file.file());
	}

	/** Those of our own that are open the opener knows. */
	private void requireNew(FileSettings settings) {
		if (contains(settings.name())) {
			throw new InvalidFileException("There is a mapped file '%s' already.".formatted(settings.name()),
					"Open it under another name, or close the one there is, if it was opened at run time.");
		}
		FileIdentity identity = identity(settings);
		Map<String, TrackedFile> others = new LinkedHashMap<>(this.files);
		others.values().removeIf((file) -> file.file() != null);
		others.putAll(this.parent.files());
		for (TrackedFile other : others.values()) {
			if (identity.equals(identity(other.requiredSettings()))) {
				throw FileSettings.sameFile(other.requiredSettings(), settings);
			}
		}
	}

	@Override
	public void close(String name) throws IOException {
		TrackedFile file = this.files.get(name);
		if (file == null) {
			throw noSuchFile(name);
		}
		if (!file.isOpenedAtRunTime()) {
			throw new IllegalStateException("File " + file.settings() + " is configured, so it is closed when the"
					+ " application stops: its bean stays, and others hold it");
		}
		Throwable failure = file.syncAndClose();
		// It hears of its end itself, unless it cannot be closed.
		forget(file);
		if (failure != null) {
			throw new IOException("File " + file.settings() + " could not be synced and closed", failure);
		}
	}

	private void forget(TrackedFile file) {
		String name = file.requiredSettings().name();
		synchronized (this.lock) {
			Map<String, TrackedFile> files = new LinkedHashMap<>(this.files);
			if (this.closed || !files.remove(name, file)) {
				return;
			}
			this.files = Collections.unmodifiableMap(files);
			this.opened = this.opened.stream().filter((other) -> !other.equals(file)).toList();
			this.opener.closed(file.requiredSettings());
		}
		this.listeners.forEach((listener) -> listener.removed(file));
	}

	private static List<TrackedFile> with(List<TrackedFile> files, TrackedFile file) {
		List<TrackedFile> more = new ArrayList<>(files);
		more.add(file);
		return Collections.unmodifiableList(more);
	}

	@Override
	public void addReloadHandler(String name, Consumer<Mmap> handler) {
		Assert.notNull(handler, "'handler' must not be null");
		TrackedFile file = this.files.get(name);
		if (file != null) {
			file.reloadHandlers().add(handler);
		}
		else if (!this.parent.addReloadHandler(name, handler)) {
			throw noSuchFile(name);
		}
	}

	private NoSuchElementException noSuchFile(String name) {
		return new NoSuchElementException("No file is named '" + name + "'; there are " + names());
	}

	@Override
	public Map<String, Mmap> openFiles() {
		Map<String, Mmap> open = new LinkedHashMap<>(this.parent.openFiles());
		open.keySet().removeAll(this.files.keySet());
		for (TrackedFile file : opened()) {
			open.put(file.requiredSettings().name(), Objects.requireNonNull(file.file()));
		}
		open.values().removeIf((file) -> !file.isOpen());
		return Collections.unmodifiableMap(open);
	}

	/**
	 * Returns all files, those of the parent included, open or not.
	 * @return the files by name, in the order of the configuration; unmodifiable
	 */
	public Map<String, TrackedFile> allFiles() {
		Map<String, TrackedFile> files = new LinkedHashMap<>(this.parent.files());
		files.putAll(this.files);
		return Collections.unmodifiableMap(files);
	}

	/**
	 * Returns the files that this registry owns, open or not.
	 * @return the files by name, in the order of the configuration; unmodifiable
	 */
	public Map<String, TrackedFile> files() {
		return this.files;
	}

	/**
	 * Returns the files that this registry has opened and not closed.
	 * @return the files in the order they were opened; unmodifiable
	 */
	public List<TrackedFile> opened() {
		return this.opened;
	}

	/**
	 * Adds a listener, and tells it of each file that this registry owns.
	 * @param listener the listener
	 */
	public void addListener(RegistryListener listener) {
		this.listeners.add(listener);
		this.files.values().forEach(listener::added);
	}

	/**
	 * Removes a listener.
	 * @param listener the listener
	 */
	public void removeListener(RegistryListener listener) {
		this.listeners.remove(listener);
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
		opened().forEach(TrackedFile::sync);
	}

	/**
	 * Syncs and closes every file before a checkpoint, whatever happens to the others.
	 * Calls fail as after {@link Mmap#close()} until {@link #resume()}.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	@Override
	public void suspend() throws IOException {
		synchronized (this.lock) {
			this.suspended = true;
		}
		forEachFile("closed for a checkpoint", TrackedFile::suspend);
	}

	/**
	 * Opens every file again that was closed by {@link #suspend()}, whatever happens to
	 * the others.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	@Override
	public void resume() throws IOException {
		try {
			forEachFile("opened again after a restore", TrackedFile::resume);
		}
		finally {
			synchronized (this.lock) {
				this.suspended = false;
			}
		}
	}

	private void forEachFile(String done, FileAction action) throws IOException {
		List<Throwable> failures = new ArrayList<>();
		List<TrackedFile> files = opened();
		for (TrackedFile file : files) {
			try {
				action.run(file);
			}
			catch (IOException | RuntimeException | Error ex) {
				failures.add(ex);
			}
		}
		throwIfAny(failures, files.size(), done);
	}

	/**
	 * Syncs and closes every file that is open, the last one first, whatever happens to
	 * the others.
	 * @throws IOException if there was a failure; all of them are logged, and suppressed
	 * in this one
	 */
	@Override
	public void destroy() throws IOException {
		List<TrackedFile> files;
		synchronized (this.lock) {
			this.closed = true;
			files = this.opened;
			this.opened = List.of();
		}
		List<Throwable> failures = new ArrayList<>();
		for (TrackedFile file : files.reversed()) {
			Throwable failure = file.syncAndClose();
			if (failure != null) {
				failures.add(failure);
			}
		}
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
	 * Returns a file of this registry or of the parent's.
	 * @param name its name
	 * @return the file, open or not, or {@code null} if there is none of that name
	 */
	@Nullable TrackedFile find(String name) {
		TrackedFile file = this.files.get(name);
		return (file != null) ? file : this.parent.files().get(name);
	}

	/**
	 * What is done with each file.
	 */
	@FunctionalInterface
	private interface FileAction {

		void run(TrackedFile file) throws IOException;

	}

}
