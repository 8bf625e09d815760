package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.WriteOperation;
import dev.yammap.spring.boot.settings.FileSettings;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one file beside its content: how its syncs went, which faults it met,
 * and whether its path still leads to it. Endpoint, health and meters all ask here.
 * <p>
 * A failed sync and a fault are remembered until the file is opened again, which a new
 * start of the application does: nobody can tell before whether its data is whole.
 */
public final class FileState implements MmapListener {

	private static final int LOOKS_AT_SIZE = 10;

	/** So many syncs are remembered for who follows the file from later on. */
	private static final int EARLY_SYNCS = 100;

	private final @Nullable FileSettings settings;

	private volatile @Nullable Mmap file;

	private volatile @Nullable Success lastSync;

	private final AtomicLong failedSyncs = new AtomicLong();

	private volatile @Nullable IOException firstSyncFailure;

	private final AtomicLong growths = new AtomicLong();

	private final AtomicLong coalescedSyncs = new AtomicLong();

	private final AtomicLong faults = new AtomicLong();

	private volatile @Nullable MappedFaultException lastFault;

	private volatile @Nullable String openFailure;

	private final FailedWrites failedWrites;

	private final Reloads reloads = new Reloads();

	/** What happened before there was a follower; guarded by itself. */
	private final List<Consumer<MmapListener>> early = new ArrayList<>();

	private volatile @Nullable MmapListener follower;

	/**
	 * Creates the state of a file of the registry, which is not open yet.
	 * @param settings how it will be opened
	 */
	public FileState(FileSettings settings) {
		this.settings = settings;
		this.failedWrites = new FailedWrites(settings);
	}

	/**
	 * Creates the state of a file that the application opened itself. Nobody tells of its
	 * syncs and faults.
	 * @param file the file
	 */
	FileState(Mmap file) {
		this.settings = null;
		this.failedWrites = new FailedWrites(file);
		opened(file);
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
		this.file = file;
		this.openFailure = null;
		tell((follower) -> follower.opened(file));
	}

	@Override
	public void closed(Mmap file) {
		tell((follower) -> follower.closed(file));
	}

	/**
	 * Takes down that the file could not be opened, which stops an application but where
	 * it opens its files late.
	 * @param failure why
	 */
	void notOpened(IOException failure) {
		this.openFailure = "It could not be opened: " + failure.getMessage();
	}

	/**
	 * Takes down that the file was replaced by one that nothing is known of yet.
	 * @param file the file
	 */
	public void reloaded(Mmap file) {
		opened(file);
		this.lastFault = null;
		this.reloads.succeeded();
	}

	/**
	 * Takes down that the very same file was opened again, after a restore: what was
	 * remembered until then is over.
	 * @param file the file
	 */
	void reopened(Mmap file) {
		opened(file);
		this.lastFault = null;
		this.firstSyncFailure = null;
		this.failedWrites.reopened();
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		if (failure == null) {
			this.lastSync = new Success(Instant.now(), System.nanoTime());
			this.failedWrites.synced();
		}
		else {
			this.failedSyncs.incrementAndGet();
			if (this.firstSyncFailure == null) {
				// Of several, the first says why.
				this.firstSyncFailure = failure;
			}
		}
		tellOrRemember((follower) -> follower.synced(file, duration, failure));
	}

