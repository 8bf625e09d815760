package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalListener;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalBuilderCustomizer;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.actuate.endpoint.JournalDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.health.YammapHealthContributor;
import dev.yammap.spring.boot.registry.DefaultJournals;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Journals}: journals that the application opens at run time live as
 * those that are configured, and customizers see both.
 */
class RunTimeJournalsTests {

	private static final byte[] RECORD = { 1 };

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final List<String> heard = new CopyOnWriteArrayList<>();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class,
				YammapHealthContributorAutoConfiguration.class, YammapEndpointAutoConfiguration.class));

	@BeforeEach
	void useDirectoryAndListener() {
		this.contextRunner = this.contextRunner.withBean(JournalBuilderCustomizer.class, () -> this::listen)
			.withBean(MeterRegistry.class, () -> this.meters)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.journals.a.path=a",
					"yammap.journals.a.segment-size=64KB", "management.endpoints.web.exposure.include=yammap");
	}

	private void listen(String name, Path directory, Journal.Builder builder) {
		this.heard.add("customized " + name + " " + this.directory.relativize(directory));
		builder.listener(new JournalListener() {

			@Override
			public void synced(Journal journal, Duration duration, @Nullable IOException failure) {
				RunTimeJournalsTests.this.heard.add("synced " + name);
			}

			@Override
			public void closed(Journal journal) {
				RunTimeJournalsTests.this.heard.add("closed " + name);
			}

		});
	}

	private static Consumer<JournalProperties> path(String path) {
		return (properties) -> properties.setPath(path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/journal.control", "./a/x.segment", "link.bin", "a/named.reader", "tenant/x.segment" })
	void fileOfAJournalIsRefusedAtRunTime(String path) {
		this.contextRunner.run((context) -> {
			context.getBean(Journals.class).open("tenant", path("tenant"));
			Files.createSymbolicLink(this.directory.resolve("link.bin"),
					this.directory.resolve("a").resolve("journal.control"));
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> mmaps.open("file", (properties) -> properties.setPath(path)))
				.withMessageContaining("'file'")
				.withMessageContaining("is a file of the journal");
			assertThat(mmaps.names()).isEmpty();
			assertThat(mmaps.open("file", (properties) -> properties.setPath("a/notes")).isOpen()).isTrue();
		});
	}

	@Test
	void journalWithAMappedFileIsRefusedAtRunTime() {
		this.contextRunner.withPropertyValues("yammap.files.configured.path=one/x.segment").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			Journals journals = context.getBean(Journals.class);
			mmaps.open("file", (properties) -> properties.setPath("two/journal.control"));
			for (String path : List.of("one", "two")) {
				assertThatIllegalArgumentException().isThrownBy(() -> journals.open("tenant", path(path)))
					.withMessageContaining("is a file of the journal 'tenant'");
			}
			assertThat(journals.names()).containsExactly("a");
			mmaps.close("file");
			Files.delete(this.directory.resolve("two/journal.control"));
			assertThat(journals.open("tenant", path("two")).isOpen()).isTrue();
		});
	}

	@Test
	void fileOfAJournalOfTheParentIsRefusedAtRunTime() {
		this.contextRunner.run((parent) -> Contexts.in(this.directory).withParent(parent).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> mmaps.open("file", (properties) -> properties.setPath("a/journal.control")))
				.withMessageContaining("is a file of the journal 'a'");
		}));
	}

	@Test
	void journalIsOneOfTheRegistryButNoBean() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			Journal journal = journals.open("tenant", path("tenants/1"));
			assertThat(journals.get("tenant")).isSameAs(journal);
			assertThat(journals.names()).containsExactly("a", "tenant");
			assertThat(journals.contains("tenant")).isTrue();
			assertThat(journals.contains("other")).isFalse();
			assertThat(journals.openJournals()).containsOnly(Map.entry("a", context.getBean(Journal.class)),
					Map.entry("tenant", journal));
			assertThat(journal.directory()).isEqualTo(this.directory.resolve("tenants/1"));
			assertThat(context).doesNotHaveBean("tenant");
		});
	}

	@Test
	void journalHasItsPropertiesAndIsShown() {
		this.contextRunner.run((context) -> {
			context.getBean(Journals.class).open("tenant", (properties) -> {
				properties.setPath("tenant");
				properties.getSync().setOnAppend(true);
			}).append(RECORD);
			JournalDescriptor shown = (JournalDescriptor) Objects
				.requireNonNull(context.getBean(YammapEndpoint.class).resource("tenant"));
			assertThat(shown.records()).isEqualTo(new JournalDescriptor.RecordsDescriptor(0, 1, 1));
			assertThat(context.getBean(YammapHealthContributor.class).getContributor("tenant")).isNotNull();
			assertThat(this.meters.get("yammap.journal.records").tag("file", "tenant").functionCounter().count())
				.isOne();
		});
	}

	@Test
	void customizersSeeEveryBuilderAndListenersAreAdded() {
		this.contextRunner.run((context) -> {
			context.getBean(Journals.class).open("tenant", path("tenant")).appendAndSync(RECORD);
			assertThat(this.heard).containsExactly("customized a a", "customized tenant tenant", "synced tenant");
			assertThat(context.getBean(TrackedResources.class).journals().get("tenant")).isNotNull()
				.satisfies((tracked) -> assertThat(tracked.events().lastSync()).isNotNull());
		});
	}

	@Test
	void customizerThatFailsStopsTheStartUp() {
		this.contextRunner.withBean("failing", JournalBuilderCustomizer.class, () -> (name, directory, builder) -> {
			throw new IOException("no table");
		})
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IOException.class)
				.hasMessage("no table"));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void journalsThatAreOpenAtTheEndAreSyncedAndClosedInReverseOrder() throws IOException {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			journals.open("tenant", path("tenant")).append(RECORD);
			journals.open("segment", path("segment")).append(RECORD);
			context.stop();
			assertThat(this.heard).contains("synced tenant", "synced segment");
			this.heard.clear();
			journals.get("tenant").append(RECORD);
		});
		assertThat(this.heard).containsSubsequence("synced tenant", "closed tenant")
			.filteredOn((event) -> event.startsWith("closed"))
			.containsExactly("closed segment", "closed tenant", "closed a");
		try (Journal tenant = Journal.open(this.directory.resolve("tenant"))) {
			assertThat(tenant.nextSequence()).isEqualTo(2);
		}
	}

	@Test
	void closedJournalIsSyncedAndGoneEverywhere() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			Journal journal = journals.open("tenant", path("tenant"));
			journal.append(RECORD);
			this.heard.clear();
			journals.close("tenant");
			assertThat(this.heard).startsWith("synced tenant")
				.endsWith("closed tenant")
				.containsOnlyOnce("closed tenant");
			assertThat(journal.isOpen()).isFalse();
			assertGone(journals);
			assertThat(context.getBean(YammapHealthContributor.class).getContributor("tenant")).isNull();
			assertThat(context.getBean(YammapEndpoint.class).resource("tenant")).isNull();
			assertThat(journals.open("tenant", path("tenant")).nextSequence()).isOne();
		});
	}

	@Test
	void journalThatIsClosedByItselfIsGoneToo() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			journals.open("tenant", path("tenant")).close();
			assertGone(journals);
			assertThat(journals.open("again", path("tenant")).isOpen()).isTrue();
		});
	}

	private void assertGone(Journals journals) {
		assertThat(journals.names()).containsExactly("a");
		assertThat(journals.openJournals()).containsOnlyKeys("a");
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> journals.get("tenant"))
			.withMessage("No journal is named 'tenant'; there are [a]");
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> journals.close("tenant"));
		assertThat(this.meters.getMeters()).noneMatch((meter) -> "tenant".equals(meter.getId().getTag("file")));
	}

	@Test
	void configuredJournalCannotBeClosedByName() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			assertThatIllegalStateException().isThrownBy(() -> journals.close("a"))
				.withMessageContaining("Journal 'a'")
				.withMessageContaining("is configured");
			assertThat(journals.get("a").isOpen()).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "&tenant", "#{1}", "a${x}", "a" })
	void nameThatCannotBeUsedOrIsInUseIsRefused(String name) {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			assertThatIllegalArgumentException().isThrownBy(() -> journals.open(name, path("tenant")));
			assertThat(this.directory).isDirectoryNotContaining("glob:**tenant");
			assertThat(journals.names()).containsExactly("a");
		});
	}

	/** A name is that of one thing in endpoint, health and meters. */
	@Test
	void fileAndJournalCannotHaveOneName() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			Mmaps mmaps = context.getBean(Mmaps.class);
			Consumer<FileProperties> file = (properties) -> properties.setPath("file");
			assertThatIllegalArgumentException().isThrownBy(() -> mmaps.open("a", file))
				.withMessage("There is a journal 'a' already.");
			mmaps.open("tenant", file);
			assertThatIllegalArgumentException().isThrownBy(() -> journals.open("tenant", path("tenant")))
				.withMessage("There is a mapped file 'tenant' already.");
			mmaps.close("tenant");
			journals.open("tenant", path("tenant"));
			assertThatIllegalArgumentException().isThrownBy(() -> mmaps.open("tenant", file));
			journals.close("tenant");
			mmaps.open("tenant", file);
		});
	}

	@Test
	void nameOfAConfiguredJournalThatAFileTookBeforeIsRefused() {
		this.contextRunner.withBean("taking", Taking.class)
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(factory) -> factory.getBeanDefinition("yammapJournals").setDependsOn("taking")))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("There is a mapped file 'a' already."));
	}

	@Test
	void directoryOfAnotherJournalIsRefusedWhetherThatIsOpenOrNot() {
		this.contextRunner.withPropertyValues("yammap.journals.lazy.path=lazy")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("lazy").setLazyInit(true)))
			.run((context) -> {
				Journals journals = context.getBean(Journals.class);
				Files.createSymbolicLink(this.directory.resolve("link"), this.directory.resolve("a"));
				for (String path : List.of("a", "./a", "link", "lazy")) {
					assertThatIllegalArgumentException().isThrownBy(() -> journals.open("tenant", path(path)))
						.withMessageContaining("'tenant'");
				}
				assertThat(journals.names()).containsExactly("a", "lazy");
			});
	}

	@Test
	void wrongPropertiesAreRefusedWithTheirName() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> journals.open("tenant", (properties) -> {
				}))
				.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("yammap.journals.tenant.path"));
			assertThat(journals.contains("tenant")).isFalse();
		});
	}

	@Test
	void journalThatCannotBeOpenedIsNone() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> journals.open("tenant", (properties) -> {
					properties.setPath("tenant");
					properties.setCreate(FileProperties.Create.NEVER);
				}));
			assertThat(journals.names()).containsExactly("a");
			assertThat(context.getBean(YammapEndpoint.class).resource("tenant")).isNull();
			assertThat(journals.open("tenant", path("tenant")).isOpen()).isTrue();
		});
	}

	@Test
	void nothingIsOpenedOnceTheRegistryIsClosed() {
		List<Journals> kept = new ArrayList<>();
		this.contextRunner.run((context) -> kept.add(context.getBean(Journals.class)));
		assertThatIllegalStateException().isThrownBy(() -> kept.getFirst().open("tenant", path("tenant")));
		assertThat(this.directory).isDirectoryNotContaining("glob:**tenant");
	}

	@Test
	void journalIsSyncedAtItsIntervalUntilItIsClosed() {
		this.contextRunner.run((context) -> {
			Journals journals = context.getBean(Journals.class);
			Journal journal = journals.open("tenant", (properties) -> {
				properties.setPath("tenant");
				properties.getSync().setInterval(Duration.ofMillis(2));
			});
			journal.append(RECORD);
			Threads.await(() -> journal.durableSequence() == 1);
			journals.close("tenant");
		});
	}

	@Test
	void registryOfTheApplicationReplacesThatOfTheStarter() throws IOException {
		try (Journal own = Journal.open(this.directory.resolve("own"))) {
			OwnJournals journals = new OwnJournals(own);
			this.contextRunner.withBean("own", Journals.class, () -> journals).run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(DefaultJournals.class);
				assertThat(context.getBean("a", Journal.class)).isSameAs(own);
				assertThat(context.getBean(YammapEndpoint.class).resources().journals()).containsOnlyKeys("a");
				assertThat(this.meters.get("yammap.journal.segments").tag("file", "a").gauge().value()).isOne();
			});
			assertThat(own.isOpen()).isTrue();
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> journals.open("tenant", path("tenant")));
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> journals.close("a"));
		}
	}

	@Test
	void childFindsTheJournalsOfItsParent() {
		this.contextRunner.run((parent) -> {
			Journal tenant = parent.getBean(Journals.class).open("tenant", path("tenant"));
			Contexts.in(this.directory, "yammap.journals.b.path=b").withParent(parent).run((child) -> {
				Journals journals = child.getBean(Journals.class);
				assertThat(journals.names()).containsExactly("a", "tenant", "b");
				assertThat(journals.get("tenant")).isSameAs(tenant);
				assertThat(journals.openJournals()).containsOnlyKeys("a", "tenant", "b");
				assertThatIllegalArgumentException().isThrownBy(() -> journals.open("other", path("tenant")));
			});
			assertThat(tenant.isOpen()).isTrue();
		});
	}

	/**
	 * Opens a file under the name of a journal that is configured.
	 */
	static class Taking {

		Taking(Mmaps mmaps) {
			Mmap file = mmaps.open("a", (properties) -> properties.setPath("file"));
			assertThat(file.isOpen()).isTrue();
		}

	}

	/**
	 * The registry of an application with one journal, under whatever name.
	 */
	private record OwnJournals(Journal own) implements Journals {

		@Override
		public Set<String> names() {
			return Set.of("a");
		}

		@Override
		public Journal get(String name) {
			return this.own;
		}

		@Override
		public Map<String, Journal> openJournals() {
			return Map.of("a", this.own);
		}

	}

}
