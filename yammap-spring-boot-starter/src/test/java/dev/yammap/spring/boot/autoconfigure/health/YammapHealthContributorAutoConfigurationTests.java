package dev.yammap.spring.boot.autoconfigure.health;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.health.YammapHealthContributor;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.Healths;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link YammapHealthContributorAutoConfiguration} and
 * {@link YammapHealthContributor}.
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
	void contributorIsThere() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(YammapHealthContributor.class));
	}

	@Test
	void contributorIsNotThereWhenDisabled() {
		this.contextRunner.withPropertyValues("management.health.yammap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(YammapHealthContributor.class));
	}

	@Test
	void contributorIsNotThereWhenDefaultsAreDisabled() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(YammapHealthContributor.class));
	}

	@Test
	void contributorIsNotThereWithoutFileStates() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(YammapHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(YammapHealthContributor.class));
	}

	@Test
	void contributorBacksOffFromIndicatorOfItsName() {
		this.contextRunner
			.withBean("yammapHealthIndicator", HealthIndicator.class, () -> () -> Health.unknown().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class)
				.doesNotHaveBean(YammapHealthContributor.class));
	}

	@Test
	void upWithDetailsOfEachFile() {
		this.contextRunner.run((context) -> {
			assertThat(Healths.all(context)).containsOnlyKeys("journal", "counters")
				.allSatisfy((_, health) -> assertThat(health.getStatus()).isEqualTo(Status.UP));
			assertThat(Healths.of(context, "journal").getDetails())
				.isEqualTo(Map.of("path", path("journal.log").toString(), "open", true, "size", 0L));
			assertThat(Healths.of(context, "counters").getDetails())
				.isEqualTo(Map.of("path", path("counters").toString(), "open", true, "size", 64L));
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
				Health health = Healths.of(context, "journal");
				assertThat(health.getStatus()).isEqualTo(Status.DOWN);
				assertThat(health.getDetails()).asString().contains("It could not be opened: ");
				Files.createDirectory(path("missing"));
				context.getBean("journal");
				assertThat(Healths.status(context)).isEqualTo(Status.UP);
			});
	}

	@Test
	void contributorBacksOffFromContributorOfItsName() {
		this.contextRunner
			.withBean("yammapHealthContributor", HealthIndicator.class, () -> () -> Health.unknown().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthIndicator.class)
				.doesNotHaveBean(YammapHealthContributor.class));
	}

	@Test
	void healthGroupCanHaveASingleFile() {
		withEndpoint()
			.withPropertyValues("management.endpoint.health.group.readiness.include=yammap/journal",
					"management.endpoint.health.group.files.include=yammap")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
				state(context, "counters").faulted(context.getBean("counters", Mmap.class),
						new MappedFaultException("page gone", null));
				assertThat(status(endpoint.healthForPath("readiness"))).isEqualTo(Status.UP);
				assertThat(status(endpoint.healthForPath("files"))).isEqualTo(Status.DOWN);
				assertThat(status(endpoint.healthForPath("yammap", "journal"))).isEqualTo(Status.UP);
				assertThat(status(endpoint.healthForPath("yammap", "counters"))).isEqualTo(Status.DOWN);
				assertThat(endpoint.healthForPath("yammap", "other")).isNull();
				state(context, "journal").synced(context.getBean("journal", Mmap.class), Duration.ZERO,
						new IOException("disk on fire"));
				assertThat(status(endpoint.healthForPath("readiness"))).isEqualTo(Status.DOWN);
			});
	}

	@Test
	void groupWithAFileThatIsNotThereStopsTheStart() {
		withEndpoint().withPropertyValues("management.endpoint.health.group.readiness.include=yammap/jurnal")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("yammap/jurnal"));
	}

	@Test
	void applicationWithoutFilesIsUp() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class,
					YammapHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(status(context.getBean(HealthEndpoint.class).health())).isEqualTo(Status.UP));
	}

	private ApplicationContextRunner withEndpoint() {
		return this.contextRunner
			.withConfiguration(AutoConfigurations.of(HealthContributorAutoConfiguration.class,
					HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=health");
	}

	private static Status status(@Nullable HealthDescriptor health) {
		return Objects.requireNonNull(health).getStatus();
	}

	@Test
	void checkSyncsNothing() {
		this.contextRunner.run((context) -> {
			Healths.all(context);
			assertThat(this.log.events).isEmpty();
		});
	}

	@Test
	void downAfterFailedSync() {
		this.contextRunner.run((context) -> {
			state(context, "journal").synced(context.getBean("journal", Mmap.class), Duration.ZERO,
					new IOException("disk on fire"));
			assertDown(context, "journal", "A sync failed: disk on fire");
		});
	}

	@Test
	void downAfterFault() {
		this.contextRunner.run((context) -> {
			state(context, "counters").faulted(context.getBean("counters", Mmap.class),
					new MappedFaultException("page gone", null));
			assertDown(context, "counters", "A fault was met: page gone");
		});
	}

	@Test
	void downWhileFileIsRemoved() {
		this.contextRunner.run((context) -> {
			Files.delete(path("counters"));
			assertDown(context, "counters", "It was removed: no file is at its path");
		});
	}

	@Test
	void downWhenOwnMmapBeanIsReplaced() throws IOException {
		Mmap own = Mmap.create(path("own"), 64);
		this.contextRunner.withBean("own", Mmap.class, () -> own).run((context) -> {
			assertThat(Healths.status(context)).isEqualTo(Status.UP);
			Files.delete(path("own"));
			Files.write(path("own"), new byte[64]);
			assertDown(context, "own", "It was replaced: its path leads to another file than the one that is open");
		});
	}

	@Test
	void upWhenTheApplicationClosedFile() {
		this.contextRunner.run((context) -> {
			context.getBean("journal", Mmap.class).close();
			assertThat(Healths.status(context)).isEqualTo(Status.UP);
			assertThat(Healths.of(context, "journal").getDetails()).containsEntry("open", false);
		});
	}

	@Test
	void journalIsUpWithWhatWasFoundWhenItWasOpened() throws IOException {
		try (Journal journal = Journal.builder(path("orders")).segmentSize(65536).open()) {
			journal.appendAndSync(new byte[1]);
		}
		tearEnd(path("orders"));
		withJournal().run((context) -> {
			Health health = Healths.of(context, "orders");
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("path", path("orders").toString())
				.containsEntry("open", true)
				.containsEntry("size", 65536L);
			assertThat(health.getDetails().get("warnings")).asInstanceOf(InstanceOfAssertFactories.LIST)
				.singleElement()
				.asString()
				.startsWith("Its end was torn when it was opened: ");
		});
	}

	/** Puts a part of a record behind the last one, as a power cut does. */
	private static void tearEnd(Path directory) throws IOException {
		Path segment;
		try (Journal journal = Journal.open(directory)) {
			journal.append(new byte[100]);
			segment = journal.segments().getFirst().file();
			Path cut = directory.resolveSibling("cut");
			Files.createDirectory(cut);
			try (Stream<Path> files = Files.list(directory)) {
				for (Path file : files.toList()) {
					Files.copy(file, cut.resolve(file.getFileName()));
				}
			}
		}
		Path cut = directory.resolveSibling("cut");
		try (Mmap file = Mmap.open(cut.resolve(segment.getFileName()), StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			// Somewhere in the second record.
			file.set(ValueLayout.JAVA_BYTE, 4096 + 100, (byte) 1);
		}
		FileSystemUtils.deleteRecursively(directory);
		Files.move(cut, directory);
	}

	@Test
	void downAfterFailedSyncOfJournal() {
		withJournal().run((context) -> {
			TrackedJournal state = Objects
				.requireNonNull(context.getBean(TrackedResources.class).journals().get("orders"));
			state.synced(context.getBean(Journal.class), Duration.ZERO, new IOException("disk on fire"));
			assertDown(context, "orders", "A sync failed: disk on fire");
		});
	}

	@Test
	void downAfterFailedAppendUntilOneSucceeds() {
		withJournal().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			Objects.requireNonNull(context.getBean(TrackedResources.class).journals().get("orders"))
				.appendFailed(journal, new IOException("disk full"));
			assertDown(context, "orders", "A write failed: disk full");
			journal.append(new byte[1]);
			assertThat(Healths.status(context)).isEqualTo(Status.UP);
		});
	}

	private ApplicationContextRunner withJournal() {
		return this.contextRunner.withPropertyValues("yammap.journals.orders.path=orders",
				"yammap.journals.orders.segment-size=64KB");
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private TrackedFile state(ApplicationContext context, String name) {
		return Objects.requireNonNull(context.getBean(TrackedResources.class).files().get(name));
	}

	private void assertDown(ApplicationContext context, String name, String problem) {
		assertThat(Healths.of(context, name).getStatus()).isEqualTo(Status.DOWN);
		assertThat(Healths.of(context, name).getDetails()).containsEntry("problems", List.of(problem));
		Map<String, Health> others = Healths.all(context);
		others.remove(name);
		assertThat(others).isNotEmpty().allSatisfy((_, health) -> {
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).doesNotContainKey("problems");
		});
	}

}
