package dev.yammap;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Receives the rare events in the life of an {@link Mmap}, never a single read or write.
 * The engine calls every method on the thread that caused the event, after the event, and
 * without holding a lock. Several threads may call at the same time. If a listener
 * throws, the engine logs that, and the caller does not notice.
 */
public interface MmapListener {

	/**
	 * The file was opened: the last step of {@link Mmap.Builder#open()}. If opening
	 * changed the size, that was reported before.
	 * @param file the file
	 */
	default void opened(Mmap file) {
	}

	/**
	 * The file was made longer: by {@link Mmap#truncate(long)}; by opening, which created
	 * it with a size or lengthened it to its {@linkplain Mmap.Builder#size(long) least
	 * size}; or by another process, as {@link Mmap#refresh()} found out.
	 * <p>
	 * If a read, a write or another call makes the file longer, or finds it longer, that
	 * is reported only if the file has outgrown its mapping and the engine made a longer
	 * one. The number of such events is logarithmic in the size: with
	 * {@link Backend#NATIVE} one occurs when the file outgrows its
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
	 * {@code TRUNCATE_EXISTING}. Truncation by other processes is not reported here: an
	 * access to a missing page is a {@linkplain #faulted fault}.
	 * @param file the file
	 * @param from the size in bytes before
	 * @param to the size in bytes after, less than {@code from}
	 */
	default void shrunk(Mmap file, long from, long to) {
	}

	/**
	 * The operating system has synced the file, or failed to. Threads that sync at the
	 * same time share one such sync; see {@link #coalesced}. A call that fails only
	 * because an earlier sync failed is not reported.
	 * @param file the file that was synced
	 * @param duration how long the operating system took
	 * @param failure why it failed, or {@code null} if everything written before is
	 * durable
	 */
	default void synced(Mmap file, Duration duration, @Nullable IOException failure) {
	}

	/**
	 * Threads shared the sync that was just reported. Called after {@link #synced}, on
	 * the same thread, if the sync served other threads as well.
	 * @param file the file that was synced
	 * @param callers how many other threads the sync served, 1 or more
	 */
	default void coalesced(Mmap file, int callers) {
	}

	/**
	 * An access met an unavailable page.
	 * @param file the file that was accessed
	 * @param fault the exception that the caller gets
	 */
	default void faulted(Mmap file, MappedFaultException fault) {
	}

	/**
	 * The operating system refused a write, for example because the disk is full or
	 * broken. This method does not report a write that the engine itself refused (past
	 * the {@linkplain Mmap.Builder#maxSize(long) maximum size}, after
	 * {@link Mmap#close()}), a {@linkplain #faulted fault}, or a failed
	 * {@linkplain #synced sync}, even that of a write with {@code SYNC}.
	 * @param file the file; a part of the write may stay in it, and {@code failure} says
	 * so
	 * @param operation what kind of write it was
	 * @param cause why the system refused it
	 * @param failure the exception that the caller gets: a {@link StorageException}, an
	 * exception of {@code java.nio.file}, or one with such a cause
	 */
	default void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
	}

	/**
	 * The file was closed.
	 * @param file the file; only {@link Mmap#path()}, {@link Mmap#name()} and
	 * {@link Mmap#size()} can still be called
	 */
	default void closed(Mmap file) {
	}

	/**
	 * What kind of write the operating system refused; see {@link #failed}.
	 */
	enum WriteOperation {

		/**
		 * {@link Mmap#append}, or a write to a file that was opened with {@code APPEND}.
		 */
		APPEND,

		/**
		 * A write within the file. Only {@link Backend#PORTABLE} asks the operating
		 * system for it, behind the mapping. All other writes within the file are stores,
		 * which meet a {@linkplain #faulted fault} instead.
		 */
		WRITE,

		/** A write past the end, or a truncation to a greater size. */
		GROWTH,

		/** A truncation to a smaller size. */
		TRUNCATE

	}

}
