package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.ref.WeakReference;

import dev.yammap.Mmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A version that was replaced. What is needed to close it must not refer to the version
 * itself: only views may keep that reachable.
 */
final class RetiredVersion {

	private static final Log logger = LogFactory.getLog(RetiredVersion.class);

	private final WeakReference<FileVersion> version;

	private final Mmap file;

	private final FileUsers users;

	private boolean warned;

	RetiredVersion(FileVersion version) {
		this.version = new WeakReference<>(version);
		this.file = version.file();
		this.users = version.users();
	}

	/**
	 * Tells whether nobody uses the version. A call that is inside may have dropped its
	 * reference to the version before it ends, so both conditions must hold.
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

	/**
	 * Logs that the version could not be closed, unless that was done before.
	 */
	void warnOnce(IOException failure) {
		if (!this.warned) {
			this.warned = true;
			logger.warn("What was replaced at " + this.file.path() + " could not be closed, which is tried again",
					failure);
		}
	}

}
