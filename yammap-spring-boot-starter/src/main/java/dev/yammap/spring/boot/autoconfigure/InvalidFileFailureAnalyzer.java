package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.settings.InvalidFileException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidFileException}.
 */
class InvalidFileFailureAnalyzer extends AbstractFailureAnalyzer<InvalidFileException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidFileException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
