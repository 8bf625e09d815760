package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.health.YammapHealthContributor;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.Threads;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for files that the application opens at run time: they live as those that are
 * configured.
 */
class RunTimeFilesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final EventLog log = new EventLog();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class,
				YammapHealthContributorAutoConfiguration.class, YammapEndpointAutoConfiguration.class));

	@BeforeEach
	void useDirectoryAndLog() {
		this.contextRunner = this.contextRunner.withBean(EventLog.class, () -> this.log)
			.withBean(MeterRegistry.class, () -> this.meters)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.a.path=a",
					"management.endpoints.web.exposure.include=yammap");
	}

	@Test
	void fileIsOneOfTheRegistryButNoBean() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			Mmap file = mmaps.open("tenant", path("tenants/1"));
			assertThat(mmaps.get("tenant")).isSameAs(file);
			assertThat(mmaps.names()).containsExactly("a", "tenant");
			assertThat(mmaps.openFiles()).containsOnlyKeys("a", "tenant");
			assertThat(file.path()).isEqualTo(this.directory.resolve("tenants/1"));
			assertThat(context).doesNotHaveBean("tenant");
		});
	}

	@Test
	void fileHasItsProperties() {
		this.contextRunner.run((context) -> {
			Mmap file = context.getBean(Mmaps.class).open("tenant", (properties) -> {
				properties.setPath("tenant");
				properties.setAccess(FileProperties.Access.APPEND);
			});
			file.write("line".getBytes(StandardCharsets.UTF_8));
			assertThat(this.directory.resolve("tenant")).hasContent("line");
			assertThat(endpoint(context.getBean(YammapEndpoint.class), "tenant").settings()).isNotNull()
				.satisfies((settings) -> assertThat(settings.access()).isEqualTo("append"));
		});
	}

	@Test
	void customizersSeeItsBuilder() {
		List<String> seen = new CopyOnWriteArrayList<>();
		this.contextRunner
			.withBean("seeing", MmapBuilderCustomizer.class, () -> (name, path, builder) -> seen.add(name))
			.run((context) -> context.getBean(Mmaps.class).open("tenant", path("tenant")));
		assertThat(seen).containsExactly("a", "tenant");
	}

	@Test
	void filesThatAreOpenAtTheEndAreSyncedAndClosedInReverseOrder() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			mmaps.open("tenant", path("tenant")).write(new byte[1]);
			mmaps.open("segment", path("segment")).write(new byte[1]);
			context.stop();
			this.log.events.clear();
			mmaps.get("tenant").write(new byte[1]);
		});
		assertThat(this.log.events).containsSubsequence("synced tenant", "closed tenant")
			.filteredOn((event) -> event.startsWith("closed"))
			.containsExactly("closed segment", "closed tenant", "closed a");
	}

	@Test
	void closedFileIsSyncedAndGoneEverywhere() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			Mmap file = mmaps.open("tenant", path("tenant"));
			assertThat(this.meters.find("yammap.file.size").tag("file", "tenant").gauge()).isNotNull();
			assertThat(context.getBean(YammapHealthContributor.class).getContributor("tenant")).isNotNull();
			assertThat(context.getBean(YammapEndpoint.class).resource("tenant")).isNotNull();
			file.write(new byte[1]);
			this.log.events.clear();
			mmaps.close("tenant");
			assertThat(this.log.events).containsExactly("synced tenant", "closed tenant");
			assertThat(file.isOpen()).isFalse();
			assertGone(mmaps);
			assertThat(context.getBean(YammapHealthContributor.class).getContributor("tenant")).isNull();
			assertThat(context.getBean(YammapEndpoint.class).resource("tenant")).isNull();
			assertThat(mmaps.open("tenant", path("tenant")).size()).isOne();
		});
	}

	@Test
	void fileThatIsClosedByItselfIsGoneToo() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			mmaps.open("tenant", path("tenant")).close();
			assertGone(mmaps);
			assertThat(mmaps.open("again", path("tenant")).isOpen()).isTrue();
		});
	}

	private void assertGone(Mmaps mmaps) {
		assertThat(mmaps.names()).containsExactly("a");
		assertThat(mmaps.openFiles()).containsOnlyKeys("a");
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> mmaps.get("tenant"));
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> mmaps.close("tenant"));
		assertThat(this.meters.find("yammap.file.size").tag("file", "tenant").gauge()).isNull();
		assertThat(this.meters.getMeters()).noneMatch((meter) -> "tenant".equals(meter.getId().getTag("file")));
	}

	@Test
	void configuredFileCannotBeClosedByName() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatIllegalStateException().isThrownBy(() -> mmaps.close("a")).withMessageContaining("is configured");
			assertThat(mmaps.get("a").isOpen()).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "&tenant", "#{1}", "a${x}", "a" })
	void nameThatCannotBeUsedOrIsInUseIsRefused(String name) {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatIllegalArgumentException().isThrownBy(() -> mmaps.open(name, path("tenant")));
			assertThat(this.directory).isDirectoryNotContaining("glob:**tenant");
			assertThat(mmaps.names()).containsExactly("a");
		});
	}

	@Test
	void pathOfAnotherFileIsRefusedWhetherThatIsOpenOrNot() {
		this.contextRunner.withPropertyValues("yammap.files.lazy.path=lazy", "spring.main.lazy-initialization=true")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("lazy").setLazyInit(true)))
			.run((context) -> {
				Mmaps mmaps = context.getBean(Mmaps.class);
				Files.createSymbolicLink(this.directory.resolve("link"), this.directory.resolve("a"));
				for (String path : List.of("a", "./a", "link", "lazy")) {
					assertThatIllegalArgumentException().isThrownBy(() -> mmaps.open("tenant", path(path)))
						.withMessageContaining("'tenant'");
				}
				assertThat(mmaps.names()).containsExactly("a", "lazy");
			});
	}

	@Test
	void wrongPropertiesAreRefusedWithTheirName() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> mmaps.open("tenant", (properties) -> {
				}))
				.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("yammap.files.tenant.path"));
			assertThat(mmaps.contains("tenant")).isFalse();
		});
	}

	@Test
	void fileThatCannotBeOpenedIsNone() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> mmaps.open("tenant", (properties) -> {
					properties.setPath("tenant");
					properties.setCreate(FileProperties.Create.NEVER);
				}));
			assertThat(mmaps.names()).containsExactly("a");
			assertThat(context.getBean(YammapEndpoint.class).resource("tenant")).isNull();
			assertThat(mmaps.open("tenant", path("tenant")).isOpen()).isTrue();
		});
	}

	/** The validators are asked for when the first file is followed. */
	@Test
	void fileThatCannotBeFollowedIsNone() throws IOException {
		Files.writeString(this.directory.resolve("table"), "old");
		this.contextRunner.withBean("failing", MmapReloadValidator.class, () -> {
			throw new IllegalStateException("as it was");
		}, (definition) -> definition.setLazyInit(true)).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> mmaps.open("table", (properties) -> {
					properties.setPath("table");
					properties.setAccess(FileProperties.Access.READ_ONLY);
					properties.setReloadOnUpdate(true);
				}))
				.withRootCauseInstanceOf(IllegalStateException.class);
			assertThat(this.log.events).contains("closed table");
			assertThat(mmaps.names()).containsExactly("a");
			assertThat(mmaps.open("table", path("table")).size()).isEqualTo(3);
		});
	}

	@Test
	void fileIsOpenAndIsClosedAlthoughItsMetersAreRefused() {
		this.meters.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				if ("tenant".equals(id.getTag("file")) || "lazy".equals(id.getTag("file"))) {
					throw new IllegalStateException("as it was");
				}
				return MeterFilterReply.NEUTRAL;
			}

		});
		this.contextRunner.withPropertyValues("yammap.files.lazy.path=lazy", "spring.main.lazy-initialization=true")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("lazy").setLazyInit(true)))
			.run((context) -> {
				context.getBean(Mmaps.class).open("tenant", path("tenant")).write(new byte[1]);
				context.getBean("lazy", Mmap.class).write(new byte[1]);
				this.log.events.clear();
			});
		assertThat(this.log.events).containsSubsequence("synced lazy", "closed lazy")
			.containsSubsequence("synced tenant", "closed tenant");
	}

	@Test
	void nothingIsOpenedOrCreatedOnceTheRegistryIsClosed() {
		Mmaps[] kept = new Mmaps[1];
		List<String> created = new CopyOnWriteArrayList<>();
		this.contextRunner.withBean("counted", MmapBuilderCustomizer.class, () -> {
			created.add("counted");
			return (name, path, builder) -> {
			};
		}).run((context) -> kept[0] = context.getBean(Mmaps.class));
		Mmaps mmaps = Objects.requireNonNull(kept[0]);
		assertThatIllegalStateException().isThrownBy(() -> mmaps.open("tenant", path("tenant")));
		assertThatIllegalStateException().isThrownBy(() -> mmaps.get("a"));
		assertThat(this.directory).isDirectoryNotContaining("glob:**tenant");
		assertThat(created).hasSize(1);
	}

	@Test
	void fileIsSyncedAtItsIntervalUntilItIsClosed() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			Mmap file = mmaps.open("tenant", (properties) -> {
				properties.setPath("tenant");
				properties.getSync().setInterval(Duration.ofMillis(2));
			});
			file.write(new byte[1]);
			Threads.await(() -> !file.isDirty());
			mmaps.close("tenant");
		});
	}

	@Test
	void fileIsFollowed() throws IOException {
		Files.writeString(this.directory.resolve("table"), "old");
		this.contextRunner.withPropertyValues("yammap.reload-interval=2ms").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			Mmap file = mmaps.open("table", (properties) -> {
				properties.setPath("table");
				properties.setAccess(FileProperties.Access.READ_ONLY);
				properties.setReloadOnUpdate(true);
			});
			List<Mmap> reloaded = new CopyOnWriteArrayList<>();
			mmaps.addReloadHandler("table", reloaded::add);
			Path next = Files.writeString(this.directory.resolve("next"), "newer");
			Files.move(next, this.directory.resolve("table"), StandardCopyOption.ATOMIC_MOVE);
			Threads.await(() -> !reloaded.isEmpty());
			assertThat(file.size()).isEqualTo(5);
			mmaps.close("table");
		});
	}

	@Test
	void registryOfTheApplicationNeedNotOpenFiles() throws IOException {
		try (YammapAutoConfigurationTests.OwnMmaps own = new YammapAutoConfigurationTests.OwnMmaps(
				this.directory.resolve("own"))) {
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> own.open("tenant", path("tenant")));
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> own.close("tenant"));
		}
	}

	private static YammapEndpoint.FileDescriptor endpoint(YammapEndpoint endpoint, String name) {
		return (YammapEndpoint.FileDescriptor) Objects.requireNonNull(endpoint.resource(name));
	}

	private static Consumer<FileProperties> path(String path) {
		return (properties) -> properties.setPath(path);
	}

}
