package dev.yammap.spring.boot.tracking;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import dev.yammap.Backend;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A resource from its configuration to its end, and what is known about it besides its
 * content: how its syncs went, and what is wrong with it. Endpoint, health and meters all
 * ask here, also about a bean that the application made itself and no registry manages.
 * <p>
 * A failed sync is remembered until the resource is opened again, as a restart of the
 * application does. Before that nobody can tell whether its data is whole.
 */
public abstract sealed class TrackedResource permits TrackedFile, TrackedJournal {

	private static final Log logger = LogFactory.getLog(TrackedResource.class);

	/** This many syncs are remembered for a follower that comes later. */
	private static final int EARLY_SYNCS = 100;

	private final ResourceKind kind;

	private final @Nullable ResourceSettings settings;

	private final ResourceEvents events;

	private volatile @Nullable String openFailure;

	/** Whether the last attempt to close the resource failed. */
	private volatile boolean closeFailed;

	/** The syncs before there was a follower. Guarded by itself. */
	private final List<Consumer<ResourceFollower>> early = new ArrayList<>();

	private volatile @Nullable ResourceFollower follower;

	/** Forgets a resource that was opened at run time, as soon as it is closed. */
	private volatile @Nullable Runnable whenClosed;

	/**
	 * Creates a tracker for a resource.
	 * @param kind its kind
	 * @param settings how it is opened, or {@code null} if the application opened it
	 * @param name the resource as the log names it
	 */
	TrackedResource(ResourceKind kind, @Nullable ResourceSettings settings, Object name) {
		this.kind = kind;
		this.settings = settings;
		this.events = new ResourceEvents(kind, name);
	}

	public final ResourceKind kind() {
		return this.kind;
	}

	/**
	 * Sets the follower. It hears at once what it missed (that the resource is open, and
	 * its syncs), and from now on what happens. There can be only one.
	 * @param follower the follower
	 */
	public final void follow(ResourceFollower follower) {
		List<Consumer<ResourceFollower>> missed;
		synchronized (this.early) {
			this.follower = follower;
			missed = List.copyOf(this.early);
			this.early.clear();
		}
		Object resource = resource();
		if (resource != null && isOpen()) {
			tell((told) -> told.opened(resource));
			missed.forEach(this::tell);
			if (!isOpen()) {
				// It was closed meanwhile, and the follower may have heard of that first.
				tell((told) -> told.closed(resource));
			}
		}
	}

	/**
	 * Makes this a resource that is opened at run time. Called before it is opened.
	 * @param whenClosed is called when the resource was closed, by whomever
	 */
	public final void forgetWhenClosed(Runnable whenClosed) {
		this.whenClosed = whenClosed;
	}

	/**
	 * Tells whether the resource was opened at run time, so that it may be closed then,
	 * too.
	 */
	public final boolean isOpenedAtRunTime() {
		return this.whenClosed != null;
	}

	/**
	 * Tells the follower that the resource is open.
	 */
	final void tellOpened(Object resource) {
		this.openFailure = null;
		tell((follower) -> follower.opened(resource));
	}

	final void tellClosed(Object resource) {
		tell((follower) -> follower.closed(resource));
		Runnable whenClosed = this.whenClosed;
		if (whenClosed != null) {
			whenClosed.run();
		}
	}

	final void recordSync(Duration duration, @Nullable IOException failure) {
		this.events.synced(failure);
		tellOrRemember((follower) -> follower.synced(duration, failure));
	}

	/**
	 * Tells the follower. If it fails, because a meter is refused, that is logged: the
	 * life of the resource does not depend on its meters.
	 */
	private void tell(Consumer<ResourceFollower> event) {
		ResourceFollower follower = this.follower;
		if (follower != null) {
			try {
				event.accept(follower);
			}
			catch (RuntimeException | Error ex) {
				Object name = (this.settings != null) ? this.settings : path();
				logger.warn("The meters of " + this.kind.word() + " " + name + " may be incomplete", ex);
			}
		}
	}

	private void tellOrRemember(Consumer<ResourceFollower> event) {
		synchronized (this.early) {
			if (this.follower == null) {
				if (this.early.size() < EARLY_SYNCS) {
					this.early.add(event);
				}
				return;
			}
		}
		tell(event);
	}

	/**
	 * Records that the resource could not be opened. That stops the application, unless
	 * it opens its resources late.
	 * @param reason why it could not be opened
	 */
	public final void notOpened(@Nullable String reason) {
		this.openFailure = "It could not be opened: " + reason;
	}

	/**
	 * Returns what the properties say.
	 * @return the settings, or {@code null} if no registry manages the resource
	 */
	public @Nullable ResourceSettings settings() {
		return this.settings;
	}

	/**
	 * Returns the settings of a resource that a registry manages.
	 */
	public ResourceSettings requiredSettings() {
		return Objects.requireNonNull(this.settings);
	}

	/**
	 * Tells whether a registry manages the resource.
	 * @return {@code false} for one that the application opened itself
	 */
	public final boolean isManaged() {
		return this.settings != null;
	}

	/**
	 * Tells whether the application may write to the resource, if that is known.
	 */
	public final boolean isWritten() {
		return this.settings != null && this.settings.isWritten();
	}

