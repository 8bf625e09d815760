package dev.yammap.spring.boot.autoconfigure.health;

import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.health.YammapHealthContributor;
import dev.yammap.spring.boot.registry.TrackedResources;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of mapped files.
 */
@AutoConfiguration(after = YammapAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(TrackedResources.class)
@ConditionalOnEnabledHealthIndicator("yammap")
public final class YammapHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "yammapHealthIndicator", "yammapHealthContributor" })
	YammapHealthContributor yammapHealthContributor(TrackedResources files) {
		return new YammapHealthContributor(files);
	}

}
