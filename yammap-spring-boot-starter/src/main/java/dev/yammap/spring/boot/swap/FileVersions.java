package dev.yammap.spring.boot.swap;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.yammap.Mmap;
import dev.yammap.Whence;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Decides to which {@link FileVersion} each call of a {@link SwappableMmap} goes, and
 * when replaced versions are closed.
 * <p>
 * A call takes the current version once and stays with it. Most calls leave no trace: if
 * their version is closed during the call, the call has had no effect, or one that may
 * come twice, and is made again on the version that replaced it. A write at the end or at
 * the cursor is made again only if it surely was not made. A function of the application
 * must not run again, nor lose its view. So calls that run one are counted, and a version
 * is not closed before they have ended. Views keep their version open as long as they can
 * be reached, and channels as long as they are open, too.
 */
public final class FileVersions {

	private static final Log logger = LogFactory.getLog(FileVersions.class);

	private final List<Retired> retired = new ArrayList<>();

	// Versions with views that cannot be traced.
	private final List<FileVersion> kept = new ArrayList<>();

	private volatile FileVersion current;

	private volatile boolean closed;

	FileVersions(Mmap file) {
		this.current = new FileVersion(file);
	}

	/**
	 * Does a memory call, which throws nothing checked.
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
	 * Does an I/O call.
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
	 * Does a write at the end or at the cursor, which must not be done twice. With SYNC
	 * the file may be closed between the write and its sync.
	 */
	long write(IoLongCall call) throws IOException {
		FileVersion version = this.current;
		while (true) {
			try {
				return call.on(version.file());
			}
			catch (AsynchronousCloseException ex) {
				throw ex;
			}
			catch (ClosedChannelException ex) {
				version = successorOf(version, ex);
			}
		}
	}

	/**
	 * Returns the version on which to make a call again.
	 * @param version the version on which it failed
	 * @param failure why, as on a closed version
	 * @return the current version
	 * @throws X the failure, if it is of the current version
	 */
	private <X extends Exception> FileVersion successorOf(FileVersion version, X failure) throws X {
		FileVersion current = this.current;
		if (isSame(version, current)) {
			throw failure;
		}
		return current;
	}

	/**
	 * Does a memory call that returns nothing.
	 */
	void memoryVoid(Consumer<Mmap> call) {
		memory((file) -> {
			call.accept(file);
			return true;
		});
	}

	/**
	 * Does an I/O call that returns a number of bytes, without boxing it.
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
	 * Does an I/O call that returns nothing.
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

	private boolean isCurrent(FileVersion version) {
		return isSame(version, this.current);
	}

	// This compares identity, not equality.
	@SuppressWarnings("ReferenceEquality")
	private static boolean isSame(FileVersion version, FileVersion other) {
		return version == other;
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
		this.retired.add(new Retired(this.current));
		this.current = new FileVersion(file);
		closeUnused();
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
	 * @throws IOException if that file could not be closed, as this is closed for good
	 */
	public synchronized void resume(Mmap file) throws IOException {
		if (this.closed) {
			file.close();
			return;
		}
		file.seek(Math.min(this.current.file().offset(), file.size()), Whence.START);
		this.current = new FileVersion(file);
	}

	/**
	 * Closes the file for good.
	 */
	synchronized void close() throws IOException {
		this.closed = true;
		closeAll();
	}

	private void closeAll() throws IOException {
		List<IOException> failures = new ArrayList<>();
		for (Iterator<Retired> versions = this.retired.iterator(); versions.hasNext();) {
			if (close(versions.next()::close, failures)) {
				versions.remove();
			}
		}
		if (close(this.current::close, failures) && failures.isEmpty()) {
			this.kept.clear();
		}
		if (!failures.isEmpty()) {
			IOException failure = failures.removeFirst();
			failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	private static boolean close(Closeable version, List<IOException> failures) {
		try {
			version.close();
			return true;
		}
		catch (IOException ex) {
			failures.add(ex);
			return false;
		}
	}

	/**
	 * Closes replaced versions that nobody uses any more.
	 */
	public synchronized void closeUnused() {
		for (Iterator<Retired> versions = this.retired.iterator(); versions.hasNext();) {
			Retired version = versions.next();
			if (version.isUnused()) {
				versions.remove();
				try {
					version.close();
				}
				catch (IOException ex) {
					logger.warn("What was replaced at " + version.file.path() + " could not be closed", ex);
				}
			}
		}
	}

	/**
	 * Returns how many replaced versions are still open.
	 */
	public synchronized int retired() {
		return this.retired.size();
	}

	/**
	 * A version that was replaced. What is needed to close it must not refer to the
	 * version itself: only views may keep that reachable.
	 */
	private static final class Retired {

		private final WeakReference<FileVersion> version;

		private final Mmap file;

		private final FileUsers users;

		Retired(FileVersion version) {
			this.version = new WeakReference<>(version);
			this.file = version.file();
			this.users = version.users();
		}

		/**
		 * Tells whether nobody uses the version. A call that is inside may have dropped
		 * its reference to the version before it ends, so both conditions must hold.
		 */
		boolean isUnused() {
			return this.users.isNobodyInside() && !this.users.hasChannel()
					&& (!this.users.isLent() || this.version.refersTo(null));
		}

		void close() throws IOException {
			FileVersion version = this.version.get();
			if (version != null) {
				version.close();
			}
			else {
				this.file.close();
			}
		}

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
