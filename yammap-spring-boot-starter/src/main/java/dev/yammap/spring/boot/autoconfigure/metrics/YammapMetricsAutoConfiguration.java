package dev.yammap.spring.boot.autoconfigure.metrics;

import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.metrics.MmapMetrics;
import dev.yammap.spring.boot.metrics.MmapMetricsPostProcessor;
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for metrics of mapped files.
 */
@AutoConfiguration(after = { CompositeMeterRegistryAutoConfiguration.class, MetricsAutoConfiguration.class,
		YammapAutoConfiguration.class })
@ConditionalOnClass({ MeterRegistry.class, MetricsAutoConfiguration.class })
@ConditionalOnBean({ MeterRegistry.class, Mmaps.class, TrackedResources.class })
public final class YammapMetricsAutoConfiguration {

	/**
	 * Never lazy, even if all beans are: nobody asks for it. The files of a parent
	 * context are measured there, also if this context has none of its own.
	 */
	@Bean
	@Lazy(false)
	@ConditionalOnBean(value = TrackedResources.class, search = SearchStrategy.CURRENT)
	@ConditionalOnMissingBean(name = "mmapMetrics", search = SearchStrategy.CURRENT)
	MmapMetrics mmapMetrics(MeterRegistry meterRegistry, TrackedResources files) {
		return new MmapMetrics(meterRegistry, files);
	}

	@Bean
	static MmapMetricsPostProcessor mmapMetricsPostProcessor() {
		return new MmapMetricsPostProcessor();
	}

}
