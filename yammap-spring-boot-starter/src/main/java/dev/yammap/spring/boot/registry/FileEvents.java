package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one file: how its syncs went, which faults it met, how often it grew,
 * and which writes the operating system refused.
 */
public final class FileEvents {

	private volatile @Nullable Success lastSync;

	private final AtomicLong failedSyncs = new AtomicLong();

	private volatile @Nullable IOException firstSyncFailure;

	private final AtomicLong growths = new AtomicLong();

	private final AtomicLong coalescedSyncs = new AtomicLong();

	private final AtomicLong faults = new AtomicLong();

	private volatile @Nullable MappedFaultException lastFault;

	private final FailedWrites failedWrites;

	/**
	 * Creates what remembers the events of a file.
	 * @param file the file as the log names it
	 */
	FileEvents(Object file) {
		this.failedWrites = new FailedWrites(file);
	}

	void synced(@Nullable IOException failure) {
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
	}

	void refused(Mmap file, FailureCause cause, IOException failure) {
		this.failedWrites.failed(file, cause, failure);
	}

	void grown() {
		this.growths.incrementAndGet();
	}

	void coalesced(int callers) {
		this.coalescedSyncs.addAndGet(callers);
	}

	void faulted(MappedFaultException fault) {
		this.lastFault = fault;
		this.faults.incrementAndGet();
	}

	/** Another file took the place of the one that met the fault. */
	void replaced() {
		this.lastFault = null;
	}

	/** The very same file was opened again: what was remembered until then is over. */
	void reopened() {
		this.lastFault = null;
		this.firstSyncFailure = null;
		this.failedWrites.reopened();
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
	 * Returns what of it is a problem still.
	 * @param file the file, or {@code null} if it was never open
	 * @return sentences for people
	 */
	List<String> problems(@Nullable Mmap file) {
		List<String> problems = new ArrayList<>();
		IOException syncFailure = this.firstSyncFailure;
		if (syncFailure != null) {
			problems.add("A sync failed: " + syncFailure.getMessage());
		}
		MappedFaultException fault = this.lastFault;
		if (fault != null) {
			problems.add("A fault was met: " + fault.getMessage());
		}
		String failedWrite = this.failedWrites.problem(file);
		if (failedWrite != null) {
			problems.add(failedWrite);
		}
		return problems;
	}

	private record Success(Instant at, long nanos) {
	}

}
