package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.yammap.FailureCause;
import dev.yammap.Mmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The writes to one file that the operating system refused. One of them is a problem of
 * the file until there is a sign that writes succeed again: the size of the file has
 * changed, or what was written before was synced. Nothing else tells of a write that
 * succeeds, so without such a sign the problem ends after a minute without a failure.
 * <p>
 * Logs when the problem begins and when its end is noticed, not each failure: those who
 * write are told of theirs. It does so once a minute at most, as on a disk that is nearly
 * full every other write may succeed.
 */
public final class FailedWrites {

	/** How long a failure counts. */
	static final Duration MEMORY = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(FailedWrites.class);

	private final Object file;

	private final LongSupplier nanoTime;

	private final Map<FailureCause, LongAdder> counts = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable Failure> last = new AtomicReference<>();

	private final AtomicLong nextWarning;

	/** Whether the log says that there is a problem. */
	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates what remembers the failed writes of a file.
	 * @param file the file as the log names it
	 */
	FailedWrites(Object file) {
		this(file, System::nanoTime);
	}

	FailedWrites(Object file, LongSupplier nanoTime) {
		this.file = file;
		this.nanoTime = nanoTime;
		this.nextWarning = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Records that a write failed.
	 * @param mmap the file
	 * @param cause why the operating system refused it
	 * @param exception what its caller is told
	 */
	void failed(Mmap mmap, FailureCause cause, IOException exception) {
		this.counts.computeIfAbsent(cause, (_) -> new LongAdder()).increment();
		Failure failure = new Failure(String.valueOf(exception.getMessage()), this.nanoTime.getAsLong(), mmap.size(),
				mmap.isDirty());
		current(mmap);
		if (this.last.getAndSet(failure) == null && isTimeToWarn(failure.nanos)) {
			this.warned.set(true);
			logger.warn("The operating system refuses writes to file " + this.file + ": " + failure.message
					+ ". Further failures are not logged until it ends");
		}
	}

	private boolean isTimeToWarn(long now) {
		long next = this.nextWarning.get();
		return now - next >= 0 && this.nextWarning.compareAndSet(next, now + MEMORY.toNanos());
	}

	/** Records that a sync succeeded. A sync of nothing proves nothing. */
	void synced() {
		Failure failure = this.last.get();
		if (failure != null && failure.unsynced) {
			end(failure, "what was written before is durable");
		}
	}

	/** Forgets the failure, as the file was opened again. */
	void reopened() {
		this.last.set(null);
	}

	private @Nullable Failure current(@Nullable Mmap mmap) {
		Failure failure = this.last.get();
		if (failure != null && mmap != null && mmap.size() != failure.size) {
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
			logger.info("Writes to file " + this.file + " may succeed again: " + sign);
		}
	}

	/**
	 * Returns what is wrong.
	 * @param mmap the file, or {@code null} if it was never open
	 * @return a sentence for people, or {@code null} if all is well
	 */
	@Nullable String problem(@Nullable Mmap mmap) {
		Failure failure = current(mmap);
		return (failure != null) ? "A write failed: " + failure.message : null;
	}

	/**
	 * Returns how many writes failed for a cause.
	 */
	public long count(FailureCause cause) {
		LongAdder count = this.counts.get(cause);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Returns how many writes failed.
	 */
	public long count() {
		return this.counts.values().stream().mapToLong(LongAdder::sum).sum();
	}

	/**
	 * A write that failed.
	 *
	 * @param message why
	 * @param nanos when
	 * @param size the size of the file then
	 * @param unsynced whether something else was written before, and not synced
	 */
	private record Failure(String message, long nanos, long size, boolean unsynced) {
	}

}
