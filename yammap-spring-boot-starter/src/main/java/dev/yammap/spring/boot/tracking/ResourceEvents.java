package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one resource: how its syncs went, which faults it met, how often it
 * grew, and which writes failed.
 */
public final class ResourceEvents {

	/** The size of a resource that was never open. */
	static final long UNKNOWN_SIZE = -1;

	private volatile @Nullable Success lastSync;

	private final AtomicLong failedSyncs = new AtomicLong();

	private volatile @Nullable IOException firstSyncFailure;

	private final AtomicLong growths = new AtomicLong();

	private final AtomicLong coalescedSyncs = new AtomicLong();

	private final AtomicLong faults = new AtomicLong();

	private volatile @Nullable MappedFaultException lastFault;

	private final FailedWrites failedWrites;

	/**
	 * Creates a memory for the events of a resource.
	 * @param kind its kind
	 * @param name the resource as the log names it
	 */
	ResourceEvents(ResourceKind kind, Object name) {
		this.failedWrites = new FailedWrites(kind, name);
	}

	void synced(@Nullable IOException failure) {
		if (failure == null) {
			this.lastSync = new Success(Instant.now(), System.nanoTime());
			this.failedWrites.synced();
		}
		else {
			this.failedSyncs.incrementAndGet();
			if (this.firstSyncFailure == null) {
				// If several syncs fail, the first one says why.
				this.firstSyncFailure = failure;
			}
		}
	}

	void refused(long size, boolean unsynced, WriteOperation operation, FailureCause cause, IOException failure) {
		this.failedWrites.failed(size, unsynced, operation, cause, failure);
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

	/** Forgets the fault: another file has taken the place of the one that met it. */
	void replaced() {
		this.lastFault = null;
	}

	/** Forgets what was remembered so far: the very same file was opened again. */
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
	 * Returns how many times a file grew, other than by a write that the mapping had room
	 * for.
	 * @return the number of growths
	 */
	public long growths() {
		return this.growths.get();
	}

	/**
	 * Returns how many calls were served by the sync of another call.
	 * @return the number of calls
	 */
	public long coalescedSyncs() {
		return this.coalescedSyncs.get();
	}

	public long faults() {
		return this.faults.get();
	}

	/**
	 * Returns the writes that failed.
	 */
	public FailedWrites failedWrites() {
		return this.failedWrites;
	}

	/**
	 * Returns the problems that still exist.
	 * @param size the size of the resource, or {@link #UNKNOWN_SIZE}
	 * @return the problems, in sentences
	 */
	List<String> problems(long size) {
		List<String> problems = new ArrayList<>();
		IOException syncFailure = this.firstSyncFailure;
		if (syncFailure != null) {
			problems.add("A sync failed: " + syncFailure.getMessage());
		}
		MappedFaultException fault = this.lastFault;
		if (fault != null) {
			problems.add("A fault was met: " + fault.getMessage());
		}
		String failedWrite = this.failedWrites.problem(size);
		if (failedWrite != null) {
			problems.add(failedWrite);
		}
		return problems;
	}

	private record Success(Instant at, long nanos) {
	}

}
