package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;

import dev.yammap.spring.boot.lifecycle.Each;
import dev.yammap.spring.boot.lifecycle.ManagedResources;
import dev.yammap.spring.boot.lifecycle.Openings;
import dev.yammap.spring.boot.lifecycle.ResourceCloser;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedResource;

import org.springframework.context.SmartLifecycle;

/**
 * Where the life of every resource of one kind begins and ends.
 * <p>
 * A configured resource is opened when it is first asked for: that is when its bean is
 * created. Others are opened at run time. The end has two steps. {@link #stop()} comes
 * after web server, listeners and schedulers have stopped. It only syncs, as other beans
 * may go on writing until their own destruction. {@link #destroy()} comes after every
 * singleton of the context has been destroyed; the {@link ResourceCloser} calls it. It
 * syncs once more and closes. If the start-up fails half-way, only the second step
 * happens. The registry itself is no disposable bean: Spring would destroy it before the
 * singletons that were created earlier.
 * <p>
 * The application context may have a parent with a registry. If both configure a resource
 * with the same name and path, it belongs to the parent: it is found here as well, but
 * opened, synced and closed there.
 *
 * @param <T> what is known of a resource
 */
public abstract sealed class ResourceRegistry<T extends TrackedResource> implements SmartLifecycle, ManagedResources
		permits DefaultMmaps, DefaultJournals {

	/**
	 * Just above the phase that starts first and stops last, so that everything that
	 * writes has stopped before.
	 */
	public static final int PHASE = Integer.MIN_VALUE + 1000;

	private final ResourceKind kind;

	private final ResourceOpener<T> opener;

	/** Never held while the application is called: that may wait for other threads. */
	private final Object lock = new Object();

	/** Changed under the lock. */
	private final OwnedResources<T> resources;

	private final Openings openings = new Openings();

	private volatile boolean running;

	/**
	 * Creates the registry; opens nothing.
	 * @param kind the kind of the resources
	 * @param configured the configured resources, without those that the parent owns
	 * @param others other configured resources, such as those of the parent
	 * @param taken the names that are taken already
	 * @param opener opens the resources
	 * @throws InvalidFileException if two names lead to one place, or if a name is taken
	 */
	ResourceRegistry(ResourceKind kind, Collection<T> configured, Collection<? extends ResourceSettings> others,
			ConcurrentMap<String, ResourceSettings> taken, ResourceOpener<T> opener) {
		this.kind = kind;
		this.opener = opener;
		this.resources = new OwnedResources<>(kind, configured, others, taken);
	}

	/**
	 * Returns the names that are taken in this registry, and in others that share them.
	 */
	final ConcurrentMap<String, ResourceSettings> taken() {
		return this.resources.taken();
	}

	/**
	 * Returns the names of all resources, those of the parent included, open or not.
	 */
	public abstract Set<String> names();

	/**
	 * Returns the resources that this registry owns, open or not.
	 * @return the resources by name, in the order of the configuration; unmodifiable
	 */
	public final Map<String, T> owned() {
		return this.resources.all();
	}

	/**
	 * Returns the resources that this registry has opened and not closed.
	 * @return the resources in the order they were opened; unmodifiable
	 */
	public final List<T> opened() {
		return this.resources.opened();
	}

	/**
	 * Returns all resources, those of the parent included, open or not.
	 * @return the resources by name, in the order of the configuration; unmodifiable
	 */
	public abstract Map<String, T> all();

	final NoSuchElementException none(String name) {
		return new NoSuchElementException("No " + this.kind.word() + " is named '" + name + "'; there are " + names());
	}

	/**
	 * Opens a resource, unless that was done before.
	 * @param resource a resource that this registry owns
	 * @throws IllegalStateException if the registry is closed or suspended, if the
	 * application has closed the resource, or if this thread is opening it
	 */
	final void ensureOpen(T resource) {
		if (resource.resource() == null || this.openings.isClosed()) {
			// Also before beans are created, as a closed context would create them anew.
			requireOpenable(resource);
			requireOpenedElsewhere(resource);
			ResourceOpener.Opening opening = this.opener.begin(resource);
			// Customizers and listeners run meanwhile. Whoever needs this very resource
			// has to wait for them, but nobody else.
			synchronized (resource) {
				requireOpenable(resource);
				if (resource.resource() == null) {
					open(resource, opening);
				}
			}
		}
		else if (resource.isClosedByApplication()) {
			// To open it again would not change the bean, which others hold.
			throw new IllegalStateException(resource.title()
					+ " was closed by the application, and is opened here only once. Do not close it, as the registry"
					+ " does so at the end; or open it again with " + this.kind.type()
					+ ".builder(path), and close that");
		}
	}

	private void requireOpenedElsewhere(T resource) {
		if (Thread.holdsLock(resource)) {
			throw new IllegalStateException(resource.title()
					+ " is being opened by this very thread: its customizers and listeners cannot get it here");
		}
	}

	/**
	 * Opens a resource. If something fails after it is open, for example because memory
	 * is short, a configured one stays open, and is closed with the others. Any other is
	 * closed, as the caller does not get it.
	 */
	private void open(T resource, ResourceOpener.Opening opening) {
		this.openings.begin();
		try {
			requireOpenable(resource);
			this.opener.open(resource, opening);
			if (!addOpened(resource)) {
				requireOpenable(resource);
			}
		}
		catch (RuntimeException | Error ex) {
			if (resource.isOpenedAtRunTime() || !addOpened(resource)) {
				closeAfter(ex, resource);
			}
			throw ex;
		}
		finally {
			this.openings.end();
		}
	}

	/**
	 * Adds a resource, if it is open, to what the end will close.
	 * @return {@code false} if it is too late for that
	 */
	private boolean addOpened(T resource) {
		synchronized (this.lock) {
			return this.resources.addOpened(resource);
		}
	}

	/**
	 * Opens a resource that is not configured.
	 * @param resource a new resource
	 * @throws InvalidFileException if its name or its path belongs to another one
	 */
	final void addAndOpen(T resource) {
		requireOpenable(resource);
		ResourceOpener.Opening opening = this.opener.begin(resource);
		resource.forgetWhenClosed(() -> forget(resource));
		synchronized (this.lock) {
			requireOpenable(resource);
			this.resources.take(resource.requiredSettings(), all(), this::neighbours);
		}
		try {
			open(resource, opening);
		}
		catch (RuntimeException | Error ex) {
			this.opener.closed(resource);
			this.resources.giveBack(resource.requiredSettings());
			throw ex;
		}
		if (!resource.isOpen()) {
			// A listener closed it before anybody could find it here.
			forget(resource);
		}
		try {
			this.resources.tellAdded(resource);
		}
		catch (RuntimeException | Error ex) {
			closeAfter(ex, resource);
			forget(resource);
			throw ex;
		}
	}

	/**
	 * Returns all files and journals of the application context and its parents, open or
	 * not, as far as registries of this starter have them.
	 */
	abstract List<ResourceSettings> neighbours();

	/** The caller gets no resource, so nobody else would close it. */
	private void closeAfter(Throwable failure, T resource) {
		if (resource.resource() != null) {
			try {
				syncAndClose(resource);
			}
			catch (IOException | RuntimeException | Error ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	private void syncAndClose(T resource) throws IOException {
		try {
			resource.syncAndClose();
		}
		finally {
			if (resource.isCloseFailed()) {
				synchronized (this.lock) {
					this.resources.addUnclosed(resource);
				}
			}
		}
	}

	private void requireOpenable(T resource) {
		String refusal = this.openings.refusal();
		if (refusal != null) {
			throw new IllegalStateException(resource.title() + " " + refusal);
		}
	}

	/**
	 * Syncs and closes a resource that was opened at run time, and forgets it. If it
	 * cannot be closed, its name is free all the same, and the end of the registry closes
	 * what is left of it.
	 * @param name its name
	 * @throws NoSuchElementException if there is none of that name
	 * @throws IllegalStateException if it is configured
	 * @throws IOException if it could not be synced, or not be closed
	 */
	public final void close(String name) throws IOException {
		T resource = owned().get(name);
		if (resource == null) {
			throw none(name);
		}
		if (!resource.isOpenedAtRunTime()) {
			throw new IllegalStateException(resource.title()
					+ " is configured, so it is closed when the application stops: its bean stays, and others hold it");
		}
		try {
			syncAndClose(resource);
		}
		catch (IOException | RuntimeException | Error ex) {
			throw new IOException(resource.title() + " could not be synced and closed", ex);
		}
		finally {
			// Usually the resource itself reports its end, but not if it cannot be
			// closed.
			forget(resource);
		}
	}

	private void forget(T resource) {
		synchronized (this.lock) {
			if (this.openings.isClosed() || !this.resources.remove(resource)) {
				return;
			}
			this.opener.closed(resource);
		}
		this.resources.tellRemoved(resource);
	}

	/**
	 * Adds a listener, and tells it of each resource that this registry owns.
	 * @param listener the listener
	 */
	public final void addListener(RegistryListener<? super T> listener) {
		this.resources.addListener(listener);
	}

	/**
	 * Removes a listener.
	 * @param listener the listener
	 */
	public final void removeListener(RegistryListener<? super T> listener) {
		this.resources.removeListener(listener);
	}

	@Override
	public final void start() {
		this.running = true;
	}

	@Override
	public final boolean isRunning() {
		return this.running;
	}

	@Override
	public final int getPhase() {
		return PHASE;
	}

	/**
	 * A paused context goes on in the same process, so nothing must be durable before.
	 */
	@Override
	public final boolean isPauseable() {
		return false;
	}

	@Override
	public final void stop() {
		this.running = false;
		opened().forEach(TrackedResource::syncAtStop);
	}

	/**
	 * Syncs and closes every resource before a checkpoint. If one fails, the others are
	 * still closed. Calls fail as after its own {@code close()} until {@link #resume()}.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	@Override
	public final void suspend() throws IOException {
		this.openings.suspend();
		Each.of(opened(), TrackedResource::suspend, failure("closed for a checkpoint"));
	}

	/**
	 * Opens every resource again that {@link #suspend()} has closed. If one fails, the
	 * others are still opened.
	 * @throws IOException if there was a failure; all of them are suppressed in this one
	 */
	@Override
	public final void resume() throws IOException {
		try {
			Each.of(opened(), TrackedResource::resume, failure("opened again after a restore"));
		}
		finally {
			this.openings.resume();
		}
	}

	/**
	 * Syncs and closes every open resource, the last one first. If one fails, the others
	 * are still closed.
	 * @throws IOException if there was a failure; all of them are logged, and suppressed
	 * in this one
	 */
	@Override
	public final void destroy() throws IOException {
		this.openings.close();
		List<T> resources;
		synchronized (this.lock) {
			resources = this.resources.removeAll();
		}
		Each.of(resources.reversed(), TrackedResource::syncAndClose, failure("synced and closed"));
	}

	private String failure(String notDone) {
		return this.kind.noun() + "s could not be " + notDone;
	}

}
