package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.path.FileStamp;
import dev.yammap.spring.boot.path.PathCheck;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A mapped file from its configuration to its end, and what is known about it besides its
 * content: which faults it met, when it was replaced, and whether its path still leads to
 * it. Like a failed sync, a fault is remembered until the file is opened again.
 */
public final class TrackedFile extends TrackedResource implements MmapListener {

	private static final Log logger = LogFactory.getLog(TrackedFile.class);

	private final @Nullable FileSettings settings;

	private volatile @Nullable Mmap file;

	private volatile @Nullable FileStamp openedAs;

	private volatile boolean suspended;

	private final Reloads reloads = new Reloads();

	private final List<Consumer<Mmap>> reloadHandlers = new CopyOnWriteArrayList<>();

	/**
	 * Creates a file of the registry, which is not open yet.
	 * @param settings how it will be opened
	 */
	public TrackedFile(FileSettings settings) {
		super(ResourceKind.FILE, settings, settings);
		this.settings = settings;
	}

	/**
	 * Creates a file that the application opened itself. Its syncs and faults are not
	 * known.
	 * @param file the file
	 */
	public TrackedFile(Mmap file) {
		super(ResourceKind.FILE, null, file);
		this.settings = null;
		this.file = file;
	}

	@Override
	public void opened(Mmap file) {
		if (this.file == null && isFollowed()) {
			this.openedAs = FileStamp.find(file.path());
		}
		this.file = file;
		tellOpened(file);
	}

	@Override
	public void closed(Mmap file) {
		tellClosed(file);
	}

	/**
	 * Records that the file was replaced by one about which nothing is known yet.
	 * @param file the file
	 */
	public void reloaded(Mmap file) {
		opened(file);
		events().replaced();
		this.reloads.succeeded();
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		recordSync(duration, failure);
	}

	@Override
	public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
		events().refused(file.size(), file.isDirty(), operation, cause, failure);
	}

	@Override
	public void grown(Mmap file, long from, long to) {
		events().grown();
	}

	@Override
	public void coalesced(Mmap file, int callers) {
		events().coalesced(callers);
	}

	@Override
	public void faulted(Mmap file, MappedFaultException fault) {
		events().faulted(fault);
	}

	@Override
	public @Nullable FileSettings settings() {
		return this.settings;
	}

	@Override
	public FileSettings requiredSettings() {
		return Objects.requireNonNull(this.settings);
	}

	/**
	 * Tells whether the file is replaced when another takes its place. Then the reloader
	 * says what is wrong with its path.
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

	@Override
	public @Nullable Mmap resource() {
		return this.file;
	}

	@Override
	public boolean isOpen() {
		Mmap file = file();
		return file != null && file.isOpen();
	}

	@Override
	public @Nullable Path path() {
		Mmap file = file();
		if (file != null) {
			return file.path();
		}
		return (this.settings != null) ? this.settings.path() : null;
	}

	@Override
	public long size() {
		Mmap file = this.file;
		return (file != null) ? file.size() : 0;
	}

	@Override
	public long mappedSize() {
		Mmap file = this.file;
		return (file != null) ? file.mappedSize() : 0;
	}

	@Override
	public @Nullable Backend backend() {
		Mmap file = this.file;
		return (file != null) ? file.backend() : null;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A write within the file is a store into memory, which the operating system cannot
	 * refuse. Only the portable backend asks it.
	 */
	@Override
	public Set<WriteOperation> writeOperations() {
		if (!isWritten()) {
			return Set.of();
		}
		boolean asksWithin = backend() == Backend.PORTABLE && requiredSettings().isWrittenWithin();
		return asksWithin ? EnumSet.allOf(WriteOperation.class)
				: EnumSet.complementOf(EnumSet.of(WriteOperation.WRITE));
	}

	/**
	 * Returns what was at the path of a followed file when it was opened.
	 * @return its stamp, or {@code null} if that is not known
	 */
	public @Nullable FileStamp openedAs() {
		return this.openedAs;
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

	@Override
	void addProblems(List<String> problems) {
		Mmap file = this.file;
		problems.addAll(events().problems((file != null) ? file.size() : ResourceEvents.UNKNOWN_SIZE));
		addIfAny(problems, this.reloads.failure());
		if (file != null && file.isOpen()) {
			String problem = PathCheck.problem(file, isFollowed());
			// It is no problem if the file was closed and removed meanwhile.
			addIfAny(problems, file.isOpen() ? problem : null);
		}
	}

	private static void addIfAny(List<String> problems, @Nullable String problem) {
		if (problem != null) {
			problems.add(problem);
		}
	}

	@Override
	public boolean isClosedByApplication() {
		return super.isClosedByApplication() && !this.suspended;
	}

	@Override
	public boolean isDirty() {
		Mmap file = this.file;
		return file != null && file.isDirty();
	}

	@Override
	public void sync() throws IOException {
		Objects.requireNonNull(this.file).sync();
	}

	@Override
	void close() throws IOException {
		Objects.requireNonNull(this.file).close();
	}

	@Override
	boolean isElsewhere() {
		try {
			Mmap file = this.file;
			return file != null && file.isOpen() && !file.isCurrent();
		}
		catch (IOException ex) {
			// If the path cannot be looked at, that is not known.
			return false;
		}
	}

	/**
	 * Syncs the file and closes it behind its bean, until {@link #resume()}. A file that
	 * cannot be synced stays open, and there can be no checkpoint.
	 * @throws IOException if it cannot be synced or closed
	 */
	@Override
	public synchronized void suspend() throws IOException {
		if (this.file instanceof SwappableMmap swappable && swappable.isOpen()) {
			syncIfNeeded();
			this.suspended = true;
			swappable.versions().suspend();
			logger.info("Closed " + describe() + ", for a checkpoint");
		}
	}

	/**
	 * Opens the very same file again behind its bean, if it was closed by
	 * {@link #suspend()}. What was remembered so far is forgotten.
	 * @throws IOException if it cannot be opened; the problems of the file show that
	 */
	@Override
	public synchronized void resume() throws IOException {
		if (!this.suspended || !(this.file instanceof SwappableMmap swappable)) {
			return;
		}
		try {
			swappable.versions().resume(swappable.builder().open());
			this.suspended = false;
			opened(swappable);
			events().reopened();
			// A restore before this one may have failed to open it.
			this.reloads.settled();
			logger.info("Opened " + describe() + ", after a restore");
		}
		catch (IOException | RuntimeException ex) {
			this.reloads.failed("It could not be opened again after a restore: " + ex);
			logger.error("File " + this.settings + " could not be opened after a restore", ex);
			throw ex;
		}
	}

}
