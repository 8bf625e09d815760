package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.Mmap;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Gives meters to {@link Mmap} beans that the application makes itself, whenever that is.
 */
class MmapMetricsPostProcessor implements BeanPostProcessor, BeanFactoryAware {

	private final ObjectProvider<MmapMetrics> metrics;

	@SuppressWarnings("NullAway.Init")
	private BeanFactory beanFactory;

	MmapMetricsPostProcessor(ObjectProvider<MmapMetrics> metrics) {
		this.metrics = metrics;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		// Of several files for one name, meters would show the first.
		if (bean instanceof Mmap file && this.beanFactory.containsBean(beanName)
				&& this.beanFactory.isSingleton(beanName)) {
			this.metrics.ifAvailable((metrics) -> metrics.bind(beanName, file));
		}
		return bean;
	}

}
