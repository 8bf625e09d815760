package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.Checkpoints;
import dev.yammap.spring.boot.lifecycle.CracCheckpoints;
import dev.yammap.spring.boot.lifecycle.ResourceCloser;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.FileOpener;
import dev.yammap.spring.boot.registry.ParentMmaps;
import dev.yammap.spring.boot.registry.PeriodicSyncs;
import dev.yammap.spring.boot.registry.SyncObserverFactory;
import dev.yammap.spring.boot.registry.TrackedFiles;
import dev.yammap.spring.boot.reload.FileReloader;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCheckpointRestore;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for mapped files: the registry
 * {@link Mmaps}, a bean for each file, and what is done with them while the application
 * runs.
 * <p>
 * Comes late, so that the name of a file that is the name of another auto-configured bean
 * is noticed.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnBooleanProperty(name = "yammap.enabled", matchIfMissing = true)
@EnableConfigurationProperties(YammapProperties.class)
@Import(FileBeanRegistrar.class)
public final class YammapAutoConfiguration {

	/** Static, as it is created before the bean of this class. */
	@Bean
	static ResourceCloser yammapResourceCloser() {
		return new ResourceCloser();
	}

	@Bean
	static MmapBeanDefinitions yammapBeanDefinitions() {
		return new MmapBeanDefinitions();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ForeignVariables yammapForeignVariables() {
		return new ForeignVariables();
	}

	@Bean
	@ConditionalOnMissingBean(value = Mmaps.class, search = SearchStrategy.CURRENT)
	DefaultMmaps mmaps(YammapProperties properties, Environment environment, ApplicationContext context,
			ApplicationStartup startup, ObjectProvider<MmapBuilderCustomizer> customizers,
			ObjectProvider<SyncObserverFactory> observers, ObjectProvider<Checkpoints> checkpoints,
			ResourceCloser closer) {
		FileOpener opener = new FileOpener(customizers, startup, checkpoints.getIfAvailable() != null,
				observers.getIfAvailable(), new DirectoryCreator(properties.isCreateDirectories()));
		DefaultMmaps mmaps = new DefaultMmaps(properties.settings(new FileNames(environment)),
				properties.baseDirectory(), opener, ParentMmaps.of(context.getParent()));
		closer.enlist(mmaps);
		checkpoints.ifAvailable((announcing) -> announcing.announceTo(mmaps));
		return mmaps;
	}

	/**
	 * Only endpoint, health, info and meters ask for it, which an application may lack.
	 */
	@Bean
	@Lazy
	TrackedFiles yammapTrackedFiles(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		return new TrackedFiles(mmaps, beanFactory);
	}

	@Bean
	PeriodicSyncs yammapPeriodicSyncs(Mmaps mmaps) {
		return new PeriodicSyncs(mmaps);
	}

	@Bean
	FileReloader yammapFileReloader(Mmaps mmaps, YammapProperties properties,
			ObjectProvider<MmapReloadValidator> validators, ApplicationEventPublisher publisher) {
		return new FileReloader(mmaps, properties.getReloadInterval(), validators, publisher);
	}

	/**
	 * Where the application may be saved to disk and restored from there. The type that
	 * is returned can be loaded also where that cannot be.
	 */
	@Bean
	@ConditionalOnCheckpointRestore
	Checkpoints yammapCheckpoints() {
		return new CracCheckpoints();
	}

}
