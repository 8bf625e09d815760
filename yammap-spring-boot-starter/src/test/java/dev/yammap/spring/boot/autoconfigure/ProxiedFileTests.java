package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.observation.YammapObservationAutoConfiguration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.RootClassFilter;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a file keeps its meters whoever wraps its bean, that meter registries may
 * need files, and that contexts may share a registry.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProxiedFileTests {

	private static final String[] EVENTS = { "yammap.sync", "yammap.sync.age", "yammap.sync.coalesced", "yammap.errors",
			"yammap.grows", "yammap.write.failures" };

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class));

	@BeforeEach
	void configureFile() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log");
	}

	private static void assertMeasured(MeterRegistry registry, Mmap journal) throws IOException {
		double before = syncs(registry);
		journal.sync();
		assertThat(syncs(registry)).isEqualTo(before + 1);
		for (String meter : EVENTS) {
			assertThat(registry.find(meter).tag("file", "journal").meters()).as(meter).isNotEmpty();
		}
		assertThat(registry.get("yammap.file.size").tag("file", "journal").gauges()).hasSize(1);
	}

	private static double syncs(MeterRegistry registry) {
		return registry.get("yammap.sync").tag("file", "journal").tag("outcome", "success").timer().count();
	}

	@Test
	void proxyOfAPostProcessorKeepsTheMeters() {
		withRegistry().withBean(Wrapper.class, () -> new Wrapper(Wrapper::proxy)).run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			assertThat(Proxy.isProxyClass(journal.getClass())).isTrue();
			assertMeasured(context.getBean(MeterRegistry.class), journal);
		});
	}

	@Test
	void spyKeepsTheMeters() {
		withRegistry().withBean(Wrapper.class, () -> new Wrapper(Mockito::spy)).run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			assertThat(Mockito.mockingDetails(journal).isSpy()).isTrue();
			assertMeasured(context.getBean(MeterRegistry.class), journal);
			Mockito.verify(journal).sync();
		});
	}

	@Test
	void aspectThatMatchesFilesAppliesToThem() {
		withRegistry().withUserConfiguration(Aspect.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Mmap journal = context.getBean("journal", Mmap.class);
			assertMeasured(context.getBean(MeterRegistry.class), journal);
			assertThat(context.getBean(Calls.class).names).contains("sync");
		});
	}

	@Test
	void channelOfAFileThatIsWrappedIsThatOfTheFile() {
		for (UnaryOperator<Mmap> wrapping : List.<UnaryOperator<Mmap>>of(Wrapper::proxy, Mockito::spy)) {
			withRegistry().withBean(Wrapper.class, () -> new Wrapper(wrapping))
				.run((context) -> assertChannelWorks(context.getBean(MeterRegistry.class),
						context.getBean(Mmap.class)));
		}
		withRegistry().withUserConfiguration(Aspect.class).run((context) -> {
			assertChannelWorks(context.getBean(MeterRegistry.class), context.getBean("journal", Mmap.class));
			assertThat(context.getBean(Calls.class).names).contains("channel");
		});
	}

	private static void assertChannelWorks(MeterRegistry registry, Mmap journal) throws IOException {
		double before = syncs(registry);
		long size = journal.size();
		try (FileChannel channel = journal.channel(); FileLock lock = channel.lock(0, 10, false)) {
			assertThat(channel.position(size).write(ByteBuffer.wrap(new byte[] { 1, 2, 3 }))).isEqualTo(3);
			channel.force(true);
			assertThat(lock.isValid()).isTrue();
			assertThat(channel.map(FileChannel.MapMode.READ_ONLY, size, 3).get(2)).isEqualTo((byte) 3);
		}
		assertThat(journal.size()).isEqualTo(size + 3);
		assertThat(syncs(registry)).isEqualTo(before + 1);
	}

	@Test
	void aspectAppliesToFilesOfTheApplicationsOwn() {
		withRegistry().withUserConfiguration(Aspect.class, OwnFile.class).run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean("own", Mmap.class).sync();
			assertThat(context.getBean(Calls.class).names).contains("sync");
		});
	}

	@Test
	void meterFilterMayNeedAFile() {
		withRegistry().withUserConfiguration(FilterOnFile.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertMeasured(context.getBean(MeterRegistry.class), context.getBean(Mmap.class));
			assertThat(context.getBean(MeterRegistry.class).find("filtered").meters()).isEmpty();
		});
	}

	@Test
	void meterRegistryMayNeedAFile() {
		this.contextRunner.withUserConfiguration(RegistryOnFile.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertMeasured(context.getBean(MeterRegistry.class), context.getBean(Mmap.class));
		});
	}

	@Test
	void meterRegistryMayNeedAFileOfTheApplicationsOwn() throws IOException {
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		this.contextRunner.withBean("journal", Mmap.class, () -> own)
			.withUserConfiguration(RegistryOnFile.class)
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).get("yammap.file.size").tag("file", "journal").gauge().value())
				.isEqualTo(64));
	}

	@Test
	void whatObservesMayNeedAFile() {
		this.contextRunner
			.withConfiguration(
					AutoConfigurations.of(ObservationAutoConfiguration.class, YammapObservationAutoConfiguration.class))
			.withPropertyValues("yammap.observation-enabled=true")
			.withUserConfiguration(ObservationOnFile.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(Mmap.class).sync();
				assertThat(context.getBean(Calls.class).names).containsExactly("yammap.file.sync");
				assertThat(context).hasSingleBean(ObservationRegistry.class);
			});
	}

	@Test
	void contextsWithOneRegistryAreCountedTogetherAndTheSecondFileOfANameIsMeasuredAfterTheFirst(
			CapturedOutput output) {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		ApplicationContextRunner sharing = sharing(registry);
		sharing.run((first) -> sharing.withPropertyValues("yammap.files.journal.path=second.log").run((second) -> {
			Gauge open = registry.get("yammap.files.open").gauge();
			assertThat(open.value()).isEqualTo(2);
			assertThat(output.getOut()
				.lines()
				.filter((line) -> line.contains("WARN") && line.contains("Another mapped file 'journal'"))).hasSize(1);
			assertMeasured(registry, first.getBean(Mmap.class));
			Mmap journal = second.getBean(Mmap.class);
			journal.truncate(10);
			assertThat(size(registry)).isZero();
			close(first);
			assertThat(open.value()).isOne();
			assertThat(size(registry)).isEqualTo(10);
			assertMeasured(registry, journal);
			close(second);
			assertThat(registry.getMeters()).isEmpty();
		}));
	}

	@Test
	void secondContextThatClosesFirstLeavesTheMetersOfTheFirst() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		ApplicationContextRunner sharing = sharing(registry);
		sharing.run((first) -> {
			sharing.withPropertyValues("yammap.files.journal.path=second.log").run((_) -> {
			});
			assertThat(registry.get("yammap.files.open").gauge().value()).isOne();
			assertMeasured(registry, first.getBean(Mmap.class));
		});
		assertThat(registry.getMeters()).isEmpty();
	}

	/** Without what would close the registry with the first context. */
	private ApplicationContextRunner sharing(MeterRegistry registry) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class))
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log")
			.withBean(MeterRegistry.class, () -> registry, (definition) -> definition.setDestroyMethodName(""));
	}

	private static double size(MeterRegistry registry) {
		return registry.get("yammap.file.size").tag("file", "journal").gauge().value();
	}

	private static void close(AssertableApplicationContext context) {
		context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
	}

	private ApplicationContextRunner withRegistry() {
		return this.contextRunner.withBean(SimpleMeterRegistry.class);
	}

	/**
	 * Wraps each file.
	 */
	static class Wrapper implements BeanPostProcessor {

		private final UnaryOperator<Mmap> wrapping;

		Wrapper(UnaryOperator<Mmap> wrapping) {
			this.wrapping = wrapping;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof Mmap file) ? this.wrapping.apply(file) : bean;
		}

		static Mmap proxy(Mmap file) {
			return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
					(proxy, method, arguments) -> {
						try {
							return method.invoke(file, arguments);
						}
						catch (InvocationTargetException ex) {
							throw Objects.requireNonNull(ex.getCause());
						}
					});
		}

	}

	/**
	 * What was called.
	 */
	static class Calls {

		final List<String> names = new ArrayList<>();

	}

	@Configuration(proxyBeanMethods = false)
	static class Aspect {

		@Bean
		static Calls calls() {
			return new Calls();
		}

		/** As Spring Boot configures it. */
		@Bean
		static DefaultAdvisorAutoProxyCreator proxyCreator() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		static DefaultPointcutAdvisor advisor(Calls calls) {
			StaticMethodMatcherPointcut files = new StaticMethodMatcherPointcut() {

				@Override
				public boolean matches(Method method, Class<?> targetClass) {
					return true;
				}

			};
			files.setClassFilter(new RootClassFilter(Mmap.class));
			MethodInterceptor interceptor = (call) -> {
				calls.names.add(call.getMethod().getName());
				return call.proceed();
			};
			return new DefaultPointcutAdvisor(files, interceptor);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFile {

		@Bean
		Mmap own(Environment environment) throws IOException {
			return Mmap.create(Path.of(environment.getRequiredProperty("yammap.base-dir"), "own"), 64);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FilterOnFile {

		@Bean
		MeterFilter filter(Mmap journal) {
			return MeterFilter.denyNameStartsWith(journal.isOpen() ? "filtered" : "yammap");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RegistryOnFile {

		@Bean
		MeterRegistry registry(Mmap journal) {
			assertThat(journal.isOpen()).isTrue();
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ObservationOnFile {

		@Bean
		Calls calls() {
			return new Calls();
		}

		@Bean
		ObservationPredicate predicate(Mmap journal, Calls calls) {
			return (name, _) -> {
				calls.names.add(name);
				return journal.isOpen();
			};
		}

	}

}
