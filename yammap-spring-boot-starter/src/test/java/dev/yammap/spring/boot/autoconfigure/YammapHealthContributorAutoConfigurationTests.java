package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link YammapHealthContributorAutoConfiguration} and
 * {@link YammapHealthIndicator}.
 */
class YammapHealthContributorAutoConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final EventLog log = new EventLog();

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(YammapAutoConfiguration.class, YammapHealthContributorAutoConfiguration.class));

	@BeforeEach
	void configureFiles() {
		this.contextRunner = this.contextRunner.withBean(EventLog.class, () -> this.log)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.counters.path=counters", "yammap.files.counters.size=64B");
	}

	@Test
	void indicatorIsThere() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(YammapHealthIndicator.class));
	}

	@Test
	void indicatorIsNotThereWhenDisabled() {
		this.contextRunner.withPropertyValues("management.health.yammap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(YammapHealthIndicator.class));
	}

	@Test
	void indicatorIsNotThereWhenDefaultsAreDisabled() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(YammapHealthIndicator.class));
	}

	@Test
	void indicatorIsNotThereWithoutFileStates() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(YammapHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(YammapHealthIndicator.class));
	}

	@Test
	void indicatorBacksOffFromBeanOfItsName() {
		this.contextRunner
			.withBean("yammapHealthIndicator", HealthIndicator.class, () -> () -> Health.unknown().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class)
				.doesNotHaveBean(YammapHealthIndicator.class));
	}

	@Test
	void upWithDetailsOfEachFile() {
		this.contextRunner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails())
				.containsEntry("journal",
						Map.of("status", "UP", "path", path("journal.log").toString(), "open", true, "size", 0L))
				.containsEntry("counters",
						Map.of("status", "UP", "path", path("counters").toString(), "open", true, "size", 64L))
				.hasSize(2);
		});
	}

	@Test
	void downWhereAFileThatIsOpenedLateCouldNotBe() {
		this.contextRunner
			.withPropertyValues("yammap.files.journal.path=missing/journal.log", "yammap.create-directories=false")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> context.getBean("journal"));
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails().get("journal")).asString().contains("It could not be opened: ");
				Files.createDirectory(path("missing"));
				context.getBean("journal");
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void checkSyncsNothing() {
		this.contextRunner.run((context) -> {
			health(context);
			assertThat(this.log.events).isEmpty();
		});
	}

	@Test
	void downAfterFailedSync() {
		this.contextRunner.run((context) -> {
			state(context, "journal").synced(context.getBean("journal", Mmap.class), Duration.ZERO,
					new IOException("disk on fire"));
			assertDown(health(context), "journal", "A sync failed: disk on fire");
		});
	}

	@Test
	void downAfterFault() {
		this.contextRunner.run((context) -> {
			state(context, "counters").faulted(context.getBean("counters", Mmap.class),
					new MappedFaultException("page gone", null));
			assertDown(health(context), "counters", "A fault was met: page gone");
		});
	}

	@Test
	void downWhileFileIsRemoved() {
		this.contextRunner.run((context) -> {
			Files.delete(path("counters"));
			assertDown(health(context), "counters", "It was removed: no file is at its path");
		});
	}

	@Test
	void downWhenOwnMmapBeanIsReplaced() throws IOException {
		Mmap own = Mmap.create(path("own"), 64);
		this.contextRunner.withBean("own", Mmap.class, () -> own).run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			Files.delete(path("own"));
			Files.write(path("own"), new byte[64]);
			assertDown(health(context), "own",
					"It was replaced: its path leads to another file than the one that is open");
		});
	}

	@Test
	void upWhenTheApplicationClosedFile() {
		this.contextRunner.run((context) -> {
			context.getBean("journal", Mmap.class).close();
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(details(health(context), "journal")).containsEntry("open", false);
		});
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private Health health(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(YammapHealthIndicator.class).health());
	}

	private FileState state(ApplicationContext context, String name) {
		return Objects.requireNonNull(context.getBean(FileStates.class).find(name));
	}

	private void assertDown(Health health, String name, String problem) {
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(details(health, name)).containsEntry("status", "DOWN").containsEntry("problems", List.of(problem));
		assertThat(health.getDetails().keySet()).filteredOn((other) -> !other.equals(name))
			.allSatisfy((other) -> assertThat(details(health, other)).containsEntry("status", "UP")
				.doesNotContainKey("problems"));
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> details(Health health, String name) {
		return (Map<String, Object>) Objects.requireNonNull(health.getDetails().get(name));
	}

}
