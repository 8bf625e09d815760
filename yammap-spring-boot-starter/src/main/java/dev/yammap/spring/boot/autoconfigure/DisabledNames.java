package dev.yammap.spring.boot.autoconfigure;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps a resource from being injected in place of one with {@code enabled: false}. Where
 * only one bean has the type of a parameter, Spring injects it whatever the name of the
 * parameter is. What is written for the resource that is left out would go into another.
 * <p>
 * It is a bean only if a file or journal is left out, and another file or journal is not.
 */
class DisabledNames implements BeanFactoryPostProcessor, PriorityOrdered {

	private final Map<Class<?>, Set<String>> disabled;

	private final Set<String> enabled;

	/**
	 * Creates the names.
	 * @param files the files that are left out
	 * @param journals the journals that are left out
	 * @param enabled the files and journals that are not
	 */
	DisabledNames(List<String> files, List<String> journals, List<String> enabled) {
		this.disabled = Map.of(Mmap.class, Set.copyOf(files), Journal.class, Set.copyOf(journals));
		this.enabled = Set.copyOf(enabled);
	}

	/** Before others add qualifiers to the resolver. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// A resolver of the application's own stays.
		if (beanFactory instanceof DefaultListableBeanFactory factory
				&& ContextAnnotationAutowireCandidateResolver.class
					.equals(factory.getAutowireCandidateResolver().getClass())) {
			factory.setAutowireCandidateResolver(new Resolver());
		}
	}

	/**
	 * Refuses candidates that would take the place of a resource that is left out.
	 */
	private final class Resolver extends ContextAnnotationAutowireCandidateResolver {

		@Override
		public boolean isAutowireCandidate(BeanDefinitionHolder candidate, DependencyDescriptor descriptor) {
			return super.isAutowireCandidate(candidate, descriptor) && !isSubstitute(candidate, descriptor);
		}

		private boolean isSubstitute(BeanDefinitionHolder candidate, DependencyDescriptor descriptor) {
			Class<?> type = descriptor.getDependencyType();
			String wanted = descriptor.getDependencyName();
			return wanted != null && DisabledNames.this.disabled.getOrDefault(type, Set.of()).contains(wanted)
					&& DisabledNames.this.enabled.contains(candidate.getBeanName()) && !isOfMany(descriptor)
					&& !candidate.getBeanDefinition().isPrimary() && !hasQualifier(descriptor) && !isBean(wanted, type);
		}

		/** An array, list or map has all of them, whatever its name is. */
		private static boolean isOfMany(DependencyDescriptor descriptor) {
			MethodParameter parameter = descriptor.getMethodParameter();
			Field field = descriptor.getField();
			Class<?> type = (parameter != null) ? parameter.getParameterType()
					: (field != null) ? field.getType() : Object.class;
			return type.isArray() || Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type);
		}

		/** The application, or a parent context, may have a bean of the name. */
		private boolean isBean(String name, Class<?> type) {
			BeanFactory factory = getBeanFactory();
			return factory != null && factory.containsBean(name) && factory.isTypeMatch(name, type);
		}

	}

}
