package dev.yammap.spring.boot.metrics;

import dev.yammap.spring.boot.registry.TrackedResources;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * Gives meters to files and journals that the application makes itself, also after the
 * start. Those that were made before the {@link MmapMetrics} get theirs at the end of the
 * start: the meter registry may need them. What a {@code FactoryBean} makes gets none:
 * health and endpoint could not show it either, as nobody can ask for it without making
 * it.
 */
public class MmapMetricsPostProcessor implements BeanPostProcessor, BeanFactoryAware {

	private static final String METRICS = "mmapMetrics";

	@SuppressWarnings("NullAway.Init")
	private ConfigurableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// If several beans have one name, the meters would show the first of them.
		if (TrackedResources.isResource(bean) && this.beanFactory.containsBean(beanName)
				&& this.beanFactory.isSingleton(beanName) && !this.beanFactory.isFactoryBean(beanName)
				&& this.beanFactory.getSingleton(METRICS) instanceof MmapMetrics metrics) {
			metrics.bind(beanName, bean);
		}
		return bean;
	}

}
