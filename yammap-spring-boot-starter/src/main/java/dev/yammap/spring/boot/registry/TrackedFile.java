package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.WriteOperation;
import dev.yammap.spring.boot.path.FileStamp;
import dev.yammap.spring.boot.path.PathCheck;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A file from its configuration to its end, and what is known of it beside its content:
 * how its syncs went, which faults it met, and whether its path still leads to it.
 * Endpoint, health and meters all ask here, also about an {@link Mmap} bean of the
 * application's own, which the registry does not manage.
 * <p>
 * A failed sync and a fault are remembered until the file is opened again, which a new
 * start of the application does: nobody can tell before whether its data is whole.
 */
public final class TrackedFile implements MmapListener {

	private static final Log logger = LogFactory.getLog(TrackedFile.class);

	/** So many syncs are remembered for who follows the file from later on. */
	private static final int EARLY_SYNCS = 100;

	private final @Nullable FileSettings settings;

	private final @Nullable Consumer<TrackedFile> whenClosed;

	private volatile @Nullable Mmap file;

	private volatile @Nullable FileStamp openedAs;

	private volatile boolean suspended;

	private volatile @Nullable String openFailure;

	private final FileEvents events;

	private final Reloads reloads = new Reloads();

	private final List<Consumer<Mmap>> reloadHandlers = new CopyOnWriteArrayList<>();

	/** What happened before there was a follower; guarded by itself. */
	private final List<Consumer<MmapListener>> early = new ArrayList<>();

	private volatile @Nullable MmapListener follower;

	/**
	 * Creates a file of the registry, which is not open yet.
	 * @param settings how it will be opened
	 */
	public TrackedFile(FileSettings settings) {
		this(settings, null);
	}

	/**
	 * Creates a file of the registry that is opened at run time.
	 * @param settings how it will be opened
	 * @param whenClosed told when it was closed, by whomever; {@code null} for a file
	 * that is configured
	 */
	TrackedFile(FileSettings settings, @Nullable Consumer<TrackedFile> whenClosed) {
		this.settings = settings;
		this.whenClosed = whenClosed;
		this.events = new FileEvents(settings);
	}

	/**
	 * Creates a file that the application opened itself. Nobody tells of its syncs and
	 * faults.
	 * @param file the file
	 */
	TrackedFile(Mmap file) {
		this.settings = null;
		this.whenClosed = null;
		this.events = new FileEvents(file);
		this.file = file;
	}

	/**
	 * Sets who is told of what happens to the file from now on, and at once of what it
	 * missed: that the file is open, and syncs. There can be one.
	 * @param follower who is told
	 */
	public void follow(MmapListener follower) {
		List<Consumer<MmapListener>> missed;
		synchronized (this.early) {
			this.follower = follower;
			missed = List.copyOf(this.early);
			this.early.clear();
		}
		Mmap file = this.file;
		if (file != null && file.isOpen()) {
			follower.opened(file);
			missed.forEach((event) -> event.accept(follower));
		}
	}

	private void tell(Consumer<MmapListener> event) {
		MmapListener follower = this.follower;
		if (follower != null) {
			event.accept(follower);
		}
	}

	private void tellOrRemember(Consumer<MmapListener> event) {
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

	@Override
	public void opened(Mmap file) {
		if (this.file == null && isFollowed()) {
			this.openedAs = FileStamp.find(file.path());
		}
		this.file = file;
		this.openFailure = null;
		tell((follower) -> follower.opened(file));
	}

	@Override
	public void closed(Mmap file) {
		tell((follower) -> follower.closed(file));
		if (this.whenClosed != null) {
			this.whenClosed.accept(this);
		}
	}

	/**
	 * Records that the file could not be opened. That stops an application, unless it
	 * opens its files late.
	 */
	void notOpened(IOException failure) {
		this.openFailure = "It could not be opened: " + failure.getMessage();
	}

	/**
	 * Records that the file was replaced by one that nothing is known of yet.
	 * @param file the file
	 */
	public void reloaded(Mmap file) {
		opened(file);
		this.events.replaced();
		this.reloads.succeeded();
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		this.events.synced(failure);
		tellOrRemember((follower) -> follower.synced(file, duration, failure));
	}

	@Override
	public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
		this.events.refused(file, cause, failure);
	}

	@Override
	public void grown(Mmap file, long from, long to) {
		this.events.grown();
	}

	@Override
	public void coalesced(Mmap file, int callers) {
		this.events.coalesced(callers);
	}

	@Override
	public void faulted(Mmap file, MappedFaultException fault) {
		this.events.faulted(fault);
	}

	/**
	 * Returns what the properties say.
	 * @return the settings, or {@code null} if the registry does not manage the file
	 */
	public @Nullable FileSettings settings() {
		return this.settings;
	}

	/**
	 * Tells whether the registry manages the file.
	 * @return {@code false} for one that the application opened itself
	 */
	public boolean isManaged() {
		return this.settings != null;
	}

	boolean isOpenedAtRunTime() {
		return this.whenClosed != null;
	}

	/**
	 * Returns the settings of a file that the registry manages.
	 */
	public FileSettings requiredSettings() {
		return Objects.requireNonNull(this.settings);
	}

	/**
	 * Tells whether the application may write to the file, as far as that is known.
	 */
	public boolean isWritten() {
		return this.settings != null && this.settings.changesFile();
	}

	/**
	 * Tells whether the file is replaced when another takes its place. Then whoever
	 * follows it says what is wrong with its path.
	 */
	public boolean isFollowed() {
		return this.settings != null && this.settings.reloadOnUpdate();
	}

