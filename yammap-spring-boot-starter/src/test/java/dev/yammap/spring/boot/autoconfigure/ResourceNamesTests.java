package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.settings.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.support.SpringApplicationJsonEnvironmentPostProcessor;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResourceNames}: which files there are, as Spring Boot binds what YAML
 * and the environment of the process say.
 */
class ResourceNamesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final Map<String, Object> environment = new LinkedHashMap<>();

	@ParameterizedTest
	@CsvSource({ "user-events, YAMMAP_FILES_USEREVENTS_PATH", "user-events, YAMMAP_FILES_USER_EVENTS_PATH",
			"userEvents, YAMMAP_FILES_USEREVENTS_PATH", "user_events, YAMMAP_FILES_USEREVENTS_PATH",
			"user_events, YAMMAP_FILES_USER_EVENTS_PATH", "userevents, YAMMAP_FILES_USEREVENTS_PATH",
			"'[user-events]', YAMMAP_FILES_USER_EVENTS_PATH", "'[userevents]', YAMMAP_FILES_USEREVENTS_PATH",
			"'[UserEvents]', YAMMAP_FILES_USEREVENTS_PATH", "events-2, YAMMAP_FILES_EVENTS2_PATH",
			"events-2, YAMMAP_FILES_EVENTS_2_PATH", "'[2]', YAMMAP_FILES_2_PATH" })
	void variableSetsPropertyOfFileAndMakesNone(String name, String variable) {
		this.environment.put(variable, "environment.log");
		yaml("""
				"%s":
				  path: yaml.log
				  size: 1KB
				""".formatted(name)).run((context) -> {
			String bean = name.replaceAll("[\\[\\]]", "");
			assertThat(context.getBean(Mmaps.class).names()).containsExactly(bean);
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly(bean);
			Mmap file = context.getBean(bean, Mmap.class);
			assertThat(file.path()).isEqualTo(this.directory.resolve("environment.log"));
			assertThat(file.size()).isEqualTo(1024);
			assertThat(this.directory).isDirectoryNotContaining("glob:**yaml.log");
		});
	}

	@Test
	void severalVariablesMakeNoFileEither() {
		this.environment.put("YAMMAP_FILES_USER_EVENTS_SYNC_ON_SHUTDOWN", "false");
		this.environment.put("YAMMAP_FILES_USEREVENTS_SIZE", "2KB");
		this.environment.put("YAMMAP_FILES_JOURNAL_ACCESS", "append");
		yaml("""
				user-events:
				  path: events.log
				journal:
				  path: journal.log
				""").run((context) -> {
			assertThat(context.getBean(Mmaps.class).names()).containsExactlyInAnyOrder("user-events", "journal");
			assertThat(context.getBean("user-events", Mmap.class).size()).isEqualTo(2048);
			TrackedFile journal = Objects
				.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
			assertThat(Objects.requireNonNull(journal.settings()).access()).isEqualTo(FileProperties.Access.APPEND);
		});
	}

	@Test
	void fileMayBeInTheEnvironmentAlone() {
		this.environment.put("YAMMAP_FILES_USER_PATH", "user.log");
		this.environment.put("YAMMAP_FILES_USER_SYNC_ONSHUTDOWN", "false");
		this.environment.put("YAMMAP_FILES_USER_EVENTS_SIZE", "1KB");
		yaml("""
				user-events:
				  path: events.log
				"[user.sync]":
				  path: sync.log
				""").run((context) -> {
			assertThat(context.getBean(Mmaps.class).names()).containsExactlyInAnyOrder("user", "user-events",
					"user.sync");
			assertThat(context.getBean("user", Mmap.class).path()).isEqualTo(this.directory.resolve("user.log"));
			assertThat(context.getBean("user-events", Mmap.class).size()).isEqualTo(1024);
		});
	}

	@Test
	void fileInTheEnvironmentAloneNeedsPath() {
		this.environment.put("YAMMAP_FILES_JOURNAL_SIZE", "1KB");
		yaml("user: { path: user.log }").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo("yammap.files.journal.path")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "yammapEndpoint", "yammapHealthIndicator", "mmapMetrics", "messageSource" })
	void nameOfABeanThatOthersRelyOnIsRefused(String name) {
		yaml("'[" + name + "]': { path: journal.log }").run((context) -> assertThat(context).getFailure()
			.isInstanceOfSatisfying(InvalidFileException.class, (ex) -> assertThat(ex.action())
				.isEqualTo("Give the file another name in place of 'yammap.files.%s'.".formatted(name))));
	}

	@ParameterizedTest
	@MethodSource("beansOfTheStarter")
	void noFileTakesThePlaceOfABeanOfTheStarter(String name) {
		yaml("'[" + name + "]': { path: journal.log }").run((context) -> assertThat(context).hasFailed());
	}

	static Stream<String> beansOfTheStarter() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((type) -> type.startsWith("dev.yammap."))
			.flatMap((type) -> Arrays.stream(ClassUtils.resolveClassName(type, null).getDeclaredMethods()))
			.filter((method) -> method.isAnnotationPresent(Bean.class))
			.map(Method::getName);
	}

	@Test
	void fileWithoutPathIsRefused() {
		yaml("journal: { size: 1KB }").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
				assertThat(ex.getName()).isEqualTo("yammap.files.journal.path");
				assertThat(ex.getReason())
					.startsWith("A mapped file needs a path. If no file is to be named 'journal', correct");
			}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "user.events", "user events", "Übersicht", "a/b", "user-events" })
	void nameMayHaveOddCharactersInBrackets(String name) {
		yaml("""
				"[%s]":
				  path: events.log
				""".formatted(name)).run((context) -> {
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly(name);
			assertThat(context.getBean(name, Mmap.class)).isSameAs(context.getBean(Mmaps.class).get(name));
		});
	}

	@Test
	void fileWithOddNameIsInjectedByMappedFile() {
		yaml("""
				"[user.events]": { path: events.log }
				other: { path: other.log }
				""").withUserConfiguration(Injected.class)
			.run((context) -> assertThat(context.getBean(Injected.class).file)
				.isSameAs(context.getBean("user.events", Mmap.class)));
	}

	@Test
	void propertyOfFileWithOddNameIsNamedAsItIsWritten() {
		yaml("""
				"[user.events]":
				  path: events.log
				  max-size: -1B
				""").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getName()).isEqualTo("yammap.files[user.events].max-size")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[user.events]", "[user-events]" })
	void variableThatCannotReachAFileMakesOneOfItsOwn(String name) {
		this.environment.put("YAMMAP_FILES_USEREVENTS_PATH", "environment.log");
		yaml("""
				"%s": { path: events.log }
				""".formatted(name)).run((context) -> {
			assertThat(context.getBean(name.replaceAll("[\\[\\]]", ""), Mmap.class).path())
				.isEqualTo(this.directory.resolve("events.log"));
			assertThat(context.getBean("userevents", Mmap.class).path())
				.isEqualTo(this.directory.resolve("environment.log"));
		});
	}

	@Test
	void placeholderReachesFileWithOddName() {
		this.environment.put("EVENTS_PATH", "environment.log");
		yaml("""
				"[user.events]": { path: "${EVENTS_PATH}" }
				""").run((context) -> assertThat(context.getBean("user.events", Mmap.class).path())
			.isEqualTo(this.directory.resolve("environment.log")));
	}

	@Test
	void jsonReachesFileWithOddName() {
		this.environment.put("SPRING_APPLICATION_JSON",
				"{\"yammap\":{\"files\":{\"[user.events]\":{\"path\":\"json.log\"}}}}");
		yaml("""
				"[user.events]": { path: yaml.log, size: 1KB }
				""").run((context) -> {
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("user.events");
			Mmap file = context.getBean("user.events", Mmap.class);
			assertThat(file.path()).isEqualTo(this.directory.resolve("json.log"));
			assertThat(file.size()).isEqualTo(1024);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "userEvents", "user_events", "userevents", "USER-EVENTS" })
	void namesThatAreOneToSpringBootFailStartUp(String other) {
		yaml("""
				user-events: { path: a.log }
				%s: { path: b.log }
				""".formatted(other)).run((context) -> assertAnalysis(context,
				"The mapped files 'user-events' (yaml) and '%s' (yaml) cannot be told apart: in names of properties, dashes, underscores and upper case do not count, so that each would have the properties of both."
					.formatted(other),
				"Give one of them another name. If they are meant to be one file, write its name in the same way everywhere."));
	}

	@Test
	void namesOfOtherSourcesAreOverridden() {
		yaml("user-events: { path: yaml.log, size: 1KB }").withPropertyValues("yammap.files.user-events.path=test.log")
			.run((context) -> {
				assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("user-events");
				Mmap file = context.getBean("user-events", Mmap.class);
				assertThat(file.path()).isEqualTo(this.directory.resolve("test.log"));
				assertThat(file.size()).isEqualTo(1024);
			});
	}

	private void assertAnalysis(AssertableApplicationContext context, String description, String action) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new InvalidFileFailureAnalyzer()
			.analyze(Objects.requireNonNull(context.getStartupFailure()));
		assertThat(Objects.requireNonNull(analysis).getDescription()).isEqualTo(description);
		assertThat(analysis.getAction()).isEqualTo(action);
		assertThat(this.directory).isEmptyDirectory();
	}

	private ApplicationContextRunner yaml(String files) {
		String yaml = "yammap.files:\n" + files.indent(2);
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withInitializer((context) -> addSources(context, yaml))
			.withPropertyValues("yammap.base-dir=" + this.directory);
	}

	private void addSources(ConfigurableApplicationContext context, String yaml) {
		MutablePropertySources sources = context.getEnvironment().getPropertySources();
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		sources.replace(name, new SystemEnvironmentPropertySource(name, new HashMap<>(this.environment)));
		load(yaml).forEach(sources::addLast);
		new SpringApplicationJsonEnvironmentPostProcessor().postProcessEnvironment(context.getEnvironment(),
				new SpringApplication());
	}

	private List<PropertySource<?>> load(String yaml) {
		try {
			return new YamlPropertySourceLoader().load("yaml",
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static class Injected {

		private final Mmap file;

		Injected(@MappedFile("user.events") Mmap file) {
			this.file = file;
		}

	}

}
