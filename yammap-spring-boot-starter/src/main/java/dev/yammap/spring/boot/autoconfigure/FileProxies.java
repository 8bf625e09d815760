package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.type.MethodMetadata;

/**
 * Has aspects that match an {@link Mmap} bean make a proxy of its interface. Spring Boot
 * asks for a subclass of its class, which is final.
 * <p>
 * Not done where the definitions are made, as code that is generated ahead of time does
 * not keep their attributes.
 */
class FileProxies implements BeanFactoryPostProcessor {

	private static final String TYPE = Mmap.class.getName();

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = beanFactory.getBeanDefinition(name);
			if (TYPE.equals(definition.getBeanClassName()) || TYPE.equals(returnType(definition))) {
				definition.setAttribute(AutoProxyUtils.EXPOSED_INTERFACES_ATTRIBUTE,
						AutoProxyUtils.ALL_INTERFACES_ATTRIBUTE_VALUE);
			}
		}
	}

	private static @Nullable String returnType(BeanDefinition definition) {
		MethodMetadata method = (definition instanceof AnnotatedBeanDefinition annotated)
				? annotated.getFactoryMethodMetadata() : null;
		return (method != null) ? method.getReturnTypeName() : null;
	}

}
