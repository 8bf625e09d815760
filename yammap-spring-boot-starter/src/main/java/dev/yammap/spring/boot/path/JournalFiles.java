package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;

import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds mapped files that are a journal's own. Somebody else who opens one would be in
 * the journal's way.
 */
public final class JournalFiles {

	private static final Pattern NAMES = Pattern.compile("journal\\.control|.*\\.(segment|reader)");

	private JournalFiles() {
	}

	/**
	 * Checks a file against journals, or a journal against files.
	 * @param settings a file or journal
	 * @param others files and journals, also itself
	 * @throws InvalidFileException if a file is one of a journal
	 */
	public static void requireNone(ResourceSettings settings, Collection<? extends ResourceSettings> others) {
		if (settings.kind() == ResourceKind.FILE) {
			FileIdentity directory = directoryOf(settings);
			if (directory != null) {
				for (ResourceSettings other : others) {
					requireApart(settings, directory, other);
				}
			}
		}
		else {
			for (ResourceSettings other : others) {
				FileIdentity directory = (other.kind() == ResourceKind.FILE) ? directoryOf(other) : null;
				if (directory != null) {
					requireApart(other, directory, settings);
				}
			}
		}
	}

	/**
	 * Returns the directory of a file, if its name is one that a journal gives.
	 */
	private static @Nullable FileIdentity directoryOf(ResourceSettings file) {
		Path path = file.path();
		try {
			path = Files.isSymbolicLink(path) ? path.toRealPath() : path;
		}
		catch (IOException ex) {
			// The link leads to nothing. The opening will say so.
		}
		Path directory = path.getParent();
		return (directory != null && NAMES.matcher(String.valueOf(path.getFileName())).matches())
				? FileIdentity.of(directory) : null;
	}

	private static void requireApart(ResourceSettings file, FileIdentity directory, ResourceSettings other) {
		if (other.kind() == ResourceKind.JOURNAL && directory.equals(FileIdentity.of(other.path()))) {
			throw new InvalidFileException(
					"The %s %s is a file of the %s %s.".formatted(file.kind().noun(), file, other.kind().noun(), other),
					"The journal opens its files itself. Correct '%s', or remove the file from the configuration, and inject the journal in its place."
						.formatted(file.property("path")));
		}
	}

}
