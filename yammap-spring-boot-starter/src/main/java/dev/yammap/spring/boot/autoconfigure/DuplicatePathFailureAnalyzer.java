package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.registry.DuplicatePathException;
import dev.yammap.spring.boot.settings.FileSettings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link DuplicatePathException}.
 */
class DuplicatePathFailureAnalyzer extends AbstractFailureAnalyzer<DuplicatePathException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicatePathException cause) {
		FileSettings first = cause.first();
		FileSettings second = cause.second();
		return new FailureAnalysis(describe(first, second),
				"Change '%s' or '%s', or remove one of the two files and inject the other in its place."
					.formatted(first.property("path"), second.property("path")),
				cause);
	}

	private String describe(FileSettings first, FileSettings second) {
		if (first.path().equals(second.path())) {
			return "The mapped files '%s' and '%s' have the same path, '%s'.".formatted(first.name(), second.name(),
					first.path());
		}
		return "The mapped files '%s' and '%s' are the same file: '%s' and '%s' lead to one file."
			.formatted(first.name(), second.name(), first.path(), second.path());
	}

}
