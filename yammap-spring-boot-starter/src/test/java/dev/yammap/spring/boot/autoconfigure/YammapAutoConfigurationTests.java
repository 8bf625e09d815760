package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.ResourceOpenException;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.support.Contexts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link YammapAutoConfiguration}.
 */
public class YammapAutoConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void useDirectory() {
		this.contextRunner = Contexts.in(this.directory);
	}

	@Test
	void registryIsEmptyWhenNoFileIsConfigured() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(Mmaps.class).doesNotHaveBean(Mmap.class);
			assertThat(context.getBean(Mmaps.class).names()).isEmpty();
		});
	}

	@Test
	void fileIsBeanUnderItsName() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			assertThat(context).hasSingleBean(Mmap.class).hasBean("journal");
			Mmap journal = context.getBean("journal", Mmap.class);
			assertThat(journal.isOpen()).isTrue();
			assertThat(journal.path()).isEqualTo(this.directory.resolve("journal.log"));
			assertThat(journal).isSameAs(context.getBean(Mmaps.class).get("journal"));
		});
	}

	@Test
	void registryListsFilesInOrderOfConfiguration() {
		this.contextRunner.withPropertyValues("yammap.files.b.path=1", "yammap.files.a.path=2").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			assertThat(mmaps.names()).containsExactly("b", "a");
			assertThat(mmaps.contains("a")).isTrue();
			assertThat(mmaps.contains("c")).isFalse();
			assertThat(mmaps.openFiles()).containsOnlyKeys("b", "a");
		});
	}

	@Test
	void absolutePathDoesNotResolveAgainstBaseDir(@TempDir Path elsewhere) {
		Path path = elsewhere.resolve("journal.log");
		this.contextRunner.withPropertyValues("yammap.files.journal.path=" + path)
			.run((context) -> assertThat(context.getBean(Mmap.class).path()).isEqualTo(path));
	}

	@ParameterizedTest
	@ValueSource(strings = { "META-INF", "./META-INF", "././META-INF/." })
	void baseDirIsNeverLookedForOnTheClassPath(String baseDir) {
		// Not opened: relative to the working directory there is no such directory.
		this.contextRunner.withPropertyValues("yammap.base-dir=" + baseDir, "yammap.files.journal.path=journal.log")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(new ClassPathResource("META-INF").exists()).isTrue();
				TrackedFile journal = context.getBean(TrackedResources.class).files().get("journal");
				assertThat(journal).isNotNull();
				assertThat(journal.path()).isEqualTo(Path.of("META-INF", "journal.log").toAbsolutePath());
			});
	}

	@Test
	void baseDirAndPathMayBePathObjects() {
		Map<String, Object> properties = Map.of("yammap.base-dir", this.directory, "yammap.files.journal.path",
				Path.of("journal.log"));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("objects", properties)))
			.run((context) -> assertThat(context.getBean("journal", Mmap.class).path())
				.isEqualTo(this.directory.resolve("journal.log")));
	}

	@Test
	void thereIsNoConverterWherePathsAreText() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> assertThat(context).doesNotHaveBean(Converter.class));
	}

	@Test
	void statesAreNotCreatedUntilSomethingAsksForThem() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("yammapTrackedResources")).isFalse();
			assertThat(context.getBean(TrackedResources.class).files().get("journal")).isNotNull();
		});
	}

	@Test
	void fileOfEnvironmentVariableIsBean() {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("YAMMAP_FILES_JOURNAL_PATH", "journal.log"))))
			.run((context) -> assertThat(context.getBean("journal", Mmap.class).name()).endsWith("journal.log"));
	}

	@Test
	void fileIsInjectedByParameterNameQualifierAndMappedFile() {
		this.contextRunner.withUserConfiguration(InjectionConfiguration.class)
			.withPropertyValues("yammap.files.journal.path=1", "yammap.files.counters.path=2")
			.run((context) -> {
				Map<?, ?> injected = context.getBean("injected", Injected.class).files;
				Mmap journal = context.getBean("journal", Mmap.class);
				Mmap counters = context.getBean("counters", Mmap.class);
				assertThat(injected.get("name")).isSameAs(journal);
				assertThat(injected.get("qualifier")).isSameAs(counters);
				assertThat(injected.get("mappedFile")).isSameAs(journal);
				assertThat(injected.get("map")).isEqualTo(Map.of("journal", journal, "counters", counters));
			});
	}

	@Test
	void mappedFileOfUnknownNameFailsStartUp() {
		this.contextRunner.withUserConfiguration(InjectionConfiguration.class)
			.withPropertyValues("yammap.files.journal.path=1", "yammap.files.other.path=2")
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void ownMmapBeanOfThatNameWins() {
		this.contextRunner.withUserConfiguration(OwnJournalConfiguration.class)
			.withPropertyValues("yammap.files.journal.path=configured.log", "yammap.files.counters.path=counters")
			.run((context) -> {
				assertThat(context.getBean("journal", Mmap.class).name()).endsWith("own.log");
				assertThat(context.getBeansOfType(Mmap.class)).containsOnlyKeys("journal", "counters");
				assertThat(this.directory.resolve("configured.log")).doesNotExist();
			});
	}

	@Test
	void beanOfAnotherTypeUnderThatNameFailsStartUp() {
		this.contextRunner.withBean("journal", String.class, () -> "text")
			.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context).getFailure().isInstanceOf(InvalidFileException.class);
				assertThat(this.directory.resolve("journal.log")).doesNotExist();
			});
	}

	@Test
	void autoConfiguredBeanUnderThatNameFailsStartUp() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withPropertyValues("yammap.files.applicationTaskExecutor.path=journal.log")
			.run((context) -> assertThat(context).getFailure().isInstanceOf(InvalidFileException.class));
	}

	@Test
	void registryBacksOffFromOwnMmaps() {
		this.contextRunner.withUserConfiguration(OwnMmapsConfiguration.class)
			.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> {
				assertThat(context).hasSingleBean(Mmaps.class).doesNotHaveBean(DefaultMmaps.class);
				assertThat(context.getBean("journal", Mmap.class).name()).endsWith("own.log");
			});
	}

	@Test
	void fileBeanHasNoDestroyMethod() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) context.getBeanFactory();
			Mmap journal = context.getBean(Mmap.class);
			beanFactory.destroySingleton("journal");
			assertThat(journal.isOpen()).isTrue();
		});
	}

	@Test
	void fileBeanHasDestroyMethodWithoutEffectWhenProcessedAheadOfTime() {
		this.contextRunner.withSystemProperties(AbstractAotProcessor.AOT_PROCESSING + "=true")
			.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> {
				RootBeanDefinition definition = (RootBeanDefinition) context.getBeanFactory()
					.getMergedBeanDefinition("journal");
				definition.resolveDestroyMethodIfNecessary();
				assertThat(definition.getDestroyMethodNames()).containsExactly("isOpen");
			});
	}

	@Test
	void customizersAreCalledInOrderBeforeFileIsOpened() {
		this.contextRunner.withUserConfiguration(CustomizerConfiguration.class)
			.withPropertyValues("yammap.files.table.path=sub/table.bin", "yammap.files.table.access=read-only")
			.run((context) -> {
				Mmap table = context.getBean("table", Mmap.class);
				byte[] content = new byte[(int) table.size()];
				table.readAt(content, 0);
				assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("first second");
			});
	}

	@Test
	void customizerThatFailsFailsStartUp() {
		this.contextRunner.withBean(MmapBuilderCustomizer.class, () -> (name, path, builder) -> {
			throw new IOException("no source");
		})
			.withPropertyValues("yammap.files.table.path=table.bin")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IOException.class)
				.hasMessage("no source"));
	}

	@Test
	void customizerChangesBuilder() {
		this.contextRunner
			.withBean(MmapBuilderCustomizer.class, () -> (name, path, builder) -> builder.size(name.length()))
			.withPropertyValues("yammap.files.a.path=1", "yammap.files.abc.path=2")
			.run((context) -> {
				assertThat(context.getBean("a", Mmap.class).size()).isEqualTo(1);
				assertThat(context.getBean("abc", Mmap.class).size()).isEqualTo(3);
			});
	}

	@Test
	void fileIsOpenedWhenAskedForWhenInitializationIsLazy() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> {
				Mmaps mmaps = context.getBean(Mmaps.class);
				assertThat(mmaps.openFiles()).isEmpty();
				assertThat(this.directory.resolve("journal.log")).doesNotExist();
				assertThat(context.getBean("journal", Mmap.class)).isSameAs(mmaps.get("journal"));
			});
	}

	@Test
	void invalidPropertyFailsStartUpAndTouchesNoFile() {
		this.contextRunner
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b", "yammap.files.b.access=read-only",
					"yammap.files.b.size=1KB")
			.run((context) -> {
				assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
							(ex) -> assertThat(ex.getName()).isEqualTo("yammap.files.b.size"));
				assertThat(this.directory).isEmptyDirectory();
			});
	}

	@Test
	void missingFileFailsStartUpWhenItIsNeverCreated() {
		this.contextRunner
			.withPropertyValues("yammap.files.journal.path=journal.log", "yammap.files.journal.create=never")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining(ResourceOpenException.class.getName());
				assertThat(this.directory).isEmptyDirectory();
			});
	}

	@Test
	void twoNamesForOneFileThatDoesNotExistYetFailStartUp() throws IOException {
		Files.createDirectory(this.directory.resolve("x"));
		Files.createSymbolicLink(this.directory.resolve("y"), Path.of("."));
		for (String other : new String[] { "journal.log", "x/../journal.log", "./journal.log", "y/journal.log" }) {
			this.contextRunner.withPropertyValues("yammap.files.a.path=journal.log", "yammap.files.b.path=" + other)
				.run((context) -> {
					assertThat(context).getFailure().rootCause().isInstanceOf(InvalidFileException.class);
					assertThat(this.directory.resolve("journal.log")).doesNotExist();
				});
		}
	}

	@Test
	void parentOfASymbolicLinkIsThatOfItsTarget() throws IOException {
		Files.createDirectories(this.directory.resolve("releases/1"));
		Files.createDirectories(this.directory.resolve("releases/shared"));
		Files.createDirectories(this.directory.resolve("shared"));
		Files.createSymbolicLink(this.directory.resolve("current"), Path.of("releases/1"));
		String[] properties = { "yammap.files.counters.path=current/../shared/counters",
				"yammap.files.other.path=shared/counters" };
		this.contextRunner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			context.getBean("counters", Mmap.class).write(new byte[3]);
		});
		assertThat(this.directory.resolve("releases/shared/counters")).hasSize(3);
		assertThat(this.directory.resolve("shared/counters")).isEmptyFile();
		Contexts.in(this.directory.resolve("current/.."), "yammap.files.counters.path=counters")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(this.directory.resolve("releases/counters")).exists();
	}

	@Test
	void linkToFileOfAnotherNameFailsStartUpBeforeItIsEmptied() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		Files.createLink(this.directory.resolve("link"), file);
		this.contextRunner
			.withPropertyValues("yammap.files.a.path=file", "yammap.files.b.path=link", "yammap.files.b.truncate=true")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(InvalidFileException.class));
		assertThat(file).hasContent("content");
	}

	@Test
	void fileOfNoSuchNameIsRefusedByRegistry() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> assertThatExceptionOfType(NoSuchElementException.class)
				.isThrownBy(() -> context.getBean(Mmaps.class).get("jurnal"))
				.withMessageContaining("jurnal")
				.withMessageContaining("[journal]"));
	}

	@Test
	void closedRegistryOpensNoFile() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			((ConfigurableApplicationContext) context).close();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> mmaps.get("journal"))
				.withMessageContaining("journal");
			assertThat(mmaps.openFiles()).isEmpty();
		});
	}

	@Test
	void failureToOpenIsUncheckedIOException() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("yammap.files.journal.path=journal.log", "yammap.files.journal.create=never")
			.run((context) -> assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> context.getBean(Mmaps.class).get("journal"))
				.withCauseInstanceOf(NoSuchFileException.class));
	}

	record Injected(Map<String, Object> files) {
	}

	@Configuration(proxyBeanMethods = false)
	static class InjectionConfiguration {

		@Bean
		Injected injected(Mmap journal, @Qualifier("counters") Mmap a, @MappedFile("journal") Mmap b,
				Map<String, Mmap> all) {
			return new Injected(Map.of("name", journal, "qualifier", a, "mappedFile", b, "map", all));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnJournalConfiguration {

		@Bean
		Mmap journal(YammapProperties properties) throws IOException {
			return Mmap.create(Path.of(properties.getBaseDir(), "own.log"), 0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMmapsConfiguration {

		@Bean
		OwnMmaps ownMmaps(YammapProperties properties) {
			return new OwnMmaps(Path.of(properties.getBaseDir(), "own.log"));
		}

	}

	public static class OwnMmaps implements Mmaps, AutoCloseable {

		private final Mmap file;

		public OwnMmaps(Path path) {
			try {
				this.file = Mmap.create(path, 0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public Set<String> names() {
			return Set.of("journal");
		}

		@Override
		public Mmap get(String name) {
			return this.file;
		}

		@Override
		public Map<String, Mmap> openFiles() {
			return Map.of("journal", this.file);
		}

		@Override
		public void close() throws IOException {
			this.file.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerConfiguration {

		@Bean
		@Order(2)
		MmapBuilderCustomizer second() {
			return (name, path, builder) -> Files.writeString(path, Files.readString(path) + " second");
		}

		@Bean
		@Order(1)
		MmapBuilderCustomizer first() {
			return (name, path, builder) -> {
				Files.createDirectory(path.getParent());
				Files.writeString(path, "first");
			};
		}

	}

}
