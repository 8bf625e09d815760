package dev.yammap.spring.boot.actuate.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.EventsDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.FileDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.PageCacheDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.ReloadsDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.SettingsDescriptor;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfigurationTests;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.StubMmap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link YammapEndpoint}.
 */
class YammapEndpointTests {

	private static final EventsDescriptor NO_EVENTS = new EventsDescriptor(null, 0, 0, 0, 0);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=yammap");

	@BeforeEach
	void configureFile() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log", "yammap.files.journal.access=append");
	}

	@Test
	void filesAreListedByNameInOrderOfConfiguration() throws IOException {
		Files.writeString(path("table.bin"), "content");
		this.contextRunner
			.withPropertyValues("yammap.files.table.path=table.bin", "yammap.files.table.access=read-only")
			.run((context) -> {
				context.getBean("journal", Mmap.class).write("visit".getBytes(StandardCharsets.UTF_8));
				Map<String, FileDescriptor> files = endpoint(context).resources().files();
				assertThat(files).containsOnlyKeys("journal", "table");
				assertThat(files.keySet()).containsExactly("journal", "table");
				FileDescriptor journal = Objects.requireNonNull(files.get("journal"));
				assertThat(journal.path()).isEqualTo(path("journal.log").toString());
				assertThat(journal.managed()).isTrue();
				assertThat(journal.open()).isTrue();
				assertThat(journal.writable()).isTrue();
				assertThat(journal.size()).isEqualTo(5);
				assertThat(journal.settings()).isEqualTo(
						new SettingsDescriptor("append", "exclusive", "normal", "auto", false, null, null, false));
				assertThat(journal.events()).isEqualTo(NO_EVENTS);
				assertThat(journal.reloads()).isNull();
				assertThat(journal.problems()).isEmpty();
				FileDescriptor table = Objects.requireNonNull(files.get("table"));
				assertThat(table.path()).isEqualTo(path("table.bin").toString());
				assertThat(table.writable()).isFalse();
				assertThat(table.size()).isEqualTo(7);
				assertThat(Objects.requireNonNull(table.settings()).access()).isEqualTo("read-only");
				assertThat(table.settings().lock()).isEqualTo("none");
			});
	}

	@Test
	void backendThatIsUsedIsShown() throws IOException {
		Mmap own = Mmap.create(path("own.log"), 64);
		this.contextRunner.withBean("own", Mmap.class, () -> own)
			.withPropertyValues("yammap.files.portable.path=portable", "yammap.files.portable.backend=portable")
			.run((context) -> {
				assertThat(file(context, "journal").backend()).isEqualTo("native");
				assertThat(file(context, "own").backend()).isEqualTo("native");
				assertThat(file(context, "portable").backend()).isEqualTo("portable");
			});
	}

	@Test
	void beanThatIsRegisteredLaterIsShown() throws IOException {
		try (Mmap late = Mmap.create(path("late"), 64)) {
			this.contextRunner.run((context) -> {
				assertThat(endpoint(context).resources().files()).containsOnlyKeys("journal");
				context.getSourceApplicationContext().getBeanFactory().registerSingleton("late", late);
				assertThat(endpoint(context).resources().files()).containsOnlyKeys("journal", "late");
				assertThat(file(context, "late").size()).isEqualTo(64);
			});
		}
	}

	@Test
	void settingsAreShown() {
		this.contextRunner
			.withPropertyValues("yammap.files.journal.lock=shared", "yammap.files.journal.advice=sequential",
					"yammap.files.journal.backend=native", "yammap.files.journal.lock-in-memory=true",
					"yammap.files.journal.max-size=1KB", "yammap.files.journal.sync.interval=5s")
			.run((context) -> assertThat(file(context, "journal").settings()).isEqualTo(new SettingsDescriptor("append",
					"shared", "sequential", "native", true, 1024L, Duration.ofSeconds(5), false)));
	}

	@Test
	void reloadsOfFollowedFileAreShown() throws IOException {
		Files.writeString(path("table.bin"), "content");
		this.contextRunner
			.withPropertyValues("yammap.files.table.path=table.bin", "yammap.files.table.access=read-only",
					"yammap.files.table.reload-on-update=true")
			.run((context) -> {
				assertThat(Objects.requireNonNull(file(context, "table").settings()).reloadOnUpdate()).isTrue();
				assertThat(file(context, "table").reloads()).isEqualTo(new ReloadsDescriptor(0, null, 0, null, null));
				TrackedFile state = Objects
					.requireNonNull(context.getBean(TrackedResources.class).files().get("table"));
				Instant before = Instant.now();
				state.reloads().failed("It is gone");
				ReloadsDescriptor failing = Objects.requireNonNull(file(context, "table").reloads());
				assertThat(failing.lastFailed()).isBetween(before, Instant.now());
				assertThat(failing).isEqualTo(new ReloadsDescriptor(0, null, 1, failing.lastFailed(), "It is gone"));
				assertThat(file(context, "table").problems()).contains("It is gone");
				state.reloaded(context.getBean("table", Mmap.class));
				ReloadsDescriptor again = Objects.requireNonNull(file(context, "table").reloads());
				assertThat(again.last()).isBetween(before, Instant.now());
				assertThat(again)
					.isEqualTo(new ReloadsDescriptor(1, again.last(), 1, failing.lastFailed(), "It is gone"));
				assertThat(file(context, "table").problems()).isEmpty();
			});
	}

	@Test
	void mappedSizeAndPageCacheAreShown() {
		this.contextRunner.withPropertyValues("yammap.files.journal.max-size=1MB").run((context) -> {
			context.getBean("journal", Mmap.class).write(new byte[100]);
			FileDescriptor journal = file(context, "journal");
			assertThat(journal.mappedSize()).isEqualTo(1 << 20);
			PageCacheDescriptor pageCache = Objects.requireNonNull(journal.pageCache());
			assertThat(pageCache.cached()).isOne();
			assertThat(pageCache.pageSize()).isGreaterThanOrEqualTo(4096);
		});
	}

	@Test
	void pageCacheIsMissingWhereTheSystemDoesNotTell() {
		this.contextRunner.withPropertyValues("yammap.files.journal.backend=portable")
			.run((context) -> assertThat(file(context, "journal").pageCache()).isNull());
		assertThat(PageCacheDescriptor.of(new PageCacheStats(4096, 3, -1, -1, -1, -1)))
			.isEqualTo(new PageCacheDescriptor(4096, 3L, null, null, null, null));
	}

	@Test
	void pageCacheIsMissingWhereAskingFails() throws IOException {
		Mmap own = StubMmap.file(path("own"), null, null);
		this.contextRunner.withBean("own", Mmap.class, () -> own)
			.run((context) -> assertThat(file(context, "own").pageCache()).isNull());
	}

	@Test
	void fileIsFoundByName() {
		this.contextRunner.run((context) -> assertThat(file(context, "journal"))
			.isEqualTo(endpoint(context).resources().files().get("journal")));
	}

	@Test
	void fileOfUnknownNameIsNull() {
		this.contextRunner.run((context) -> assertThat(endpoint(context).resource("jurnal")).isNull());
	}

	@Test
	void fileThatWasNotAskedForIsNotOpened() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(file(context, "journal"))
					.isEqualTo(new FileDescriptor(path("journal.log").toString(), true, false, null, null, null, null,
							new SettingsDescriptor("append", "exclusive", "normal", "auto", false, null, null, false),
							null, NO_EVENTS, null, List.of()));
				assertThat(this.directory).isEmptyDirectory();
			});
	}

	@Test
	void closedFileIsShownWithItsLastSize() {
		this.contextRunner.run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			journal.write(new byte[3]);
			journal.close();
			assertThat(file(context, "journal").open()).isFalse();
			assertThat(file(context, "journal").size()).isEqualTo(3);
		});
	}

	@Test
	void syncMakesFileDurableAndTellsWhen() {
		EventLog log = new EventLog();
		this.contextRunner.withBean(EventLog.class, () -> log).run((context) -> {
			Instant before = Instant.now();
			FileDescriptor journal = (FileDescriptor) Objects.requireNonNull(endpoint(context).sync("journal"));
			assertThat(log.events).containsExactly("synced journal.log");
			assertThat(events(journal).lastSync()).isBetween(before, Instant.now());
		});
	}

	@Test
	void readOperationsDoNotSync() {
		EventLog log = new EventLog();
		this.contextRunner.withBean(EventLog.class, () -> log).run((context) -> {
			endpoint(context).resources();
			endpoint(context).resource("journal");
			assertThat(log.events).isEmpty();
		});
	}

	@Test
	void syncOfUnknownNameIsNull() {
		this.contextRunner.run((context) -> assertThat(endpoint(context).sync("jurnal")).isNull());
	}

	@Test
	void syncOfClosedFileIsInvalid() {
		this.contextRunner.run((context) -> {
			context.getBean(Mmap.class).close();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint(context).sync("journal"))
				.withMessage("File 'journal' is not open");
		});
	}

	@Test
	void syncOfPrivateFileIsInvalid() throws IOException {
		Files.writeString(path("table.bin"), "content");
		this.contextRunner.withPropertyValues("yammap.files.table.path=table.bin", "yammap.files.table.access=private")
			.run((context) -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint(context).sync("table"))
				.withMessage("File 'table' is never synced, as it is private"));
	}

	@Test
	void syncThatFailsIsNoSuccess() {
		IOException failure = new IOException("disk on fire");
		this.contextRunner.withBean("own", Mmap.class, () -> StubMmap.file(path("own"), failure, null))
			.run((context) -> assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> endpoint(context).sync("own"))
				.withCause(failure));
	}

	@Test
	void failedSyncsAndFaultsAreShown() {
		this.contextRunner.run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			TrackedFile state = Objects.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
			state.synced(journal, Duration.ZERO, new IOException("disk on fire"));
			state.coalesced(journal, 3);
			state.coalesced(journal, 1);
			state.faulted(journal, new MappedFaultException("page gone", null));
			state.failed(journal, WriteOperation.APPEND, FailureCause.NO_SPACE, new IOException("disk full"));
			state.failed(journal, WriteOperation.GROWTH, FailureCause.QUOTA, new IOException("quota"));
			assertThat(events(file(context, "journal"))).isEqualTo(new EventsDescriptor(null, 4, 1, 2, 1));
			assertThat(file(context, "journal").problems()).containsExactly("A sync failed: disk on fire",
					"A fault was met: page gone", "A write failed: quota");
		});
	}

	@Test
	void ownMmapBeanIsShownWithoutWhatOnlyTheRegistryKnows() throws IOException {
		Mmap own = Mmap.create(path("own.log"), 64);
		this.contextRunner.withBean("own", Mmap.class, () -> own).run((context) -> {
			assertThat(endpoint(context).resources().files().keySet()).containsExactly("journal", "own");
			FileDescriptor file = file(context, "own");
			assertThat(file.path()).isEqualTo(path("own.log").toString());
			assertThat(file.managed()).isFalse();
			assertThat(file.size()).isEqualTo(64);
			assertThat(file.mappedSize()).isPositive();
			assertThat(file.pageCache()).isNotNull();
			assertThat(file.settings()).isNull();
			assertThat(file.events()).isNull();
			assertThat(endpoint(context).sync("own")).isNotNull();
		});
	}

	@Test
	void ownMmapBeanTakesThePlaceOfConfiguredFile() throws IOException {
		Mmap own = Mmap.create(path("own.log"), 64);
		this.contextRunner.withBean("journal", Mmap.class, () -> own).run((context) -> {
			assertThat(endpoint(context).resources().files()).containsOnlyKeys("journal");
			assertThat(file(context, "journal").path()).isEqualTo(path("own.log").toString());
			assertThat(file(context, "journal").managed()).isFalse();
		});
	}

	@Test
	void ownMmapBeanIsNotCreatedToBeShown() {
		this.contextRunner.withBean("own", Mmap.class, () -> {
			throw new IllegalStateException("created");
		}, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertThat(endpoint(context).resources().files()).containsOnlyKeys("journal"));
	}

	@Test
	void filesOfOwnRegistryAreShown() {
		this.contextRunner.withBean(Mmaps.class, () -> new YammapAutoConfigurationTests.OwnMmaps(path("own.log")))
			.run((context) -> assertThat(file(context, "journal").path()).isEqualTo(path("own.log").toString()));
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private YammapEndpoint endpoint(ApplicationContext context) {
		return context.getBean(YammapEndpoint.class);
	}

	private FileDescriptor file(ApplicationContext context, String name) {
		return (FileDescriptor) Objects.requireNonNull(endpoint(context).resource(name));
	}

	private EventsDescriptor events(FileDescriptor file) {
		return Objects.requireNonNull(file.events());
	}

}
