package dev.yammap.internal.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.MappingOptions;

/**
 * What a file's size must not become, and must not have become.
 */
final class Limits {

	private final Path path;

	private final MappingOptions options;

	Limits(Path path, MappingOptions options) {
		this.path = path;
		this.options = options;
	}

	/** Checks a range against a size. */
	void requireWithin(long offset, long length, long end) {
		if (offset < 0 || length < 0 || offset > end - length) {
			throw new IndexOutOfBoundsException(
					"Offset " + offset + ", " + length + " bytes: not within " + this.path + " of " + end + " bytes");
		}
	}

	void requireNotShortened(String operation, long actual, long known) throws MappedFaultException {
		if (actual < known) {
			throw new MappedFaultException("Cannot " + operation + " " + this.path + ": it is only " + actual + " of "
					+ known + " bytes long: somebody else shortened it. Open it again, or truncate it to"
					+ " the size it should have", null);
		}
	}

	void requireShared(String operation) throws IOException {
		if (this.options.isPrivate()) {
			throw new IOException("Cannot " + operation + " " + this.path
					+ ": a private mapping never changes its file. Open it with MapMode.SHARED");
		}
	}

	void requireGrowable(long offset, long length) throws IOException {
		requireShared("grow");
		long limit = this.options.maxSize();
		if (length > limit || offset > limit - length) {
			throw new IOException("Cannot grow " + this.path + " for " + length + " bytes at offset " + offset + ": "
					+ ((limit == MappingOptions.UNLIMITED) ? "no file can be that long"
							: "its maximum size is " + limit + " bytes. Raise maxSize"));
		}
	}

}
