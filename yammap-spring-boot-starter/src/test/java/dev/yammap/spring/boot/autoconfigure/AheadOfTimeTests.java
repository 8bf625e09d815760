package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.actuate.endpoint.JournalDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for an application whose beans were found ahead of time, when it was built.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	private static final String[] FILES = { "yammap.files.journal.path=journal.log",
			"yammap.files.journal.access=append", "yammap.files.counters.path=counters.bin",
			"yammap.files.counters.size=8KB", "yammap.journals.orders.path=orders",
			"yammap.journals.orders.segment-size=64KB", "management.endpoints.web.exposure.include=yammap" };

	private static final String STARTER = Mmaps.class.getPackageName();

	private static final String PRIMARY = "yammap.files.counters.primary=true";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private TestPropertyValues properties = TestPropertyValues.of(FILES);

	@BeforeEach
	void useDirectory() {
		this.properties = this.properties.and("yammap.base-dir=" + this.directory);
	}

	@Test
	void noFileIsTouchedAheadOfTime() {
		processAheadOfTime((hints, initializer) -> assertThat(this.directory).isEmptyDirectory());
	}

	@Test
	void beansAreThoseOfAnApplicationThatFindsThemAtStart() {
		Map<String, Description> expected = new TreeMap<>();
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(FILES)
			.withPropertyValues(PRIMARY)
			.withPropertyValues("yammap.base-dir=" + this.directory)
			.run((context) -> expected
				.putAll(describe((GenericApplicationContext) context.getSourceApplicationContext())));
		assertThat(expected).containsKeys("journal", "counters", "orders", "mmaps", "mmapMetrics",
				"yammapHealthContributor", "yammapEndpoint");
		assertThat(expected.get("counters")).extracting(Description::primary).isEqualTo(true);
		assertThat(expected.get("counters")).extracting(Description::exposedInterfaces).isNotNull();
		this.properties = this.properties.and(PRIMARY);
		startAheadOfTime((context) -> {
			assertThat(describe(context)).isEqualTo(expected);
			assertThat(context.getBean(Mmap.class)).isSameAs(context.getBean("counters"));
		});
	}

	@Test
	void filesAreInjectedByNameAndQualifier() {
		startAheadOfTime((context) -> {
			Clients clients = context.getBean(Clients.class);
			assertThat(clients.byParameterName).isSameAs(context.getBean("journal"));
			assertThat(clients.byMappedFile).isSameAs(context.getBean("journal"));
			assertThat(clients.byQualifier).isSameAs(context.getBean("journal"));
			assertThat(clients.all).containsOnlyKeys("journal", "counters");
			assertThat(context.getBean(Mmaps.class).get("journal")).isSameAs(context.getBean("journal"));
		});
	}

	@Test
	void journalIsNotInjectedInPlaceOfOneThatIsLeftOut() {
		this.properties = this.properties.and("yammap.journals.visits.path=visits",
				"yammap.journals.visits.enabled=false");
		startAheadOfTime((context) -> {
			OptionalClient client = (OptionalClient) context.getBeanFactory()
				.autowire(OptionalClient.class, AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR, false);
			assertThat(client.visits.getIfAvailable()).isNull();
		});
	}

	@Test
	void journalIsOpenUntilTheLastBeanIsGone() {
		startAheadOfTime((context) -> {
			Journal journal = context.getBean(Journal.class);
			assertThat(journal).isSameAs(context.getBean("orders"));
			assertThat(journal.isOpen()).isTrue();
			assertThat(this.directory.resolve("orders")).isDirectoryContaining("glob:**.segment");
			context.close();
			assertThat(journal.isOpen()).isFalse();
		});
	}

	@Test
	void filesHaveTheirSettings() {
		startAheadOfTime((context) -> {
			assertThat(context.getBean("counters", Mmap.class).size()).isEqualTo(8192);
			assertThat(this.directory.resolve("journal.log")).isEmptyFile();
		});
	}

	@Test
	void fileMayBeWrittenToWhileItsClientIsDestroyed() {
		startAheadOfTime((context) -> {
			Clients clients = context.getBean(Clients.class);
			context.close();
			assertThat(clients.byParameterName.isOpen()).isFalse();
			assertThat(this.directory.resolve("journal.log")).content().contains("bye");
		});
	}

	@Test
	void fileMayBeWrittenToByBeansThatSpringDoesNotKnowToUseIt() {
		startAheadOfTime((context) -> {
			assertThat(context.getBeanFactory().getDependenciesForBean("lazyClient")).doesNotContain("journal");
			context.close();
			assertThat(this.directory.resolve("journal.log")).content().contains("bye", "lazy", "provider");
		});
	}

	@Test
	void missingFileStopsTheStartUp() {
		this.properties = this.properties.and("yammap.files.table.path=table.bin",
				"yammap.files.table.access=read-only");
		processAheadOfTime((hints, initializer) -> assertThatExceptionOfType(BeanCreationException.class)
			.isThrownBy(() -> start(initializer))
			.withStackTraceContaining("table.bin")
			.withStackTraceContaining(NoSuchFileException.class.getName()));
	}

	@Test
	void whatThereIsWasDecidedAheadOfTimeAndHowItIsOpenedIsAtStart() {
		processAheadOfTime((hints, initializer) -> {
			this.properties = this.properties.and("yammap.files.late.path=late.bin", "yammap.enabled=false", PRIMARY,
					"yammap.files.counters.size=4KB", "yammap.files.counters.path=elsewhere.bin");
			try (GenericApplicationContext context = start(initializer)) {
				assertThat(context.getBeansOfType(Mmap.class)).containsOnlyKeys("journal", "counters");
				assertThat(context.getBeanDefinition("counters").isPrimary()).isFalse();
				Mmaps mmaps = context.getBean(Mmaps.class);
				assertThat(mmaps.names()).contains("late");
				assertThat(mmaps.get("late").isOpen()).isTrue();
				assertThat(mmaps.get("counters").size()).isEqualTo(4096);
				assertThat(this.directory.resolve("elsewhere.bin")).hasSize(4096);
			}
		});
	}

	@Test
	void propertiesCanBeBoundInANativeImage() {
		processAheadOfTime((hints, initializer) -> {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(YammapProperties.class, "setBaseDir"))
				.accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(YammapProperties.class, "getFiles"))
				.accepts(hints);
			for (String setter : new String[] { "setPath", "setAccess", "setSize" }) {
				assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(FileProperties.class, setter))
					.accepts(hints);
			}
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(FileProperties.Sync.class, "setOnWrite"))
				.accepts(hints);
			assertThat(
					RuntimeHintsPredicates.reflection().onMethodInvocation(JournalProperties.class, "setSegmentSize"))
				.accepts(hints);
			assertThat(
					RuntimeHintsPredicates.reflection().onMethodInvocation(JournalProperties.Retention.class, "setAge"))
				.accepts(hints);
		});
	}

	@Test
	void endpointCanBeWrittenAsJsonInANativeImage() {
		processAheadOfTime((hints, initializer) -> {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(YammapEndpoint.class, "resources"))
				.accepts(hints);
			assertThat(
					RuntimeHintsPredicates.reflection().onMethodInvocation(YammapEndpoint.FileDescriptor.class, "path"))
				.accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(JournalDescriptor.class, "lags"))
				.accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(JournalDescriptor.RecoveryDescriptor.class, "tornBytes")).accepts(hints);
		});
	}

	private void startAheadOfTime(Consumer<GenericApplicationContext> started) {
		processAheadOfTime((hints, initializer) -> {
			try (GenericApplicationContext context = start(initializer)) {
				started.accept(context);
			}
		});
	}

	private GenericApplicationContext start(ApplicationContextInitializer<GenericApplicationContext> initializer) {
		GenericApplicationContext context = new GenericApplicationContext();
		this.properties.applyTo(context);
		initializer.initialize(context);
		context.refresh();
		return context;
	}

	/**
	 * Does what the build does, and compiles what it generates.
	 */
	@SuppressWarnings("unchecked")
	private void processAheadOfTime(
			BiConsumer<RuntimeHints, ApplicationContextInitializer<GenericApplicationContext>> result) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		this.properties.applyTo(context);
		context.register(Application.class);
		TestGenerationContext generation = new TestGenerationContext(ClassName.get(Application.class));
		ClassName initializer = processAheadOfTime(context, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem()
			.with(generation)
			.compile((compiled) -> result.accept(generation.getRuntimeHints(),
					compiled.getInstance(ApplicationContextInitializer.class, initializer.canonicalName())));
	}

	private static ClassName processAheadOfTime(GenericApplicationContext context, GenerationContext generation) {
		System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
		try {
			return new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		finally {
			System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
		}
	}

	private static Map<String, Description> describe(GenericApplicationContext context) {
		Map<String, Description> beans = new TreeMap<>();
		for (String name : context.getBeanDefinitionNames()) {
			Object bean = context.getBean(name);
			if (TrackedResources.isResource(bean) || bean.getClass().getPackageName().startsWith(STARTER)) {
				beans.put(name, Description.of(context.getBeanFactory().getMergedBeanDefinition(name), bean));
			}
		}
		return beans;
	}

	/**
	 * What must be the same of a bean.
	 */
	record Description(Class<?> type, boolean primary, boolean lazy, boolean singleton, int role,
			@Nullable Object exposedInterfaces) {

		static Description of(BeanDefinition definition, Object bean) {
			return new Description(bean.getClass(), definition.isPrimary(), definition.isLazyInit(),
					definition.isSingleton(), definition.getRole(),
					definition.getAttribute(AutoProxyUtils.EXPOSED_INTERFACES_ATTRIBUTE));
		}

	}

	/**
	 * The application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ YammapAutoConfiguration.class, YammapEndpointAutoConfiguration.class,
			YammapHealthContributorAutoConfiguration.class, YammapMetricsAutoConfiguration.class })
	static class Application {

		@Bean
		static MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		static DisposableBean lazyClient(@Lazy Mmap journal) {
			return () -> journal.write("lazy".getBytes(StandardCharsets.UTF_8));
		}

		@Bean
		static DisposableBean providerClient(@Qualifier("journal") ObjectProvider<Mmap> journal) {
			return () -> journal.getObject().write("provider".getBytes(StandardCharsets.UTF_8));
		}

		@Bean(destroyMethod = "sayGoodbye")
		Clients clients(Mmap journal, @MappedFile("journal") Mmap b, @Qualifier("journal") Mmap c,
				Map<String, Mmap> all) {
			return new Clients(journal, b, c, all);
		}

	}

	/**
	 * A bean that uses a journal if there is one.
	 */
	record OptionalClient(ObjectProvider<Journal> visits) {
	}

	/**
	 * A bean that uses the files.
	 */
	record Clients(Mmap byParameterName, Mmap byMappedFile, Mmap byQualifier, Map<String, Mmap> all) {

		void sayGoodbye() throws IOException {
			this.byParameterName.write("bye".getBytes(StandardCharsets.UTF_8));
		}

	}

}
