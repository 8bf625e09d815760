package dev.yammap.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what is done with mapped files
 * in the background: they are synced at intervals, and reloaded when they are replaced.
 */
@AutoConfiguration(after = YammapAutoConfiguration.class)
@ConditionalOnBean(value = DefaultMmaps.class, search = SearchStrategy.CURRENT)
public final class YammapBackgroundAutoConfiguration {

	@Bean
	PeriodicSyncs yammapPeriodicSyncs(DefaultMmaps mmaps) {
		return new PeriodicSyncs(mmaps);
	}

	@Bean
	MmapReloader yammapReloader(DefaultMmaps mmaps, ApplicationEventPublisher publisher) {
		return new MmapReloader(mmaps, publisher);
	}

}
