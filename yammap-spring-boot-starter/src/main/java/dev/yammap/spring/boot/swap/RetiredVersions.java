package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The versions of a file that were replaced and are still open. One that cannot be closed
 * stays here, to be tried again. Used by one thread at a time.
 */
final class RetiredVersions {

	private final List<RetiredVersion> versions = new ArrayList<>();

	void add(FileVersion version) {
		this.versions.add(new RetiredVersion(version));
	}

	/**
	 * Closes all versions, also those that are used.
	 * @return why some could not be closed; modifiable
	 */
	List<IOException> close() {
		List<IOException> failures = new ArrayList<>();
		for (Iterator<RetiredVersion> each = this.versions.iterator(); each.hasNext();) {
			try {
				each.next().close();
				each.remove();
			}
			catch (IOException ex) {
				failures.add(ex);
			}
		}
		return failures;
	}

	/**
	 * Closes the versions that nobody uses any more. That one could not be closed is
	 * logged once.
	 */
	void closeUnused() {
		for (Iterator<RetiredVersion> each = this.versions.iterator(); each.hasNext();) {
			RetiredVersion version = each.next();
			if (version.isUnused()) {
				try {
					version.close();
					each.remove();
				}
				catch (IOException ex) {
					version.warnOnce(ex);
				}
			}
		}
	}

	int size() {
		return this.versions.size();
	}

}
