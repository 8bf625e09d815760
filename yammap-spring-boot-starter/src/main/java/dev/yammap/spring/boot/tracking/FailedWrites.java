package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.yammap.FailureCause;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The failed writes to one resource. A failed write is a problem of the resource until
 * there is a sign that writes succeed again: its size has changed (for a journal, its
 * number of records), or earlier writes were synced. Nothing else tells of a write that
 * succeeds. So without such a sign the problem ends after a minute without a failure.
 * <p>
 * It logs when the problem begins and when its end is noticed, not each failure: callers
 * get their own exceptions. It does so once a minute at most, as every other write may
 * succeed on a disk that is nearly full.
 */
public final class FailedWrites {

	/**
	 * The causes that are counted separately. Any other counts as
	 * {@link FailureCause#OTHER}.
	 */
	public static final Set<FailureCause> CAUSES = Collections.unmodifiableSet(EnumSet.of(FailureCause.NO_SPACE,
			FailureCause.QUOTA, FailureCause.IO_ERROR, FailureCause.READ_ONLY, FailureCause.OTHER));

	/** How long a failure counts without a further one. */
	static final Duration MEMORY = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(FailedWrites.class);

	private final ResourceKind kind;

	private final Object resource;

	private final LongSupplier nanoTime;

	private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable Failure> last = new AtomicReference<>();

	private final AtomicLong nextWarning;

	/** Whether the log says that there is a problem. */
	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates a memory for the failed writes of a resource.
	 * @param kind the kind of the resource
	 * @param resource the resource as the log names it
	 */
	FailedWrites(ResourceKind kind, Object resource) {
		this(kind, resource, System::nanoTime);
	}

	FailedWrites(ResourceKind kind, Object resource, LongSupplier nanoTime) {
		this.kind = kind;
		this.resource = resource;
		this.nanoTime = nanoTime;
		this.nextWarning = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Records that a write failed.
	 * @param size the size of the resource
	 * @param unsynced whether something was written before that is not synced
	 * @param operation what kind of write it was
	 * @param cause why the operating system refused it, if it did
	 * @param exception the exception that the caller gets
	 */
	void failed(long size, boolean unsynced, WriteOperation operation, FailureCause cause, IOException exception) {
		Counted counted = new Counted(operation, CAUSES.contains(cause) ? cause : FailureCause.OTHER);
		this.counts.computeIfAbsent(counted, (_) -> new LongAdder()).increment();
		Failure failure = new Failure(String.valueOf(exception.getMessage()), this.nanoTime.getAsLong(), size,
				unsynced);
		current(size);
		this.last.set(failure);
		if (!this.warned.get() && isTimeToWarn(failure.nanos) && this.warned.compareAndSet(false, true)) {
			logger.warn("Writes to " + this.kind.word() + " " + this.resource + " are refused: " + failure.message
					+ ". Further failures are not logged until it ends");
		}
	}

	private boolean isTimeToWarn(long now) {
		long next = this.nextWarning.get();
		return now - next >= 0 && this.nextWarning.compareAndSet(next, now + MEMORY.toNanos());
	}

	/**
	 * Records that a sync succeeded. If there was nothing to sync, that proves nothing.
	 */
	void synced() {
		Failure failure = this.last.get();
		if (failure != null && failure.unsynced) {
			end(failure, "what was written before is durable");
		}
	}

	/** Forgets the failure, as the resource was opened again. */
	void reopened() {
		this.last.set(null);
		this.warned.set(false);
	}

	private @Nullable Failure current(long size) {
		Failure failure = this.last.get();
		if (failure != null && size != ResourceEvents.UNKNOWN_SIZE && size != failure.size) {
			end(failure, "its size has changed");
			return null;
		}
		if (failure != null && this.nanoTime.getAsLong() - failure.nanos >= MEMORY.toNanos()) {
			end(failure, "none has failed for " + MEMORY.toSeconds() + " s");
			return null;
		}
		return failure;
	}

	private void end(Failure failure, String sign) {
		if (this.last.compareAndSet(failure, null) && this.warned.getAndSet(false)) {
			logger.info("Writes to " + this.kind.word() + " " + this.resource + " may succeed again: " + sign);
		}
	}

	/**
	 * Returns what is wrong.
	 * @param size the size of the resource, or {@link ResourceEvents#UNKNOWN_SIZE}
	 * @return a sentence, or {@code null} if all is well
	 */
	@Nullable String problem(long size) {
		Failure failure = current(size);
		return (failure != null) ? "A write failed: " + failure.message : null;
	}

	/**
	 * Returns how many writes of a kind failed for a cause.
	 * @param operation what kind of write
	 * @param cause one of {@link #CAUSES}
	 */
	public long count(WriteOperation operation, FailureCause cause) {
		LongAdder count = this.counts.get(new Counted(operation, cause));
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Returns how many writes failed.
	 */
	public long count() {
		return this.counts.values().stream().mapToLong(LongAdder::sum).sum();
	}

	/**
	 * What failures are counted by.
	 *
	 * @param operation what kind of write failed
	 * @param cause one of {@link #CAUSES}
	 */
	private record Counted(WriteOperation operation, FailureCause cause) {
	}

	/**
	 * A write that failed.
	 *
	 * @param message why it failed
	 * @param nanos when
	 * @param size the size of the resource at that time
	 * @param unsynced whether something was written before that is not synced
	 */
	private record Failure(String message, long nanos, long size, boolean unsynced) {
	}

}