	/**
	 * Returns the file.
	 * @return the file, open or closed, or {@code null} before it is opened
	 */
	public @Nullable Mmap file() {
		return this.file;
	}

	public boolean isOpen() {
		Mmap file = file();
		return file != null && file.isOpen();
	}

	public @Nullable Path path() {
		Mmap file = file();
		if (file != null) {
			return file.path();
		}
		return (this.settings != null) ? this.settings.path() : null;
	}

	/**
	 * Returns what was at the path of a followed file when it was opened.
	 * @return its stamp, or {@code null} if that is not known
	 */
	public @Nullable FileStamp openedAs() {
		return this.openedAs;
	}

	/**
	 * Returns what happened to the file. Of one that the application opened itself
	 * nothing is known.
	 */
	public FileEvents events() {
		return this.events;
	}

	/**
	 * Returns how the replacements of the file went.
	 */
	public Reloads reloads() {
		return this.reloads;
	}

	/**
	 * Returns what is to be called when the file was reloaded.
	 * @return the handlers in the order they were added; more may be added
	 */
	public List<Consumer<Mmap>> reloadHandlers() {
		return this.reloadHandlers;
	}

	/**
	 * Looks for everything that is wrong with the file. Costs three calls of the
	 * operating system if nothing is, and never syncs.
	 * @return sentences for people, empty if all is well
	 */
	public List<String> problems() {
		List<String> problems = new ArrayList<>();
		addIfAny(problems, this.openFailure);
		problems.addAll(this.events.problems(this.file));
		addIfAny(problems, this.reloads.failure());
		Mmap file = this.file;
		if (file != null && file.isOpen()) {
			String problem = PathCheck.problem(file, isFollowed());
			// Closing and removing it meanwhile is no problem.
			addIfAny(problems, file.isOpen() ? problem : null);
		}
		return problems;
	}

	private static void addIfAny(List<String> problems, @Nullable String problem) {
		if (problem != null) {
			problems.add(problem);
		}
	}

	/**
	 * Tells whether the application has closed the file, which then stays closed.
	 */
	boolean isClosedByApplication() {
		return this.file != null && !isOpen() && !this.suspended;
	}

	/**
	 * Syncs the file, if the settings say so and there is something to sync. A failure is
	 * logged.
	 */
	void sync() {
		try {
			syncIfNeeded();
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error("File " + this.settings + " could not be synced", ex);
		}
	}

	private void syncIfNeeded() throws IOException {
		Mmap file = this.file;
		// An application may have closed a file itself; what it did not sync is its own
		// affair.
		if (requiredSettings().syncOnShutdown() && file != null && file.isOpen() && file.isDirty()) {
			file.sync();
		}
	}

	/**
	 * Syncs the file, if the settings say so, and closes it, even if it cannot be synced.
	 * @return why one of both failed, which is logged, or {@code null}
	 */
	@Nullable Throwable syncAndClose() {
		boolean open = isOpen();
		try (Mmap file = Objects.requireNonNull(this.file)) {
			syncIfNeeded();
			if (isElsewhere(file)) {
				logger.warn("File " + this.settings + " was removed from its path, or replaced there, while it was"
						+ " open: what was written is not at that path");
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.error("File " + this.settings + " could not be synced and closed", ex);
			return ex;
		}
		String done = requiredSettings().syncOnShutdown() ? "Synced and closed " : "Closed ";
		logger.info(open ? done + describe() : "File " + this.settings + " was closed before");
		return null;
	}

	/** A file without a name ends when it is closed, with all that was written to it. */
	private boolean isElsewhere(Mmap file) {
		try {
			return isWritten() && file.isOpen() && !file.isCurrent();
		}
		catch (IOException ex) {
			// Where the path cannot be looked at nobody knows.
			return false;
		}
	}

	/**
	 * Syncs the file and closes it behind its bean, until {@link #resume()}. A file that
	 * cannot be synced stays open, and there can be no checkpoint.
	 * @throws IOException if it can't be synced or closed
	 */
	synchronized void suspend() throws IOException {
		if (this.file instanceof SwappableMmap swappable && swappable.isOpen()) {
			syncIfNeeded();
			this.suspended = true;
			swappable.versions().suspend();
			logger.info("Closed " + describe() + ", for a checkpoint");
		}
	}

	/**
	 * Opens the very same file again behind its bean, if it was closed by
	 * {@link #suspend()}. What was remembered until then is over.
	 * @throws IOException if it can't be opened, which the problems of the file show
	 */
	synchronized void resume() throws IOException {
		if (!this.suspended || !(this.file instanceof SwappableMmap swappable)) {
			return;
		}
		try {
			swappable.versions().resume(requiredSettings().opensAgain(swappable.builder()).open());
			this.suspended = false;
			opened(swappable);
			this.events.reopened();
			// An earlier restore may have failed to open it.
			this.reloads.settled();
			logger.info("Opened " + describe() + ", after a restore");
		}
		catch (IOException | RuntimeException ex) {
			this.reloads.failed("It could not be opened again after a restore: " + ex);
			logger.error("File " + this.settings + " could not be opened after a restore", ex);
			throw ex;
		}
	}

	/**
	 * Describes a file that was opened for the log.
	 */
	String describe() {
		Mmap file = this.file;
		return "file " + this.settings + ", " + FileSettings.canonical(requiredSettings().access()) + ", "
				+ ((file != null) ? file.size() : 0) + " bytes";
	}

}
