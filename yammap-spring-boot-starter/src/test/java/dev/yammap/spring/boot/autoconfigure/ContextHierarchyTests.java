package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.Healths;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for application contexts with a parent, as {@code SpringApplicationBuilder} makes
 * them: they share properties and auto-configurations.
 */
class ContextHierarchyTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final List<String> opened = new ArrayList<>();

	private final EventLog log = new EventLog();

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(YammapAutoConfiguration.class, YammapHealthContributorAutoConfiguration.class,
					YammapEndpointAutoConfiguration.class, YammapMetricsAutoConfiguration.class));

	private ApplicationContextRunner parentRunner = this.contextRunner;

	@BeforeEach
	void configure() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log", "management.endpoints.web.exposure.include=yammap");
		this.parentRunner = this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withBean(EventLog.class, () -> this.log)
			.withBean("opens", MmapBuilderCustomizer.class, () -> this::listen);
	}

	private void listen(String name, Path path, Mmap.Builder builder) {
		builder.listener(new MmapListener() {

			@Override
			public void opened(Mmap file) {
				ContextHierarchyTests.this.opened.add(name);
			}

		});
	}

	@Test
	void childHasTheFileOfTheParent() {
		withChild((parent, child) -> {
			assertThat(this.opened).containsExactly("journal");
			assertThat(child.getBean("journal", Mmap.class)).isSameAs(parent.getBean("journal", Mmap.class));
			assertThat(child.getBean(Mmap.class)).isSameAs(parent.getBean(Mmap.class));
			assertThat(child.getBeanProvider(Mmap.class).stream()).hasSize(1);
			assertThat(child.getBean(Mmaps.class)).isNotSameAs(parent.getBean(Mmaps.class));
			assertThat(child.getBean(Mmaps.class).openFiles()).isEqualTo(parent.getBean(Mmaps.class).openFiles());
			assertThat(child.getBean(User.class).journal).isSameAs(parent.getBean("journal"));
		});
	}

	@Test
	void endOfTheChildIsNoneOfTheFile() {
		withChild((parent, child) -> {
			Mmap journal = parent.getBean(Mmap.class);
			child.stop();
			close(child);
			assertThat(this.log.events).isEmpty();
			assertThat(journal.isOpen()).isTrue();
			assertThat(parent.getBean(Mmaps.class).openFiles()).containsOnlyKeys("journal");
			assertThat(meters(parent)).contains("yammap.file.size journal").doesNotHaveDuplicates();
		});
		assertThat(this.log.events).containsExactly("synced journal.log", "closed journal.log");
	}

	@Test
	void childClosesTheFilesOfItsOwn() {
		withChild((parent, child) -> {
			Mmap own = child.getBean("own", Mmap.class);
			assertThat(this.opened).containsExactly("journal", "own");
			assertThat(parent.getBean(Mmaps.class).names()).containsExactly("journal");
			assertThat(child.getBean(Mmaps.class).names()).containsExactly("journal", "own");
			close(child);
			assertThat(own.isOpen()).isFalse();
			assertThat(this.log.events).containsExactly("synced own", "closed own");
		}, "yammap.files.own.path=own");
	}

	@Test
	void fileOfAnotherPathIsTheChildsOwn() {
		withChild((parent, child) -> {
			assertThat(child.getBean("journal", Mmap.class)).isNotSameAs(parent.getBean("journal", Mmap.class));
			assertThat(child.getBean(Mmap.class).path()).isEqualTo(this.directory.resolve("other.log"));
			close(child);
			assertThat(parent.getBean(Mmap.class).isOpen()).isTrue();
		}, "yammap.files.journal.path=other.log");
	}

	@Test
	void filesOfTheChildHaveMetersAsLongAsItLives() {
		withChild((parent, child) -> {
			MeterRegistry meters = parent.getBean(MeterRegistry.class);
			assertThat(meters.get("yammap.files.open").gauge().value()).isEqualTo(2);
			child.getBean("own", Mmap.class).sync();
			assertThat(syncs(meters, "own")).isOne();
			assertThat(meters.get("yammap.file.size").tag("file", "own").gauges()).hasSize(1);
			close(child);
			assertThat(meters.get("yammap.files.open").gauge().value()).isOne();
			assertThat(meters.find("yammap.file.size").tag("file", "own").gauges()).isEmpty();
			assertThat(meters.find("yammap.file.size").tag("file", "journal").gauges()).hasSize(1);
		}, "yammap.files.own.path=own");
	}

	@Test
	void ofTwoFilesOfOneNameThatOfTheParentIsMeasured() {
		withChild((parent, child) -> {
			MeterRegistry meters = parent.getBean(MeterRegistry.class);
			child.getBean("journal", Mmap.class).sync();
			assertThat(syncs(meters, "journal")).isZero();
			assertThat(meters.get("yammap.files.open").gauge().value()).isEqualTo(2);
			close(child);
			parent.getBean("journal", Mmap.class).sync();
			assertThat(syncs(meters, "journal")).isOne();
			assertThat(meters.find("yammap.file.size").tag("file", "journal").gauges()).hasSize(1);
		}, "yammap.files.journal.path=other.log");
	}

	@Test
	void filesOfTheParentAreMeasuredThereAlsoWhereTheChildHasNone() {
		withChild((parent, child) -> {
			assertThat(child.getBeansOfType(Mmaps.class)).isEmpty();
			MeterRegistry meters = parent.getBean(MeterRegistry.class);
			Mmap journal = parent.getBean("journal", Mmap.class);
			journal.sync();
			assertThat(syncs(meters, "journal")).isOne();
			close(child);
			journal.sync();
			assertThat(syncs(meters, "journal")).isEqualTo(2);
		}, "yammap.enabled=false");
	}

	private static long syncs(MeterRegistry meters, String file) {
		return meters.get("yammap.sync").tags("file", file, "outcome", "success").timer().count();
	}

	@Test
	void pathOfAFileOfTheParentUnderAnotherNameFailsTheChildAlone() {
		this.parentRunner.run((parent) -> {
			this.contextRunner.withParent(parent)
				.withPropertyValues("yammap.files.copy.path=journal.log")
				.run((child) -> assertThat(child).getFailure().rootCause().isInstanceOf(InvalidFileException.class));
			assertThat(parent.getBean(Mmap.class).isOpen()).isTrue();
		});
	}

	@Test
	void fileIsFoundOverGenerations() {
		withChild((parent, child) -> this.contextRunner.withParent(child).run((grandchild) -> {
			assertThat(grandchild.getBean(Mmap.class)).isSameAs(parent.getBean(Mmap.class));
			assertThat(this.opened).containsExactly("journal");
			close(grandchild);
			assertThat(parent.getBean(Mmap.class).isOpen()).isTrue();
		}));
	}

	@Test
	void childrenOneAfterTheOtherHaveTheSameFile() {
		this.parentRunner.run((parent) -> {
			for (int i = 0; i < 3; i++) {
				this.contextRunner.withParent(parent)
					.run((child) -> assertThat(child.getBean(Mmap.class)).isSameAs(parent.getBean(Mmap.class)));
			}
			assertThat(this.opened).containsExactly("journal");
			assertThat(parent.getBean(Mmap.class).isOpen()).isTrue();
		});
	}

	@Test
	void childOfAParentWithoutFilesHasItsOwn() {
		new ApplicationContextRunner().run((parent) -> this.contextRunner.withParent(parent).run((child) -> {
			assertThat(child.getBean(Mmap.class).isOpen()).isTrue();
			assertThat(child.getBean(Mmaps.class).names()).containsExactly("journal");
		}));
	}

	@Test
	void fileIsShownAndMeasuredOnce() {
		withChild((parent, child) -> {
			assertThat(Healths.all(child)).containsOnlyKeys("journal");
			assertThat(Healths.all(parent)).containsOnlyKeys("journal");
			assertThat(child.getBean(TrackedResources.class).openFiles()).hasSize(1);
			assertThat(child.getBean(TrackedResources.class).files().get("journal"))
				.isSameAs(parent.getBean(TrackedResources.class).files().get("journal"));
			assertThat(meters(parent)).doesNotHaveDuplicates().contains("yammap.file.size journal");
			assertThat(parent.getBean(MeterRegistry.class).get("yammap.files.open").gauge().value()).isOne();
		});
	}

	@Test
	void fileIsSyncedAtItsIntervalByTheParentAlone() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.files.journal.sync.interval=1h");
		this.parentRunner = this.parentRunner.withPropertyValues("yammap.files.journal.sync.interval=1h");
		withChild((parent, child) -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.containsOnlyOnce("yammap-sync"));
	}

	private void withChild(Check check, String... properties) {
		this.parentRunner.run((parent) -> this.contextRunner.withParent(parent)
			.withUserConfiguration(Child.class)
			.withPropertyValues(properties)
			.run(check.in(parent)));
	}

	private static List<String> meters(AssertableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().equals("yammap.file.size"))
			.map((id) -> id.getName() + " " + id.getTag("file"))
			.toList();
	}

	private static void close(AssertableApplicationContext context) {
		context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
	}

	@FunctionalInterface
	private interface Check {

		void check(AssertableApplicationContext parent, AssertableApplicationContext child) throws Throwable;

		default ContextConsumer<AssertableApplicationContext> in(AssertableApplicationContext parent) {
			return (child) -> {
				assertThat(child).hasNotFailed();
				check(parent, child);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(User.class)
	static class Child {

	}

	static class User {

		final Mmap journal;

		User(Mmap journal) {
			this.journal = journal;
		}

	}

}
