package dev.yammap.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.FileLockedException;
import dev.yammap.LockMode;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.Remedies;

/**
 * Opens a file and makes it what its settings ask for. If that fails, the file is left as
 * it was.
 *
 * @param preallocate whether growing without writing allocates disk blocks
 * @param syncOnCreate whether the name of a new file is made durable
 */
record Opening(FileBackend backend, Path path, AccessOptions access, MappingOptions options, boolean preallocate,
		boolean syncOnCreate) {

	/** A longer file that could not be opened is not searched for content. */
	private static final long MOST_ZEROS = 64 << 20;

	private static final int CHUNK_SIZE = 64 << 10;

	/**
	 * Opens the file, and makes the object that its user gets. If anything fails, even
	 * for lack of memory, nothing stays open. A new file is deleted, unless another
	 * process may have written to it; then the exception says that it stays.
	 * @param permissions the permissions of a file that is created
	 * @param size the least size of the file
	 * @param finish the last step, also tells of the opening
	 */
	<T> T open(Set<PosixFilePermission> permissions, long size, Function<OpenedFile, T> finish) throws IOException {
		// A lambda that is not reached costs the start of an application nothing.
		BackendFile descriptor = Thread.currentThread().isVirtual()
				? CallThreads.callFreeingCarrier(() -> openDescriptor(permissions)) : openDescriptor(permissions);
		boolean locked = false;
		OpenedFile file = null;
		try {
			descriptor.lock();
			locked = true;
			OpenedFile mapped = map(descriptor, size);
			mapped.life().watch(this.path);
			file = mapped;
			descriptor.releaseMemory();
			return finish.apply(file);
		}
		catch (Throwable failure) {
			abandon(descriptor, file, size, locked, failure);
			throw failure;
		}
	}

	private BackendFile openDescriptor(Set<PosixFilePermission> permissions) throws IOException {
		return this.backend.open(this.path, this.access, permissions, this.options);
	}

	private OpenedFile map(BackendFile descriptor, long size) throws IOException {
		OpenedFile file = OpenedFile.map(this.path, this.access, this.options, this.preallocate, descriptor);
		FileGrowth growth = file.growth();
		long present = file.state().size();
		long wanted = Math.max(size, this.access.truncateExisting() ? 0 : present);
		if (wanted > this.options.maxSize()) {
			throw new IOException("Cannot open " + Printable.of(this.path) + ": it is " + present
					+ " bytes long, and its maximum size is " + this.options.maxSize() + " bytes. Raise maxSize");
		}
		boolean empties = this.access.truncateExisting() && present > 0;
		// If the content is to be thrown away, map only as much as shows whether the
		// limits allow the new size.
		long kept = empties ? Math.min(wanted, present) : present;
		if (!empties || this.options.locked()) {
			descriptor.prepare(0, kept);
		}
		advise(descriptor, kept);
		if (wanted > present) {
			growth.requireSize(wanted);
			adviseGrown(descriptor, present, wanted);
		}
		if (empties) {
			empty(descriptor, growth, wanted);
		}
		if (this.syncOnCreate && descriptor.origin().mayBeNew()) {
			descriptor.sync();
			descriptor.syncDirectory();
		}
		growth.lock().changes().noteOpening(present, empties, file.state().size());
		return file;
	}

	/**
	 * Empties the file. Its space is allocated before, so that a full disk shows while
	 * the content is still there. Where that can be done, the file keeps that space: if
	 * it was cut to nothing, others could take it.
	 */
	private void empty(BackendFile descriptor, FileGrowth growth, long wanted) throws IOException {
		if (this.preallocate && wanted > 0 && descriptor.zero(wanted)) {
			growth.truncate(wanted);
			descriptor.prepare(0, wanted);
		}
		else {
			growth.truncate(0);
			growth.truncate(wanted);
		}
		if (!this.options.advice().isKept()) {
			advise(descriptor, wanted);
		}
	}

	/**
	 * Lasting advice that was given before also goes for the part that the file has grown
	 * by.
	 */
	private void adviseGrown(BackendFile descriptor, long present, long size) throws IOException {
		if (this.options.advice().isKept()) {
			return;
		}
		try {
			advise(descriptor, size);
		}
		catch (IOException | RuntimeException ex) {
			if (!descriptor.undoAppend(size, size - present)) {
				ex.addSuppressed(
						new IOException(Printable.of(this.path) + " grew" + Remedies.staying(size - present, present)));
			}
			throw ex;
		}
	}

	private void advise(BackendFile descriptor, long size) throws IOException {
		if (this.options.advice() != Advice.NORMAL) {
			descriptor.advise(this.options.advice(), size);
		}
	}

	/**
	 * Gives back everything that was taken. If one step fails, the others are still done.
	 * There may be no memory for any object.
	 * @param file the file, if it is watched: then others may know it, and it ends as any
	 * other
	 * @param locked whether the lock of the options was taken
	 * @param failure what the caller is told
	 */
	private void abandon(BackendFile descriptor, @Nullable OpenedFile file, long size, boolean locked,
			Throwable failure) {
		descriptor.releaseMemory();
		try {
			deleteIfOurs(descriptor, size, locked, failure);
		}
		catch (IOException | RuntimeException | Error ex) {
			warn(ex);
		}
		finally {
			close(descriptor, file);
		}
	}

	private void close(BackendFile descriptor, @Nullable OpenedFile file) {
		try {
			if (file != null) {
				file.close();
			}
			else {
				try {
					descriptor.close();
				}
				finally {
					descriptor.unmap();
				}
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			warn(ex);
		}
	}

	private void warn(Throwable failure) {
		EngineLogger.get()
			.log(Level.WARNING, "Cannot clean up after " + Printable.of(this.path) + " could not be opened", failure);
	}

	/**
	 * Deletes the file if this opening created it and nobody else can have written to it
	 * since. By now the path may lead to the file of somebody else, which stays.
	 */
	private void deleteIfOurs(BackendFile descriptor, long size, boolean locked, Throwable failure) throws IOException {
		if (descriptor.origin() != Origin.CREATED || !descriptor.isCurrent()) {
			return;
		}
		boolean alone = locked && this.options.lock() == LockMode.EXCLUSIVE;
		if (alone || (!(failure instanceof FileLockedException) && isUntouched(descriptor, size))) {
			Files.deleteIfExists(this.path);
		}
		else {
			failure.addSuppressed(new IOException(Printable.of(this.path)
					+ " is new, and was not deleted: another process may have written to it. Delete it if nobody needs it"));
		}
	}

	/**
	 * Tells whether the file is as this opening may have left it (empty, or only zeros)
	 * and nobody has a lock on it. Returns {@code false} if that cannot be found out.
	 */
	private static boolean isUntouched(BackendFile descriptor, long size) {
		try {
			if (descriptor.tryLock(0, Long.MAX_VALUE, false) == null) {
				return false;
			}
			long present = descriptor.size();
			return present == 0 || (present <= Math.min(size, MOST_ZEROS)
					&& descriptor.onChannel(false, (channel) -> isZero(channel, present)));
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

	private static boolean isZero(FileChannel channel, long size) throws IOException {
		ByteBuffer chunk = ByteBuffer.allocate(CHUNK_SIZE);
		ByteBuffer zeros = ByteBuffer.allocate(CHUNK_SIZE);
		long offset = 0;
		while (offset < size) {
			int count = channel.read(chunk.clear(), offset);
			if (count <= 0 || !chunk.flip().equals(zeros.clear().limit(count))) {
				return false;
			}
			offset += count;
		}
		return true;
	}

}
