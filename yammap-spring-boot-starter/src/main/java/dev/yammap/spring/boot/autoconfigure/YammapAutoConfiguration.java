package dev.yammap.spring.boot.autoconfigure;

import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.Checkpoints;
import dev.yammap.spring.boot.lifecycle.CracCheckpoints;
import dev.yammap.spring.boot.lifecycle.MmapCloser;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.DirectoryCreator;
import dev.yammap.spring.boot.registry.FileStates;
import dev.yammap.spring.boot.registry.MmapOpener;
import dev.yammap.spring.boot.registry.ParentMmaps;
import dev.yammap.spring.boot.reload.BackgroundWork;
import dev.yammap.spring.boot.swap.SyncObserver;

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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

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

	/** Static, as it is created before the bean of this class. */
	@Bean
	static MmapCloser yammapMmapCloser() {
		return new MmapCloser();
	}

	@Bean
	@ConditionalOnMissingBean(value = Mmaps.class, search = SearchStrategy.CURRENT)
	DefaultMmaps mmaps(YammapProperties properties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		// Not parameters: a method of more than three costs the start of an application
		// some ten classes, which the JDK makes to call it.
		Checkpoints checkpoints = beanFactory.getBeanProvider(Checkpoints.class).getIfAvailable();
		MmapOpener opener = new MmapOpener(beanFactory.getBeanProvider(MmapBuilderCustomizer.class),
				beanFactory.getApplicationStartup(), checkpoints != null,
				beanFactory.getBeanProvider(SyncObserver.Factory.class).getIfAvailable(),
				new DirectoryCreator(properties.isCreateDirectories()));
		DefaultMmaps mmaps = new DefaultMmaps(properties.settings(new FileNames(environment)), opener,
				ParentMmaps.of(beanFactory.getParentBeanFactory()));
		beanFactory.getBean(MmapCloser.class).enlist(mmaps);
		if (checkpoints != null) {
			checkpoints.announceTo(mmaps);
		}
		return mmaps;
	}

	@Bean
	static FileProxies yammapFileProxies() {
		return new FileProxies();
	}

	/**
	 * Only endpoint, health, info and meters ask for it, which an application may lack.
	 */
	@Bean
	@Lazy
	FileStates yammapFileStates(Mmaps mmaps, ConfigurableListableBeanFactory beanFactory) {
		return new FileStates(mmaps, beanFactory);
	}

	@Bean
	BackgroundWork yammapBackgroundWork(Mmaps mmaps, YammapProperties properties, ApplicationContext context) {
		return new BackgroundWork(mmaps, properties.getReloadInterval(), context);
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