	@Override
	public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
		this.failedWrites.failed(file, operation, cause, failure);
	}

	@Override
	public void grown(Mmap file, long from, long to) {
		this.growths.incrementAndGet();
	}

	@Override
	public void coalesced(Mmap file, int callers) {
		this.coalescedSyncs.addAndGet(callers);
	}

	@Override
	public void faulted(Mmap file, MappedFaultException fault) {
		this.lastFault = fault;
		this.faults.incrementAndGet();
	}

	/**
	 * Tells whether the registry owns the file.
	 * @return {@code false} for one that the application opened itself
	 */
	public boolean isManaged() {
		return this.settings != null;
	}

	/**
	 * Returns what the properties say.
	 * @return the settings, or {@code null} if the registry does not own the file
	 */
	public @Nullable FileSettings settings() {
		return this.settings;
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
	 * Returns when the last sync that succeeded ended.
	 * @return the time, or {@code null} before the first
	 */
	public @Nullable Instant lastSync() {
		Success success = this.lastSync;
		return (success != null) ? success.at() : null;
	}

	/**
	 * Returns the time since the last sync that succeeded.
	 * @return the time in nanoseconds, {@code NaN} before the first
	 */
	public double syncAge() {
		Success success = this.lastSync;
		return (success != null) ? System.nanoTime() - success.nanos() : Double.NaN;
	}

	public long failedSyncs() {
		return this.failedSyncs.get();
	}

	/**
	 * Returns how many times the file grew, other than by a write that the mapping had
	 * room for.
	 * @return the number of growths
	 */
	public long growths() {
		return this.growths.get();
	}

	/**
	 * Returns how many calls were served by the sync of another.
	 * @return the number of calls
	 */
	public long coalescedSyncs() {
		return this.coalescedSyncs.get();
	}

	public long faults() {
		return this.faults.get();
	}

	/**
	 * Returns the writes that the operating system refused.
	 */
	public FailedWrites failedWrites() {
		return this.failedWrites;
	}

	/**
	 * Tells whether the application may write to the file, as far as that is known.
	 */
	public boolean isWritten() {
		return this.settings != null && this.settings.access().changesFile();
	}

	public Reloads reloads() {
		return this.reloads;
	}

	/**
	 * Looks for everything that is wrong with the file. Costs three calls of the
	 * operating system if nothing is, and never syncs.
	 * @return sentences for people, empty if all is well
	 */
	public List<String> problems() {
		List<String> problems = new ArrayList<>();
		String openFailure = this.openFailure;
		if (openFailure != null) {
			problems.add(openFailure);
		}
		IOException syncFailure = this.firstSyncFailure;
		if (syncFailure != null) {
			problems.add("A sync failed: " + syncFailure.getMessage());
		}
		MappedFaultException fault = this.lastFault;
		if (fault != null) {
			problems.add("A fault was met: " + fault.getMessage());
		}
		String failedWrite = this.failedWrites.problem(this.file);
		if (failedWrite != null) {
			problems.add(failedWrite);
		}
		String reloadFailure = this.reloads.failure();
		if (reloadFailure != null) {
			problems.add(reloadFailure);
		}
		Mmap file = this.file;
		if (file != null && file.isOpen()) {
			String problem = problemOfPath(file);
			// Closing and removing it meanwhile is no problem.
			if (problem != null && file.isOpen()) {
				problems.add(problem);
			}
		}
		return problems;
	}

	private @Nullable String problemOfPath(Mmap file) {
		try {
			long size = Files.size(file.path());
			if (!file.isCurrent()) {
				return isFollowed() ? null
						: "It was replaced: its path leads to another file than the one that is open";
			}
			return (size < file.size()) ? problemOfSize(file) : null;
		}
		catch (NoSuchFileException ex) {
			return isFollowed() ? null : "It was removed: no file is at its path";
		}
		catch (IOException ex) {
			return isFollowed() ? null : "Its path cannot be looked at: " + ex;
		}
	}

	/**
	 * Tells whether the file is replaced when another takes its place. Then whoever
	 * follows it says what is wrong with its path.
	 */
	public boolean isFollowed() {
		return this.settings != null && this.settings.reloadOnUpdate();
	}

	/**
	 * Looks again, and waits before each look for a change of the size by the application
	 * to end, so that only somebody else can have shortened the file. One look would do
	 * but for a further change that begins right between the two sizes it compares.
	 */
	private static @Nullable String problemOfSize(Mmap file) throws IOException {
		long known = file.size();
		long actual = known;
		for (int look = 0; look < LOOKS_AT_SIZE; look++) {
			awaitChangeOfSize(file, known);
			actual = Files.size(file.path());
			if (file.size() != known || actual >= known) {
				return null;
			}
		}
		return "It was shortened to " + actual + " of " + known + " bytes, and not by this application";
	}

	/**
	 * A read at the end asks for the size, after whatever is changing it.
	 */
	private static void awaitChangeOfSize(Mmap file, long size) throws IOException {
		try {
			file.readAt(new byte[1], size);
		}
		catch (ClosedChannelException | NonReadableChannelException ex) {
			// Then there is nothing to wait for, or no way to.
		}
	}

	private record Success(Instant at, long nanos) {
	}

}
