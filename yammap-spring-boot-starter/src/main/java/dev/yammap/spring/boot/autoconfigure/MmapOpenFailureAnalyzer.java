package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.yammap.spring.boot.autoconfigure.YammapProperties.Access;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.unit.DataSize;

/**
 * Analyzes a {@link MmapOpenException}: says what is wrong with the file, and which
 * property to change.
 */
class MmapOpenFailureAnalyzer extends AbstractFailureAnalyzer<MmapOpenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MmapOpenException failure) {
		Finding finding = find(failure.settings(), failure.getCause());
		return new FailureAnalysis("The mapped file " + failure.settings() + " could not be opened: " + finding.problem,
				finding.action, failure);
	}

	private Finding find(FileSettings file, @Nullable IOException cause) {
		if (Files.isDirectory(file.path())) {
			return new Finding("it is a directory.", "Correct '%s'.".formatted(file.property("path")));
		}
		if (cause instanceof NoSuchFileException) {
			return missing(file);
		}
		if (cause instanceof AccessDeniedException) {
			return denied(file);
		}
		if (cause instanceof FileAlreadyExistsException) {
			return new Finding("it exists already, and '%s' is 'always'.".formatted(file.property("create")),
					"Remove the file, or set '%s' to 'if-missing'.".formatted(file.property("create")));
		}
		Finding tooLong = findTooLong(file);
		if (tooLong != null) {
			return tooLong;
		}
		return new Finding((cause != null) ? cause.getMessage() + "." : "the reason is unknown.",
				"Correct what is wrong with the file, or point '%s' elsewhere.".formatted(file.property("path")));
	}

	private Finding missing(FileSettings file) {
		Path directory = file.path().getParent();
		if (directory != null && !Files.exists(directory)) {
			return new Finding("its directory does not exist.",
					"Create the directory '%s', or correct '%s' or 'yammap.base-dir'.".formatted(directory,
							file.property("path")));
		}
		if (!file.access().changesFile()) {
			return new Finding(
					"it does not exist, and with '%s: %s' it is never created.".formatted(file.property("access"),
							FileSettings.canonical(file.access())),
					"Create the file, or correct '%s'.".formatted(file.property("path")));
		}
		return new Finding(
				"it does not exist, and '%s' is '%s'.".formatted(file.property("create"),
						FileSettings.canonical(file.create())),
				"Create the file, correct '%s', or set '%s' to 'if-missing'.".formatted(file.property("path"),
						file.property("create")));
	}

	private Finding denied(FileSettings file) {
		boolean writes = file.access().changesFile();
		String hint = writes
				? ", or set '%s' to '%s'".formatted(file.property("access"), FileSettings.canonical(Access.READ_ONLY))
				: "";
		return new Finding(
				"the process has no permission to %s it or to enter its directory."
					.formatted(writes ? "read and write" : "read"),
				"Change the owner or the permissions of the file or its directory, or correct '%s'%s."
					.formatted(file.property("path"), hint));
	}

	private @Nullable Finding findTooLong(FileSettings file) {
		DataSize maxSize = file.maxSize();
		try {
			if (maxSize != null && Files.size(file.path()) > maxSize.toBytes()) {
				return new Finding(
						"it is %d bytes long, which is more than '%s' (%s).".formatted(Files.size(file.path()),
								file.property("max-size"), maxSize),
						"Raise '%s', or correct '%s'.".formatted(file.property("max-size"), file.property("path")));
			}
		}
		catch (IOException ex) {
			// Then the length is not the problem.
		}
		return null;
	}

	private record Finding(String problem, String action) {
	}

}
