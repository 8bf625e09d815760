package dev.yammap.spring.boot.autoconfigure;

import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * How the replacements of one file went. A replacement that cannot be opened counts once,
 * however often it is tried.
 */
final class Reloads {

	private final AtomicLong count = new AtomicLong();

	private final AtomicLong failed = new AtomicLong();

	private volatile @Nullable String failure;

	/**
	 * The file was replaced.
	 */
	void succeeded() {
		this.failure = null;
		this.count.incrementAndGet();
	}

	/**
	 * The file could not be opened again.
	 * @param reason why, a sentence for people
	 * @return whether that is news
	 */
	synchronized boolean failed(String reason) {
		if (reason.equals(this.failure)) {
			return false;
		}
		this.failure = reason;
		this.failed.incrementAndGet();
		return true;
	}

	/**
	 * The file is at its path.
	 * @return whether that is news
	 */
	synchronized boolean settled() {
		boolean news = this.failure != null;
		this.failure = null;
		return news;
	}

	/**
	 * Returns how often the file was replaced.
	 */
	long count() {
		return this.count.get();
	}

	/**
	 * Returns how often it could not be opened again.
	 */
	long failed() {
		return this.failed.get();
	}

	/**
	 * Returns why the file could not be opened again.
	 * @return the reason, or {@code null} if all is well
	 */
	@Nullable String failure() {
		return this.failure;
	}

}
