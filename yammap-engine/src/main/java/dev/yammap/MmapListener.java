package dev.yammap;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Told of the rare events in the life of an {@link Mmap}; never of a single read or
 * write. Every method is called on the thread that caused the event, after the event, and
 * without a lock held; several threads may call at the same time. What a listener throws
 * is logged and changes nothing for the caller.
 */
public interface MmapListener {

	/**
	 * The file was opened: the last step of {@link Mmap.Builder#open()}. What opening did
	 * to its size was told before.
	 * @param file the file
	 */
	default void opened(Mmap file) {
	}

	/**
	 * The file was made longer: by {@link Mmap#truncate(long)}; by opening, which created
	 * it with a size or lengthened it to its {@linkplain Mmap.Builder#size(long) least
	 * size}; or by another process, as {@link Mmap#refresh()} found out.
	 * <p>
	 * A read, a write or another call that finds or makes the file longer is told of in
	 * one case alone: if the file has outgrown its mapping, and a longer one was made.
	 * That happens a number of times that is logarithmic in the size: with
	 * {@link Backend#NATIVE} when the file outgrows its
	 * {@linkplain Mmap.Builder#reserve(long) reservation}, with {@link Backend#PORTABLE}
	 * when it has grown by a third.
	 * @param file the file
	 * @param from the size in bytes before
	 * @param to the size in bytes after, greater than {@code from}
	 */
	default void grown(Mmap file, long from, long to) {
	}

	/**
	 * The file was made shorter: by {@link Mmap#truncate(long)} or
	 * {@link java.nio.channels.FileChannel#truncate(long)}, or by opening it with
	 * {@code TRUNCATE_EXISTING}. What other processes cut off is not told of here; it is
	 * a {@linkplain #faulted fault} for who misses it.
	 * @param file the file
	 * @param from the size in bytes before
	 * @param to the size in bytes after, less than {@code from}
	 */
	default void shrunk(Mmap file, long from, long to) {
	}

	/**
	 * The operating system has synced the file, or failed to. Threads that sync at the
	 * same time share one such sync; see {@link #coalesced}. A call that fails because an
	 * earlier one did is no sync.
	 * @param file the file that was synced
	 * @param duration how long the operating system took
	 * @param failure why it failed, or {@code null} when everything written before is
	 * durable
	 */
	default void synced(Mmap file, Duration duration, @Nullable IOException failure) {
	}

	/**
	 * Threads shared the sync that was just told of. Called after {@link #synced}, on the
	 * same thread, unless that thread was alone.
	 * @param file the file that was synced
	 * @param callers how many other threads the sync served, 1 or more
	 */
	default void coalesced(Mmap file, int callers) {
	}

	/**
	 * An access met a page that could not be had.
	 * @param file the file that was accessed
	 * @param fault what its caller is told
	 */
	default void faulted(Mmap file, MappedFaultException fault) {
	}

	/**
	 * The operating system refused a write: the disk is full or broken, say. Not told of
	 * here are a write that the engine refused itself (past the
	 * {@linkplain Mmap.Builder#maxSize(long) maximum size}, after {@link Mmap#close()}),
	 * a {@linkplain #faulted fault}, and a failed {@linkplain #synced sync}, also that of
	 * a write with {@code SYNC}.
	 * @param file the file; a part of the write may stay in it, as {@code failure} says
	 * then
	 * @param operation what kind of write it was
	 * @param cause why the system refused it
	 * @param failure what its caller is told; a {@link StorageException}, an exception of
	 * {@code java.nio.file}, or one that has such a cause
	 */
	default void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
	}

	/**
	 * The file was closed.
	 * @param file the file, of which only {@link Mmap#path()}, {@link Mmap#name()} and
	 * {@link Mmap#size()} can still be asked
	 */
	default void closed(Mmap file) {
	}

}
