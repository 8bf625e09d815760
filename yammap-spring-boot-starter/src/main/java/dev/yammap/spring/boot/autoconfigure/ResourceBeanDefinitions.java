package dev.yammap.spring.boot.autoconfigure;

import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.type.MethodMetadata;

/**
 * Completes the definitions of {@link Mmap} and {@link Journal} beans with what code
 * generated ahead of time does not keep.
 */
class ResourceBeanDefinitions implements BeanFactoryPostProcessor {

	/**
	 * The destroy method that {@link ResourceBeanRegistrar} gives to the bean of a
	 * resource: one without effect, so that Spring does not infer {@code close()}.
	 */
	static final String KEEP_OPEN = "isOpen";

	private static final Set<String> TYPES = Set.of(Mmap.class.getName(), Journal.class.getName());

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = beanFactory.getBeanDefinition(name);
			boolean ofRegistry = isOneOfTypes(definition.getBeanClassName());
			if (ofRegistry || isOneOfTypes(returnType(definition))) {
				exposeInterfaces(definition);
			}
			if (ofRegistry && KEEP_OPEN.equals(definition.getDestroyMethodName())) {
				removeDestroyMethod(definition);
			}
		}
	}

	private static boolean isOneOfTypes(@Nullable String type) {
		return type != null && TYPES.contains(type);
	}

	private static @Nullable String returnType(BeanDefinition definition) {
		MethodMetadata method = (definition instanceof AnnotatedBeanDefinition annotated)
				? annotated.getFactoryMethodMetadata() : null;
		return (method != null) ? method.getReturnTypeName() : null;
	}

	/**
	 * Makes aspects that match the bean create a proxy of its interface. Spring Boot
	 * would ask for a subclass of its class, which is final.
	 */
	private static void exposeInterfaces(BeanDefinition definition) {
		definition.setAttribute(AutoProxyUtils.EXPOSED_INTERFACES_ATTRIBUTE,
				AutoProxyUtils.ALL_INTERFACES_ATTRIBUTE_VALUE);
	}

	/**
	 * Empties the name of the destroy method. A bean with a destroy method leaves the
	 * context when it is destroyed, and a lazy proxy cannot find it any more. The name
	 * cannot be empty from the beginning: generated code would lose it, and call
	 * {@code close()} again.
	 */
	private static void removeDestroyMethod(BeanDefinition definition) {
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			definition.setDestroyMethodName("");
		}
	}

}
