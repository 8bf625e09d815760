package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Function;

import dev.yammap.Advice;
import dev.yammap.FileLockedException;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Remedies;

/**
 * Brings a file from its path to the state it was asked for, or leaves it as it was.
 */
final class Opening {

	private final FileBackend backend;

	private final Path path;

	private final AccessOptions access;

	private final MappingOptions options;

	private final boolean preallocate;

	private final boolean syncOnCreate;

	Opening(FileBackend backend, Path path, AccessOptions access, MappingOptions options, boolean preallocate) {
		this(backend, path, access, options, preallocate, true);
	}

	Opening(FileBackend backend, Path path, AccessOptions access, MappingOptions options, boolean preallocate,
			boolean syncOnCreate) {
		this.backend = backend;
		this.path = path;
		this.access = access;
		this.options = options;
		this.preallocate = preallocate;
		this.syncOnCreate = syncOnCreate;
	}

	/**
	 * Opens the file.
	 * @param permissions the permissions of a file that is created
	 * @param size the least size it shall have
	 */
	OpenedFile open(Set<PosixFilePermission> permissions, long size) throws IOException {
		return open(permissions, size, (file) -> file);
	}

	/**
	 * Opens the file, and makes of it what its user is given. Whatever fails, memory
	 * included, leaves nothing open and no new file.
	 * @param permissions the permissions of a file that is created
	 * @param size the least size it shall have
	 * @param finish the last step
	 */
	<T> T open(Set<PosixFilePermission> permissions, long size, Function<OpenedFile, T> finish) throws IOException {
		// A lambda that is not reached costs the start of an application nothing.
		BackendFile descriptor = Thread.currentThread().isVirtual()
				? CallThreads.callFreeingCarrier(() -> openDescriptor(permissions)) : openDescriptor(permissions);
		boolean opened = false;
		boolean ours = true;
		try {
			descriptor.lock();
			OpenedFile file = map(descriptor, size);
			T result = finish.apply(file);
			file.life().watch(this.path);
			opened = true;
			return result;
		}
		catch (FileLockedException ex) {
			ours = false;
			throw ex;
		}
		finally {
			descriptor.releaseMemory();
			if (!opened) {
				abandon(descriptor, ours);
			}
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
			throw new IOException("Cannot open " + this.path + ": it is " + present
					+ " bytes long, and its maximum size is " + this.options.maxSize() + " bytes. Raise maxSize");
		}
		boolean empties = this.access.truncateExisting() && present > 0;
		// Of what is thrown away, only as much as tells whether the limits allow it.
		long kept = empties ? Math.min(wanted, present) : present;
		if (!empties || this.options.locked()) {
			descriptor.prepare(0, kept);
		}
		advise(descriptor, kept);
		growth.requireSize(wanted);
		if (wanted > present) {
			adviseGrown(descriptor, present, wanted);
		}
		if (empties) {
			empty(descriptor, growth, wanted);
		}
		if (this.syncOnCreate && descriptor.created()) {
			descriptor.sync();
			descriptor.syncDirectory();
		}
		growth.lock().changes().noteOpening(present, empties, file.state().size());
		return file;
	}

	/**
	 * Asks for space before anything is thrown away, so that a full disk is found out.
	 */
	private void empty(BackendFile descriptor, FileGrowth growth, long wanted) throws IOException {
		if (this.preallocate) {
			descriptor.allocate(wanted);
		}
		growth.truncate(0);
		growth.truncate(wanted);
		if (!this.options.advice().isKept()) {
			advise(descriptor, wanted);
		}
	}

	/** What was advised before goes for what the file grew by, if it is kept. */
	private void adviseGrown(BackendFile descriptor, long present, long size) throws IOException {
		if (this.options.advice().isKept()) {
			return;
		}
		try {
			advise(descriptor, size);
		}
		catch (IOException | RuntimeException ex) {
			if (!descriptor.undoAppend(size, size - present)) {
				ex.addSuppressed(new IOException("The file grew" + Remedies.staying(size - present, present)));
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
	 * Gives everything back, each thing whatever becomes of the others; what is wrong
	 * already has an exception of its own.
	 * @param ours whether nobody is known to hold a lock that excludes ours: else a file
	 * that was just created is in use by somebody who came between
	 */
	private void abandon(BackendFile descriptor, boolean ours) {
		try {
			if (ours) {
				giveBack(descriptor::deleteIfCreated);
			}
		}
		finally {
			try {
				giveBack(descriptor::close);
			}
			finally {
				giveBack(descriptor::unmap);
			}
		}
	}

	private void giveBack(IoCall.Action action) {
		try {
			action.run();
		}
		catch (IOException | RuntimeException | Error ex) {
			EngineLogger.get()
				.log(System.Logger.Level.WARNING, "Cannot clean up after " + this.path + " could not be opened", ex);
		}
	}

}
