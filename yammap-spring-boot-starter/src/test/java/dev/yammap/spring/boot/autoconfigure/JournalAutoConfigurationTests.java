package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.actuate.endpoint.JournalDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.health.YammapHealthContributor;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.aop.Advisor;
import org.springframework.aop.MethodBeforeAdvice;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for journals as beans: how they are found, opened, synced and closed.
 */
class JournalAutoConfigurationTests {

	private static final byte[] RECORD = { 1, 2, 3 };

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner runner() {
		return Contexts.in(this.directory);
	}

	private ApplicationContextRunner orders() {
		return runner().withPropertyValues("yammap.journals.orders.path=data/orders",
				"yammap.journals.orders.segment-size=64KB");
	}

	private long recordsOf(String path) throws IOException {
		try (Journal journal = Journal.open(this.directory.resolve(path))) {
			return journal.nextSequence();
		}
	}

	@Test
	void fourLinesMakeABean() {
		orders().run((context) -> {
			Journal journal = context.getBean("orders", Journal.class);
			assertThat(journal).isSameAs(context.getBean(Journal.class));
			assertThat(journal.directory()).isEqualTo(this.directory.resolve("data/orders"));
			long sequence = journal.appendAndSync(RECORD);
			journal.forEach(sequence, (record) -> assertThat(record.toByteArray()).isEqualTo(RECORD));
			assertThat(journal.segments()).singleElement()
				.satisfies((segment) -> assertThat(segment.size()).isEqualTo(64 * 1024));
		});
	}

	@Test
	void journalsAreInjectedByNameQualifierMapAndProvider() {
		orders().withPropertyValues("yammap.journals.visits.path=visits").withBean(Injected.class).run((context) -> {
			Injected injected = context.getBean(Injected.class);
			Journal orders = context.getBean("orders", Journal.class);
			Journal visits = context.getBean("visits", Journal.class);
			assertThat(injected.orders).isSameAs(orders);
			assertThat(injected.qualified).isSameAs(visits);
			assertThat(injected.all).containsOnly(Map.entry("orders", orders), Map.entry("visits", visits));
			assertThat(injected.provider.stream()).containsExactlyInAnyOrder(orders, visits);
		});
	}

	@Test
	void primaryJournalIsInjectedWhereSeveralMatch() {
		orders().withPropertyValues("yammap.journals.visits.path=visits", "yammap.journals.visits.primary=true")
			.run((context) -> assertThat(context.getBean(Journal.class)).isSameAs(context.getBean("visits")));
	}

