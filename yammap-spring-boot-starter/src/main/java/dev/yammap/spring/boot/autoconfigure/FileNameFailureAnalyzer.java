package dev.yammap.spring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link FileNameException}.
 */
class FileNameFailureAnalyzer extends AbstractFailureAnalyzer<FileNameException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, FileNameException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
