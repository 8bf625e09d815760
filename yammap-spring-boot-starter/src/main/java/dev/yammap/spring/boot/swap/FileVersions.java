package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.yammap.Mmap;
import dev.yammap.Whence;

/**
 * Decides to which {@link FileVersion} each call of a {@link SwappableMmap} goes.
 * <p>
 * A call takes the current version once and stays with it. A call that reads is made
 * again if its version is closed meanwhile, on the version that replaced it. A call that
 * changes the file is made once: if its version is closed meanwhile, nobody can tell what
 * it has done, so it fails. A function of the application must not run again, nor lose
 * its view. So calls that run one are counted, and a version is not closed before they
 * have ended. Views keep their version open as long as they can be reached, and channels
 * as long as they are open, too.
 */
public final class FileVersions {

	private final RetiredVersions retired = new RetiredVersions();

	// Versions with views that cannot be traced.
	private final List<FileVersion> kept = new ArrayList<>();

	private volatile FileVersion current;

	private volatile boolean closed;

	FileVersions(Mmap file) {
		this.current = new FileVersion(file);
	}

	/**
	 * Does a memory call that changes nothing. It throws nothing checked.
	 */
	<T> T memory(Function<Mmap, T> call) {
		FileVersion version = this.current;
		while (true) {
			try {
				return call.apply(version.file());
			}
			catch (IllegalStateException ex) {
				version = successorOf(version, ex);
			}
		}
	}

	/**
	 * Does an I/O call that may be made twice.
	 */
	<T> T io(IoCall<T> call) throws IOException {
		FileVersion version = this.current;
		while (true) {
			try {
				return call.on(version.file());
			}
			catch (ClosedChannelException ex) {
				version = successorOf(version, ex);
			}
		}
	}

	/**
	 * Does an I/O call that changes the file.
	 * @throws AsynchronousCloseException if the file was closed meanwhile, and opened
	 * again: the call may have had its effect
	 */
	long change(IoLongCall call) throws IOException {
		FileVersion version = this.current;
		try {
			return call.on(version.file());
		}
		catch (ClosedChannelException ex) {
			if (isCurrent(version) || ex instanceof AsynchronousCloseException) {
				throw ex;
			}
			AsynchronousCloseException meanwhile = new AsynchronousCloseException();
			meanwhile.initCause(ex);
			throw meanwhile;
		}
	}

	/**
	 * The same for a call that returns nothing.
	 */
	void changeVoid(IoAction call) throws IOException {
		change((file) -> {
			call.on(file);
			return 0;
		});
	}

	/**
	 * Does a memory call that changes the file.
	 * @throws IllegalStateException if the file was closed meanwhile, and opened again:
	 * the call may have had its effect
	 */
	<T> T update(Function<Mmap, T> call) {
		FileVersion version = this.current;
		try {
			return call.apply(version.file());
		}
		catch (IllegalStateException ex) {
			// A file that may not be written to says so by a subclass.
			if (isCurrent(version) || !ex.getClass().equals(IllegalStateException.class)) {
				throw ex;
			}
			throw new IllegalStateException(version.file().path()
					+ " was closed during the call, and is open again: the call may have had its effect", ex);
		}
	}

	/**
	 * The same for a call that returns nothing.
	 */
	void updateVoid(Consumer<Mmap> call) {
		update((file) -> {
			call.accept(file);
			return true;
		});
	}

	/**
	 * Returns the version on which to make a call again.
	 * @param version the version on which it failed
	 * @param failure why, as on a closed version
	 * @return the current version
	 * @throws X the failure, if it is of the current version
	 */
	private <X extends Exception> FileVersion successorOf(FileVersion version, X failure) throws X {
		if (isCurrent(version)) {
			throw failure;
		}
		return this.current;
	}

	/**
	 * Does an I/O call that reads, without boxing the number of bytes.
	 */
	int ioInt(IoIntCall call) throws IOException {
		FileVersion version = this.current;
		while (true) {
			try {
				return call.on(version.file());
			}
			catch (ClosedChannelException ex) {
				version = successorOf(version, ex);
			}
		}
	}

	/**
	 * Does an I/O call that may be made twice and returns nothing.
	 */
	void ioVoid(IoAction call) throws IOException {
		io((file) -> {
			call.on(file);
			return true;
		});
	}

	/**
	 * Does an I/O call that runs a function of the application.
	 */
	<T> T access(IoCall<T> call) throws IOException {
		while (true) {
			FileVersion version = this.current;
			version.users().enter();
			try {
				if (isCurrent(version)) {
					return call.on(version.file());
				}
			}
			finally {
				version.users().leave();
			}
		}
	}