	@Test
	void disabledJournalIsNoBean() {
		orders().withPropertyValues("yammap.journals.orders.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Journal.class));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void journalOfTheApplicationOfTheSameNameWins() throws IOException {
		try (Journal own = Journal.open(this.directory.resolve("own"))) {
			orders().withBean("orders", Journal.class, () -> own, (definition) -> definition.setDestroyMethodName(""))
				.run((context) -> assertThat(context.getBean(Journal.class)).isSameAs(own));
		}
		assertThat(this.directory.resolve("data")).doesNotExist();
	}

	@Test
	void journalIsClosedWithTheContextAndNotBefore() throws IOException {
		orders().withBean(LateWriter.class).run((context) -> context.getBean(LateWriter.class));
		assertThat(recordsOf("data/orders")).isOne();
	}

	@Test
	void closedJournalIsNotOpenedTwice() {
		orders().run((context) -> {
			context.getBean(Journal.class).close();
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Journals.class).get("orders"))
				.withMessageStartingWith("Journal 'orders'")
				.withMessageContaining("was closed by the application");
		});
	}

	@Test
	void journalIsSyncedAtIntervals() {
		orders().withPropertyValues("yammap.journals.orders.sync.interval=5ms").run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.append(RECORD);
			Threads.await(() -> journal.durableSequence() == 1);
		});
	}

	@Test
	void appendSyncsIfItIsTo() {
		orders().withPropertyValues("yammap.journals.orders.sync.on-append=true").run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.append(RECORD);
			assertThat(journal.durableSequence()).isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "portable" })
	void journalIsReadWhileAnotherContextWrites(String backend) {
		orders().withPropertyValues("yammap.journals.orders.backend=" + backend).run((writing) -> {
			writing.getBean(Journal.class).appendAndSync(RECORD);
			runner()
				.withPropertyValues("yammap.journals.orders.path=data/orders",
						"yammap.journals.orders.access=read-only", "yammap.journals.orders.backend=" + backend)
				.run((reading) -> {
					Journal journal = reading.getBean(Journal.class);
					assertThat(journal.nextSequence()).isOne();
					writing.getBean(Journal.class).append(RECORD);
					assertThat(journal.nextSequence()).isEqualTo(2);
				});
		});
	}

	@Test
	void childAndParentShareAJournal() {
		orders().run((parent) -> orders().withParent(parent).run((child) -> {
			assertThat(child).hasNotFailed();
			assertThat(child.getBean("orders")).isSameAs(parent.getBean("orders"));
			child.close();
			assertThat(parent.getBean("orders", Journal.class).isOpen()).isTrue();
		}));
	}

	@Test
	void permissionsAndRetentionAreThoseOfTheProperties() throws IOException {
		orders()
			.withPropertyValues("yammap.journals.orders.permissions=rw-r-----",
					"yammap.journals.orders.segment-size=8KB", "yammap.journals.orders.retention.size=32KB")
			.run((context) -> {
				Journal journal = context.getBean(Journal.class);
				byte[] record = new byte[3000];
				for (int i = 0; i < 100; i++) {
					journal.appendAndSync(record);
				}
				assertThat(journal.segments()).hasSizeLessThanOrEqualTo(5);
				assertThat(journal.firstSequence()).isPositive();
				assertThat(PosixFilePermissions
					.toString(Files.getPosixFilePermissions(journal.segments().getFirst().file())))
					.isEqualTo("rw-r-----");
			});
	}

	@Test
	void aspectsSeeTheCallsOfAJournal() {
		orders().withUserConfiguration(Aspect.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			assertThat(AopUtils.isJdkDynamicProxy(journal)).isTrue();
			journal.append(RECORD);
			assertThat(context.getBean(AtomicInteger.class)).hasValue(1);
		});
	}

	@Test
	void spyKeepsTheMetersOfAJournal() {
		shown().withBean(SpyingPostProcessor.class).run((context) -> {
			Journal journal = context.getBean(Journal.class);
			assertThat(Mockito.mockingDetails(journal).isSpy()).isTrue();
			journal.appendAndSync(RECORD);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("yammap.sync").tags("file", "orders", "outcome", "success").timer().count())
				.isOne();
			assertThat(registry.get("yammap.journal.records").tag("file", "orders").functionCounter().count()).isOne();
			Mockito.verify(journal).appendAndSync(RECORD);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void mockOfAJournalIsShownToo(boolean open) {
		Journal mock = Mockito.mock(Journal.class);
		Mockito.when(mock.isOpen()).thenReturn(open);
		shown().withBean("orders", Journal.class, () -> mock).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Journal.class)).isSameAs(mock);
			JournalDescriptor shown = (JournalDescriptor) context.getBean(YammapEndpoint.class).resource("orders");
			assertThat(shown).isNotNull();
			assertThat(shown.recovery()).isNull();
			assertThat(shown.backend()).isNull();
			assertThat(context.getBean(YammapHealthContributor.class).stream()).hasSize(1)
				.allSatisfy((entry) -> assertThat(((HealthIndicator) entry.contributor()).health()).isNotNull());
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.allSatisfy((meter) -> assertThat(meter.measure()).isNotEmpty());
		});
	}

	/** With all that shows a journal. */
	private ApplicationContextRunner shown() {
		return orders()
			.withConfiguration(AutoConfigurations.of(YammapMetricsAutoConfiguration.class,
					YammapHealthContributorAutoConfiguration.class, YammapEndpointAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("management.endpoints.web.exposure.include=yammap");
	}

	@Test
	void filesAndJournalsAreBesideEachOther() {
		orders().withPropertyValues("yammap.files.table.path=data/table", "yammap.files.table.size=1KB")
			.run((context) -> {
				assertThat(context.getBean(Mmap.class).size()).isEqualTo(1024);
				assertThat(context.getBean(Journal.class).isOpen()).isTrue();
			});
	}

	/**
	 * Has journals injected in all ways.
	 */
	static class Injected {

		private final Journal orders;

		private final Journal qualified;

		private final Map<String, Journal> all;

		private final ObjectProvider<Journal> provider;

		Injected(Journal orders, @Qualifier("visits") Journal qualified, Map<String, Journal> all,
				ObjectProvider<Journal> provider) {
			this.orders = orders;
			this.qualified = qualified;
			this.all = all;
			this.provider = provider;
		}

	}

	/**
	 * Appends while it is destroyed.
	 */
	static class LateWriter implements DisposableBean {

		private final Journal journal;

		LateWriter(@Lazy Journal journal) {
			this.journal = journal;
		}

		@Override
		public void destroy() throws IOException {
			this.journal.append(RECORD);
		}

	}

	/**
	 * Spies on each journal, as tests do.
	 */
	static class SpyingPostProcessor implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof Journal) ? Mockito.spy(bean) : bean;
		}

	}

	/**
	 * Counts appends.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Aspect {

		@Bean
		static AtomicInteger appends() {
			return new AtomicInteger();
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultAdvisorAutoProxyCreator proxyCreator() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			// As Spring Boot sets it.
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor counter(AtomicInteger appends) {
			NameMatchMethodPointcutAdvisor advisor = new NameMatchMethodPointcutAdvisor(
					(MethodBeforeAdvice) (_, _, _) -> appends.incrementAndGet());
			advisor.setMappedName("append");
			advisor.setClassFilter(Journal.class::isAssignableFrom);
			return advisor;
		}

	}

}
