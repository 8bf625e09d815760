package dev.yammap.spring.boot.test.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Finds {@link AutoConfigureMappedFiles} on a test class.
 */
class TemporaryFilesContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		AutoConfigureMappedFiles annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				AutoConfigureMappedFiles.class);
		return (annotation != null) ? new TemporaryFilesContextCustomizer(contents(annotation, testClass)) : null;
	}

	private static Map<String, String> contents(AutoConfigureMappedFiles annotation, Class<?> testClass) {
		Map<String, String> contents = new TreeMap<>();
		for (AutoConfigureMappedFiles.Content content : annotation.contents()) {
			if (contents.put(content.file(), content.resource()) != null) {
				throw new IllegalStateException("@AutoConfigureMappedFiles of " + testClass.getName()
						+ " has two contents for the file '" + content.file() + "'");
			}
		}
		return contents;
	}

}