	/**
	 * Returns the kinds of writes that the operating system may refuse.
	 * @return the kinds; empty if the application may not write to the resource, or that
	 * is not known
	 */
	public abstract Set<WriteOperation> writeOperations();

	/**
	 * Returns the file or journal, open or closed.
	 * @return the file or journal, or {@code null} before it is opened
	 */
	public abstract @Nullable Object resource();

	/**
	 * Tells whether the resource is open.
	 */
	public abstract boolean isOpen();

	/**
	 * Returns where the resource is.
	 * @return the path, or {@code null} if that is not known
	 */
	public abstract @Nullable Path path();

	/**
	 * Returns how large the resource is.
	 * @return its size in bytes, 0 if it was never open
	 */
	public abstract long size();

	/**
	 * Returns how much address space the resource takes.
	 * @return the length of its mappings in bytes, 0 if it is not open
	 */
	public abstract long mappedSize();

	/**
	 * Returns how the resource is mapped.
	 * @return the backend, or {@code null} if it was never open, or is a mock
	 */
	public abstract @Nullable Backend backend();

	/**
	 * Returns what happened to the resource. Nothing is known about one that the
	 * application opened itself.
	 */
	public final ResourceEvents events() {
		return this.events;
	}

	/**
	 * Looks for everything that is wrong with the resource. Makes some system calls, and
	 * never syncs.
	 * @return the problems, in sentences; empty if all is well
	 */
	public final List<String> problems() {
		List<String> problems = new ArrayList<>();
		if (this.openFailure != null) {
			problems.add(this.openFailure);
		}
		try {
			addProblems(problems);
		}
		catch (RuntimeException ex) {
			// The application's own file may throw anything. The others must still be
			// shown.
			problems.add("It cannot be checked: " + ex);
		}
		return problems;
	}

	abstract void addProblems(List<String> problems);

	/**
	 * Returns what an operator should know about the resource, although it has no
	 * problem.
	 * @return the warnings, in sentences; usually empty
	 */
	public List<String> warnings() {
		return List.of();
	}

	/**
	 * Tells whether the application has closed the resource, which then stays closed.
	 */
	public boolean isClosedByApplication() {
		return resource() != null && !isOpen();
	}

	/**
	 * Tells whether something was written since the last sync.
	 */
	public abstract boolean isDirty();

	/**
	 * Syncs the resource.
	 * @throws IOException if that fails
	 */
	public abstract void sync() throws IOException;

	abstract void close() throws IOException;

	/**
	 * Syncs the resource if the settings say so. An application may have closed it
	 * without a sync.
	 */
	final void syncIfNeeded() throws IOException {
		if (requiredSettings().syncOnShutdown() && isOpen() && isDirty()) {
			sync();
		}
	}

	/**
	 * Syncs the resource before the last bean is gone, if the settings say so and there
	 * is something to sync. A failure is logged.
	 */
	public final void syncAtStop() {
		try {
			syncIfNeeded();
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error(title() + " could not be synced", ex);
		}
	}

	/**
	 * Syncs the resource, if the settings say so, and closes it, even if it cannot be
	 * synced. A failure is logged.
	 * @throws IOException if one of the two failed
	 */
	public final void syncAndClose() throws IOException {
		boolean open = isOpen();
		try (Closeable _ = this::closeForGood) {
			syncIfNeeded();
			if (isWritten() && isElsewhere()) {
				logger.warn(title() + " was removed from its path, or replaced there, while it was open: what was"
						+ " written is not at that path");
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error(title() + " could not be synced and closed", ex);
			throw ex;
		}
		String done = requiredSettings().syncOnShutdown() ? "Synced and closed " : "Closed ";
		logger.info(open ? done + describe() : title() + " was closed before");
	}

	private void closeForGood() throws IOException {
		this.closeFailed = true;
		close();
		this.closeFailed = false;
	}

	/**
	 * Tells whether {@link #syncAndClose()} could not close the resource. Then something
	 * of it may be left, such as its memory, which another call closes.
	 */
	public final boolean isCloseFailed() {
		return this.closeFailed;
	}

	/**
	 * Tells whether the path does not lead to the resource any more. If it has no other
	 * name, everything that was written to it is lost when it is closed.
	 */
	abstract boolean isElsewhere();

	/**
	 * Closes the resource before a checkpoint of the process, until {@link #resume()}.
	 * @throws IOException if it cannot be closed; then there can be no checkpoint
	 */
	public abstract void suspend() throws IOException;

	/**
	 * Opens the resource again, if it was closed by {@link #suspend()}.
	 * @throws IOException if it cannot be opened; its problems show that
	 */
	public abstract void resume() throws IOException;

	/**
	 * Names a resource that a registry manages, at the start of a sentence.
	 */
	public final String title() {
		return this.kind.title() + " " + this.settings;
	}

	/**
	 * Describes a resource that was opened for the log.
	 * @return its name, path, access and size
	 */
	public final String describe() {
		ResourceSettings settings = requiredSettings();
		return this.kind.word() + " " + settings + ", " + ResourceSettings.canonical(settings.access()) + ", "
				+ details();
	}

	String details() {
		return size() + " bytes";
	}

}
