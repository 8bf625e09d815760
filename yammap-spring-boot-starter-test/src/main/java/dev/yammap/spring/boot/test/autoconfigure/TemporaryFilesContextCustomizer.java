package dev.yammap.spring.boot.test.autoconfigure;

import java.util.Map;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Adds {@link TemporaryFiles} to an application context. Two customizers with equal
 * contents are equal, so that test classes share a context from the cache.
 *
 * @param contents the locations of the contents by the name of the file
 */
record TemporaryFilesContextCustomizer(Map<String, String> contents) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		// Register a definition instead of an object, so that ahead-of-time
		// processing includes it.
		RootBeanDefinition definition = new RootBeanDefinition(TemporaryFiles.class);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, this.contents);
		((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition(TemporaryFiles.class.getName(),
				definition);
	}

}
