package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.Mmaps;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for metrics of mapped files.
 */
@AutoConfiguration(after = { CompositeMeterRegistryAutoConfiguration.class, MetricsAutoConfiguration.class,
		YammapAutoConfiguration.class })
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean({ MeterRegistry.class, Mmaps.class, FileStates.class })
public final class YammapMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "mmapMetrics", search = SearchStrategy.CURRENT)
	MmapMetrics mmapMetrics(MeterRegistry meterRegistry, FileStates states, ApplicationContext context) {
		ApplicationContext parent = context.getParent();
		MmapMetrics metrics = new MmapMetrics(meterRegistry, states,
				(parent != null) ? parent.getBeanProvider(MmapMetrics.class).getIfAvailable() : null);
		context.getBean(MmapCloser.class).enlist(metrics);
		return metrics;
	}

	@Bean
	static MmapMetricsPostProcessor mmapMetricsPostProcessor(ObjectProvider<MmapMetrics> metrics) {
		return new MmapMetricsPostProcessor(metrics);
	}

}
