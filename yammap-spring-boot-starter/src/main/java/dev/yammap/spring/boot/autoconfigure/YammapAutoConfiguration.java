package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCheckpointRestore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for mapped files: the registry
 * {@link Mmaps}, a bean for each file, and what is known of them.
 * <p>
 * Comes late, so that the name of a file that is the name of another auto-configured bean
 * is noticed.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnBooleanProperty(name = "yammap.enabled", matchIfMissing = true)
@EnableConfigurationProperties(YammapProperties.class)
@Import(MmapBeanRegistrar.class)
public final class YammapAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(value = Mmaps.class, search = SearchStrategy.CURRENT)
	DefaultMmaps mmaps(YammapProperties properties, Environment environment,
			ObjectProvider<MmapBuilderCustomizer> customizers, ApplicationStartup startup,
			ObjectProvider<Checkpoints> checkpoints, ObjectProvider<SyncObserver.Factory> observers,
			ConfigurableListableBeanFactory beanFactory) {
		Checkpoints announced = checkpoints.getIfAvailable();
		MmapOpener opener = new MmapOpener(customizers, startup, announced != null, observers.getIfAvailable());
		DefaultMmaps mmaps = new DefaultMmaps(properties.settings(new FileNames(environment)), opener,
				ParentMmaps.of(beanFactory.getParentBeanFactory()));
		if (announced != null) {
			announced.announceTo(mmaps);
		}
		return mmaps;
	}

	@Bean
	FileStates yammapFileStates(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		return new FileStates(mmaps, beanFactory);
	}

	@Bean
	@ConfigurationPropertiesBinding
	static PathToStringConverter yammapPathToStringConverter() {
		return new PathToStringConverter();
	}

	/**
	 * Where the application may be saved to disk and restored from there.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnCheckpointRestore
	static class CheckpointRestoreConfiguration {

		@Bean
		CracCheckpoints yammapCheckpoints() {
			return new CracCheckpoints();
		}

	}

}