	/**
	 * Hands out a channel of the current version.
	 */
	FileChannel channel() {
		while (true) {
			FileVersion version = this.current;
			version.users().enter();
			try {
				if (isCurrent(version)) {
					return version.users().using(version.file().channel());
				}
			}
			finally {
				version.users().leave();
			}
		}
	}

	/**
	 * Returns the current version to take a view of.
	 */
	FileVersion lend() {
		while (true) {
			FileVersion version = this.current;
			version.users().lend();
			if (isCurrent(version)) {
				return version;
			}
		}
	}

	/**
	 * Hands out a view of the current version.
	 */
	MemorySegment view(Function<Mmap, MemorySegment> call) {
		FileVersion version = lend();
		MemorySegment view = call.apply(version.file());
		if (FileVersion.isTraceable(view)) {
			return version.keptAliveBy(view);
		}
		keep(version);
		return view;
	}

	private synchronized void keep(FileVersion version) {
		if (!this.kept.contains(version)) {
			this.kept.add(version);
		}
	}

	// This compares identity, not equality.
	@SuppressWarnings("ReferenceEquality")
	private boolean isCurrent(FileVersion version) {
		return version == this.current;
	}

	boolean isOpen() {
		FileVersion version;
		boolean open;
		do {
			version = this.current;
			open = version.file().isOpen();
		}
		while (!open && !isCurrent(version));
		return open && !this.closed;
	}

	/**
	 * Sends all later calls to another version. The cursor moves to the start.
	 * @param file the file, just opened
	 * @return {@code false} if the current version is closed; then the new file is
	 * closed, too
	 * @throws IOException if that file could not be closed
	 */
	public synchronized boolean replace(Mmap file) throws IOException {
		if (!isOpen()) {
			file.close();
			return false;
		}
		this.retired.add(this.current);
		this.current = new FileVersion(file);
		this.retired.closeUnused();
		return true;
	}

	/**
	 * Closes the file, until {@link #resume}.
	 * @return whether it was open
	 */
	public synchronized boolean suspend() throws IOException {
		boolean open = isOpen();
		closeAll();
		return open;
	}

	/**
	 * Sends all later calls to a file that was opened again. The cursor stays where it
	 * was, or moves to the end if the file is shorter now.
	 * @param file the file, just opened
	 * @throws IOException if that file could not be closed, as this is closed for good;
	 * or if its cursor could not be moved. Then it is closed
	 */
	public synchronized void resume(Mmap file) throws IOException {
		if (this.closed) {
			file.close();
			return;
		}
		try {
			file.seek(Math.min(this.current.file().offset(), file.size()), Whence.START);
			this.current = new FileVersion(file);
		}
		catch (IOException | RuntimeException | Error ex) {
			closeAfter(ex, file);
			throw ex;
		}
	}

	/** Nobody else has the file. */
	private static void closeAfter(Throwable failure, Mmap file) {
		try {
			file.close();
		}
		catch (IOException | RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Closes the file for good.
	 */
	synchronized void close() throws IOException {
		this.closed = true;
		closeAll();
	}

	private void closeAll() throws IOException {
		List<IOException> failures = this.retired.close();
		try {
			this.current.close();
			if (failures.isEmpty()) {
				this.kept.clear();
			}
		}
		catch (IOException ex) {
			failures.add(ex);
		}
		if (!failures.isEmpty()) {
			IOException failure = failures.removeFirst();
			failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	/**
	 * Closes replaced versions that nobody uses any more. One that cannot be closed is
	 * tried again by the next call, and logged once.
	 */
	public synchronized void closeUnused() {
		this.retired.closeUnused();
	}

	/**
	 * Returns how many replaced versions are still open.
	 */
	public synchronized int retired() {
		return this.retired.size();
	}

	/**
	 * A call that may throw an {@link IOException}.
	 *
	 * @param <T> the type of its result
	 */
	@FunctionalInterface
	interface IoCall<T> {

		T on(Mmap file) throws IOException;

	}

	/**
	 * A call that returns a number.
	 */
	@FunctionalInterface
	interface IoIntCall {

		int on(Mmap file) throws IOException;

	}

	/**
	 * The same, for a number that may be greater.
	 */
	@FunctionalInterface
	interface IoLongCall {

		long on(Mmap file) throws IOException;

	}

	/**
	 * A call that returns nothing.
	 */
	@FunctionalInterface
	interface IoAction {

		void on(Mmap file) throws IOException;

	}

}
