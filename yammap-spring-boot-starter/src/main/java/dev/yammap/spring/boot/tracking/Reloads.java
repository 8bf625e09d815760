package dev.yammap.spring.boot.tracking;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What happened when one file was replaced. A replacement that cannot be opened counts
 * once, however often it is tried.
 */
public final class Reloads {

	private volatile Counts counts = new Counts(0, null, 0, null, false);

	/**
	 * The file was replaced.
	 */
	synchronized void succeeded() {
		Counts old = this.counts;
		this.counts = new Counts(old.count() + 1, Instant.now(), old.failed(), old.lastFailure(), false);
	}

	/**
	 * Records that the file could not be opened again.
	 * @param reason why, in a sentence
	 * @return whether this is news
	 */
	public synchronized boolean failed(String reason) {
		if (reason.equals(failure())) {
			return false;
		}
		Counts old = this.counts;
		this.counts = new Counts(old.count(), old.last(), old.failed() + 1, new Failure(Instant.now(), reason), true);
		return true;
	}

	/**
	 * Records that the file is at its path.
	 * @return whether this is news
	 */
	public synchronized boolean settled() {
		Counts old = this.counts;
		this.counts = new Counts(old.count(), old.last(), old.failed(), old.lastFailure(), false);
		return old.failing();
	}

	/**
	 * Returns how often the file was replaced.
	 */
	public long count() {
		return this.counts.count();
	}

	/**
	 * Returns how often it could not be opened again.
	 */
	public long failed() {
		return this.counts.failed();
	}

	/**
	 * Returns why the file cannot be opened again.
	 * @return the reason, or {@code null} if all is well
	 */
	@Nullable String failure() {
		Counts counts = this.counts;
		Failure failure = counts.lastFailure();
		return (counts.failing() && failure != null) ? failure.reason() : null;
	}

	/**
	 * Returns everything that is known at this moment.
	 */
	public Counts counts() {
		return this.counts;
	}

	/**
	 * What is known of the replacements of a file.
	 *
	 * @param count how often it was replaced
	 * @param last when that was the last time, or {@code null} before the first
	 * @param failed how often it could not be opened again
	 * @param lastFailure the last failure, if there was one
	 * @param failing whether the file cannot be opened now
	 */
	public record Counts(long count, @Nullable Instant last, long failed, @Nullable Failure lastFailure,
			boolean failing) {
	}

	/**
	 * A replacement that could not be opened.
	 *
	 * @param at when that was found
	 * @param reason why, a sentence for people
	 */
	public record Failure(Instant at, String reason) {
	}

}
