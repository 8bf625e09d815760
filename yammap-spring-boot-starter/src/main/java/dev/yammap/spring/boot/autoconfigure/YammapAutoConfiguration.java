package dev.yammap.spring.boot.autoconfigure;

import java.util.List;

import dev.yammap.spring.boot.JournalBuilderCustomizer;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.lifecycle.Checkpoints;
import dev.yammap.spring.boot.lifecycle.CracCheckpoints;
import dev.yammap.spring.boot.lifecycle.ResourceCloser;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.registry.DefaultJournals;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.FileOpener;
import dev.yammap.spring.boot.registry.JournalOpener;
import dev.yammap.spring.boot.registry.ParentMmaps;
import dev.yammap.spring.boot.registry.PeriodicSyncs;
import dev.yammap.spring.boot.registry.SyncObserverFactory;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.reload.FileReloader;
import dev.yammap.spring.boot.settings.JournalSettings;

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
 * {@link EnableAutoConfiguration Auto-configuration} for mapped files and journals: the
 * registries {@link Mmaps} and {@link Journals}, a bean for each file and each journal,
 * and what is done with them while the application runs.
 * <p>
 * It comes late, so that it notices if a file or journal has the name of another
 * auto-configured bean.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnBooleanProperty(name = "yammap.enabled", matchIfMissing = true)
@EnableConfigurationProperties(YammapProperties.class)
@Import(ResourceBeanRegistrar.class)
public final class YammapAutoConfiguration {

	/** Static, as it is created before the bean of this class. */
	@Bean
	static ResourceCloser yammapResourceCloser() {
		return new ResourceCloser();
	}

	@Bean
	static ResourceBeanDefinitions yammapBeanDefinitions() {
		return new ResourceBeanDefinitions();
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static TolerantBinding yammapTolerantBinding() {
		return new TolerantBinding();
	}

	@Bean
	@ConditionalOnMissingBean(value = Mmaps.class, search = SearchStrategy.CURRENT)
	DefaultMmaps mmaps(YammapProperties properties, Environment environment, ApplicationContext context,
			ApplicationStartup startup, ObjectProvider<MmapBuilderCustomizer> customizers,
			ObjectProvider<SyncObserverFactory> observers, ObjectProvider<Checkpoints> checkpoints,
			ResourceCloser closer) {
		FileOpener opener = new FileOpener(customizers, startup, checkpoints.getIfAvailable() != null,
				observers.getIfAvailable(), new DirectoryCreator(properties.isCreateDirectories()));
		DefaultMmaps mmaps = new DefaultMmaps(properties.files(new ConfiguredNames(environment)),
				properties.baseDirectory(), opener, ParentMmaps.of(context.getParent()));
		closer.enlist(mmaps);
		checkpoints.ifAvailable((announcing) -> announcing.announceTo(mmaps));
		return mmaps;
	}

	@Bean
	@ConditionalOnMissingBean(value = Journals.class, search = SearchStrategy.CURRENT)
	DefaultJournals yammapJournals(YammapProperties properties, Environment environment, ApplicationContext context,
			ApplicationStartup startup, Mmaps mmaps, ObjectProvider<JournalBuilderCustomizer> customizers,
			ObjectProvider<SyncObserverFactory> observers, ObjectProvider<Checkpoints> checkpoints,
			ResourceCloser closer) {
		JournalOpener opener = new JournalOpener(customizers, startup, observers.getIfAvailable(),
				new DirectoryCreator(properties.isCreateDirectories()));
		// Most applications have none, so their names need not be looked for again.
		List<JournalSettings> settings = properties.getJournals().isEmpty() ? List.of()
				: properties.journals(new ConfiguredNames(environment));
		DefaultJournals journals = new DefaultJournals(settings, properties.baseDirectory(), mmaps, opener,
				DefaultJournals.of(context.getParent()));
		closer.enlist(journals);
		checkpoints.ifAvailable((announcing) -> announcing.announceTo(journals));
		return journals;
	}

	/**
	 * It is lazy: only endpoint, health, info and meters need it, and an application may
	 * lack them.
	 */
	@Bean
	@Lazy
	TrackedResources yammapTrackedResources(Mmaps mmaps, Journals journals,
			ConfigurableListableBeanFactory beanFactory) {
		return new TrackedResources(mmaps, journals, beanFactory);
	}

	@Bean
	PeriodicSyncs yammapPeriodicSyncs(Mmaps mmaps, Journals journals) {
		return new PeriodicSyncs(mmaps, journals);
	}

	@Bean
	FileReloader yammapFileReloader(Mmaps mmaps, YammapProperties properties,
			ObjectProvider<MmapReloadValidator> validators, ApplicationEventPublisher publisher) {
		return new FileReloader(mmaps, properties.getReloadInterval(), validators, publisher);
	}

	/**
	 * For an application that may be saved to disk and restored. The return type can be
	 * loaded even if checkpoints are not available.
	 */
	@Bean
	@ConditionalOnCheckpointRestore
	Checkpoints yammapCheckpoints() {
		return new CracCheckpoints();
	}

}
