package dev.yammap.spring.boot.reload;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.path.FileStamp;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Follows the updates of one file: another file at its path, or the same one with another
 * size or time of modification. It opens what is at the path once two looks have found
 * the same: a file that is copied there, not renamed, is not complete at once. While that
 * cannot be opened, or is refused, the old file stays in use. Used by one thread at a
 * time.
 */
final class FileReload {

	/** After this many looks, each of which found another file, the last one is taken. */
	private static final int PATIENCE = 5;

	private static final Log logger = LogFactory.getLog(FileReload.class);

	private final FileSettings settings;

	private final TrackedFile tracked;

	private final SwappableMmap file;

	/** The stamp of the file in use. */
	private @Nullable FileStamp used;

	/** The stamp that the last look found, if it was another one. */
	private @Nullable FileStamp found;

	private @Nullable FileStamp refused;

	private int looks;

	/**
	 * Creates an object that follows a file.
	 * @param tracked the file; it hears of its replacements
	 * @param file the bean behind which the file is replaced
	 */
	FileReload(TrackedFile tracked, SwappableMmap file) {
		this.tracked = tracked;
		this.settings = tracked.requiredSettings();
		this.file = file;
		this.used = tracked.openedAs();
	}

	/**
	 * Looks at the path, and opens it again if there is something else.
	 * @param validators may refuse the new file
	 * @return how the file changed, or {@code null} if it did not
	 */
	@Nullable Change look(List<MmapReloadValidator> validators) {
		this.file.versions().closeUnused();
		if (!this.file.isOpen()) {
			return null;
		}
		try {
			boolean current = this.file.isCurrent();
			FileStamp found = FileStamp.of(this.settings.path());
			if (current && (this.used == null || found.equals(this.used))) {
				this.used = found;
				isUnchanged();
				return null;
			}
			if (found.equals(this.refused)) {
				return null;
			}
			return isSettled(found, current) ? reload(found, current, validators) : null;
		}
		catch (IOException | RuntimeException | Error ex) {
			// An error, such as memory that is short, must not keep the other files from
			// being looked at. It is no failure if the file was closed meanwhile.
			if (this.file.isOpen()) {
				failed(oldFile(reason(ex)));
			}
			return null;
		}
	}

	private void isUnchanged() {
		this.found = null;
		this.refused = null;
		if (this.tracked.reloads().settled()) {
			logger.info("File " + this.settings + " is at its path again, the very same");
		}
	}

	private boolean isSettled(FileStamp found, boolean current) {
		this.looks = (this.found != null) ? this.looks + 1 : 1;
		boolean same = found.equals(this.found);
		if (current && !same && this.looks > 1) {
			// To take it would not help: any opening gives the same file.
			failed("It is being overwritten in place, so reads may find old and new content mixed");
		}
		this.found = found;
		return same || (!current && this.looks >= PATIENCE);
	}

	private @Nullable Change reload(FileStamp found, boolean current, List<MmapReloadValidator> validators)
			throws IOException {
		long oldSize = (this.used != null) ? this.used.size() : this.file.size();
		Mmap next = this.file.builder().open();
		long newSize = next.size();
		String refusal = refusal(next, oldSize, validators);
		if (refusal != null) {
			next.close();
			this.refused = found;
			this.found = null;
			failed(current ? "It was overwritten in place, and what is there now was refused: " + refusal
					: oldFile("what is there was refused: " + refusal));
			return null;
		}
		if (!this.file.versions().replace(next)) {
			return null;
		}
		this.used = found;
		this.found = null;
		this.refused = null;
		this.tracked.reloaded(this.file);
		logger.info("Reloaded file " + this.settings + ", " + newSize + " bytes, before " + oldSize);
		return new Change(oldSize, newSize);
	}

	/**
	 * Asks the validators. Whatever these beans of the application throw, the old file
	 * stays.
	 */
	private @Nullable String refusal(Mmap next, long oldSize, List<MmapReloadValidator> validators) {
		if (next.size() == 0 && oldSize > 0 && !this.settings.reloadEmpty()) {
			return "it is empty, and '%s' is 'false'".formatted(this.settings.property("reload-empty"));
		}
		// A fault that a validator meets is not a fault of the file in use.
		this.file.events().ignore(next);
		try {
			for (MmapReloadValidator validator : validators) {
				validator.validate(this.settings.name(), next);
			}
			return next.isOpen() ? null : "a validator closed it";
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("What is at the path of file " + this.settings + " was refused", ex);
			return ex.toString();
		}
		finally {
			this.file.events().ignore(null);
		}
	}

	private void failed(String problem) {
		if (this.tracked.reloads().failed(problem)) {
			logger.warn("File " + this.settings + ": " + problem);
		}
	}

	private static String oldFile(@Nullable String reason) {
		return "It cannot be reloaded from its path, so the old file is in use: " + reason;
	}

	private static @Nullable String reason(Throwable failure) {
		if (failure instanceof NoSuchFileException) {
			return "nothing is there";
		}
		// The class of any other exception says something, too.
		return failure.getClass().equals(IOException.class) ? failure.getMessage() : failure.toString();
	}

	/**
	 * How a file changed.
	 *
	 * @param oldSize its size before, in bytes
	 * @param newSize its size now, in bytes
	 */
	record Change(long oldSize, long newSize) {
	}

}
