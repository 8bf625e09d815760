package dev.yammap.spring.boot.autoconfigure.info;

import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.info.YammapInfoContributor;
import dev.yammap.spring.boot.registry.TrackedResources;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the info of mapped files, off
 * unless asked for.
 */
@AutoConfiguration(after = YammapAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledInfoContributor.class)
@ConditionalOnBean(TrackedResources.class)
@ConditionalOnEnabledInfoContributor(value = "yammap", fallback = InfoContributorFallback.DISABLE)
public final class YammapInfoContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "yammapInfoContributor")
	YammapInfoContributor yammapInfoContributor(TrackedResources files) {
		return new YammapInfoContributor(files);
	}

}
