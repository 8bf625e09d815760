package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.settings.FileSettings;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link BeanNameInUseException}.
 */
class BeanNameInUseFailureAnalyzer extends AbstractFailureAnalyzer<BeanNameInUseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BeanNameInUseException cause) {
		String origin = (cause.origin() != null) ? ", defined in " + cause.origin() + "," : "";
		return new FailureAnalysis(
				"The mapped file '%s' cannot become a bean: a bean of that name and of type %s%s is already there."
					.formatted(cause.name(), cause.type().getName(), origin),
				"Give the file another name in place of '%s', or rename the bean."
					.formatted(FileSettings.file(cause.name())),
				cause);
	}

}
