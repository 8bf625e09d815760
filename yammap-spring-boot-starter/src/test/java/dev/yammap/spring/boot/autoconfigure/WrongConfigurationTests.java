package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.support.Contexts;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for configuration that is wrong: it stops the start, before any file is touched,
 * and the report names the property.
 */
@ExtendWith(OutputCaptureExtension.class)
public class WrongConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "acess, access", "sizee, size", "readonly, create", "sync.intervall, sync.interval",
			"sync-interval, sync.interval", "sync.interval.value, sync.interval", "maxsizee, max-size", "sync[0], size",
			"sync.onwrit, sync.on-write" })
	void unknownPropertyOfAFileStopsTheStart(String property, String nearest) {
		String name = "yammap.files.journal." + property;
		assertRefused("There is no property '" + name + "'", name + "=1KB")
			.contains("Did you mean 'yammap.files.journal." + nearest + "'?");
	}

	@ParameterizedTest
	@CsvSource({ "files, sync, sync.interval", "files, sync, sync.on-shutdown", "journals, sync, sync.on-append",
			"journals, retention, retention.size", "journals, retention, retention.age" })
	void valueOfAGroupOfPropertiesStopsTheStart(String kind, String property, String below) {
		String name = "yammap." + kind + ".table." + property;
		assertRefused("There is no property '" + name + "'", name + "=1s")
			.contains("It has no value itself, but the properties ", "'yammap." + kind + ".table." + below + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "lock", "size", "advice", "preallocate", "sync.on-write", "reload-on-update", "truncate" })
	void propertyThatOnlyAFileHasStopsTheStartOfAJournal(String property) {
		assertRefused("There is no property 'yammap.journals.orders." + property + "'",
				"yammap.journals.orders." + property + "=none")
			.contains("A file has one of that name, but a journal has none.");
	}

	@Test
	void propertyThatOnlyAJournalHasStopsTheStartOfAFile() {
		assertRefused("There is no property 'yammap.files.journal.segment-size'",
				"yammap.files.journal.segment-size=1MB")
			.contains("A journal has one of that name, but a file has none.");
	}

	@ParameterizedTest
	@CsvSource({ "acess, access", "segmentsize.x, segment-size", "retention.sizee, retention.size",
			"retention.agee, retention.age", "sync.intervall, sync.interval", "sync.on-apend, sync.on-append",
			"recover, recovery" })
	void unknownPropertyOfAJournalStopsTheStart(String property, String nearest) {
		String name = "yammap.journals.orders." + property;
		assertRefused("There is no property '" + name + "'", name + "=1KB")
			.contains("Did you mean 'yammap.journals.orders." + nearest + "'?");
	}

	@Test
	void severalUnknownPropertiesAreReportedTogether() {
		assertRefused("'yammap.files.journal.acess'", "yammap.files.journal.acess=read-only",
				"yammap.files.journal.sizee=1KB")
			.contains("'yammap.files.journal.sizee'");
	}

	@ParameterizedTest
	@CsvSource({ "yammap.file.journal.path, yammap.files", "yammap.basedir.x, yammap.base-dir",
			"yammap.create-directory, yammap.create-directories", "yammap.fils.journal.path, yammap.files",
			"yammap.reload.interval, yammap.reload-interval", "yammap.create.directories, yammap.create-directories" })
	void unknownPropertyOutsideOfFilesStopsTheStart(String property, String nearest) {
		assertRefused("There is no property '" + property + "'", property + "=journal.log")
			.contains("Did you mean '" + nearest + "'?");
	}

	@Test
	void unknownPropertyStopsTheStartAlsoIfThereIsNoFile() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withPropertyValues("yammap.file.journal.path=journal.log")
			.run((context) -> assertThat(rootCause(context)).isInstanceOf(InvalidFileException.class));
	}

	@Test
	void unknownSystemPropertyStopsTheStart() {
		runner().withSystemProperties("yammap.files.journal.acess=read-only")
			.run((context) -> assertThat(rootCause(context)).isInstanceOf(InvalidFileException.class)
				.hasMessageContaining("'yammap.files.journal.acess'"));
	}

	@Test
	void originOfAnUnknownPropertyIsNamed() {
		yaml("""
				yammap:
				  files:
				    journal:
				      path: journal.log
				      acess: read-only
				""").run((context) -> assertThat(rootCause(context)).hasMessageMatching(
				"There is no property 'yammap.files.journal.acess' \\(.* - 5:14\\)\\. Did you mean .*"));
	}

	@Test
	void listOfFilesStopsTheStart() {
		yaml("""
				yammap:
				  files:
				  - path: journal.log
				  - path: table.bin
				""").run((context) -> assertThat(context).getFailure()
			.isInstanceOf(InvalidFileException.class)
			.hasMessage("'yammap.files' is a list, and the files in it have no names."));
	}

	@Test
	void listOfTextsStopsTheStart() {
		yaml("""
				yammap:
				  journals: [orders, visits]
				""").run((context) -> assertThat(context).getFailure()
			.isInstanceOf(InvalidFileException.class)
			.hasMessage("'yammap.journals' is a list, and the journals in it have no names."));
	}

	@Test
	void listOfJournalsStopsTheStart() {
		yaml("""
				yammap:
				  journals:
				  - path: orders
				""").run((context) -> assertThat(context).getFailure()
			.isInstanceOf(InvalidFileException.class)
			.hasMessage("'yammap.journals' is a list, and the journals in it have no names."));
	}

	@Test
	void unknownVariableOfTheEnvironmentIsWarnedOf(CapturedOutput output) {
		environment(Map.of("YAMMAP_FILES_JOURNAL_ACESS", "read-only", "YAMMAP_FILES_JOURNAL_MAX_SIZE", "1KB",
				"YAMMAP_FILES_JOURNAL_SYNC_ON_SHUTDOWN", "true", "YAMMAP_SERVICE_HOST", "10.0.0.1", "YAMMAP_PORT",
				"tcp://10.0.0.1:80"))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getOut().split("WARN", -1)).hasSize(2);
		assertThat(output).contains("The environment variable 'YAMMAP_FILES_JOURNAL_ACESS' has no effect: there is no"
				+ " property 'yammap.files.journal.acess'. Did you mean 'yammap.files.journal.access'?");
	}

	@Test
	void variablesNoneOfWhichIsAPropertyMakeNoFile(CapturedOutput output) {
		environment(Map.of("YAMMAP_FILES_SERVICE_HOST", "10.0.0.1", "YAMMAP_FILES_SERVICE_PORT", "80"))
			.run((context) -> assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("journal"));
		assertThat(output).contains("The environment variable 'YAMMAP_FILES_SERVICE_HOST' has no effect",
				"The environment variable 'YAMMAP_FILES_SERVICE_PORT' has no effect");
		assertThat(output.getOut().split("WARN", -1)).hasSize(3);
	}

	@Test
	void textWhereAFileIsExpectedDoesNotStopTheStartIfItIsAVariable() {
		environment(Map.of("YAMMAP_FILES_PORT", "tcp://10.0.0.1:80", "YAMMAP_FILES_PORT_80_TCP_PORT", "80"))
			.run((context) -> assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("journal"));
	}

	@Test
	void textWhereAFileIsExpectedStopsTheStartElsewhere() {
		yaml("""
				yammap:
				  files:
				    journal: journal.log
				""").run((context) -> {
			assertThat(context).getFailure()
				.isInstanceOf(InvalidFileException.class)
				.hasMessageMatching("'yammap.files.journal' \\(.* - 3:14\\) has a value, 'journal.log', where a file"
						+ " has properties\\.");
			assertThat(((InvalidFileException) Objects.requireNonNull(context.getStartupFailure())).action())
				.startsWith("Write its path as the property 'path' below it: 'yammap.files.journal.path'.");
		});
		runner().withPropertyValues("yammap.journals.orders=orders")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidFileException.class)
				.hasMessageContaining("has a value, 'orders', where a journal has properties."));
	}

	@Test
	void groupInYamlWithoutAnythingBelowItIsUnset() {
		yaml("""
				yammap:
				  files:
				    journal:
				      path: %1$s/journal.log
				      sync:
				  journals:
				    orders:
				      path: %1$s/orders
				      sync:
				      # interval: 5s
				      retention:
				""".formatted(this.directory))
			.run((context) -> assertThat(context.getBeanNamesForType(Journal.class)).containsExactly("orders"));
		yaml("""
				yammap:
				  files:
				  journals:
				""").run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(Mmap.class)
			.doesNotHaveBean(Journal.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "files", "journals" })
	void nameWithoutPropertiesNeedsAPath(String kind) {
		runner().withPropertyValues("yammap." + kind + ".table=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo("yammap." + kind + ".table.path")));
	}

	@Test
	void nameWithoutPropertiesThatHidesOthersStopsTheStart() {
		yaml("""
				yammap:
				  files:
				    table:
				    other:
				      path: other.bin
				""").withPropertyValues("yammap.files.table.path=table.bin")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidFileException.class)
				.hasMessageMatching("'yammap.files.table' \\(.* - 3:11\\) has nothing below it, and so hides the"
						+ " properties of the file that are written elsewhere\\."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "files", "journals" })
	void textInPlaceOfAllNamesStopsTheStart(String kind) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withPropertyValues("yammap." + kind + "=orders")
			.run((context) -> assertThat(rootCause(context)).isInstanceOf(InvalidFileException.class)
				.hasMessageContaining("There is no property 'yammap." + kind + "'")
				.hasMessageContaining("as in 'yammap." + kind + ".orders.path'."));
	}

	@Test
	void propertyOfTheSystemIsRefusedElsewhere() {
		runner().withSystemProperties("yammap.leak-tracking=true").run((context) -> assertThat(context).hasNotFailed());
		yaml("""
				yammap:
				  leak-tracking: true
				""").run((context) -> assertThat(rootCause(context))
			.hasMessageContaining("There is no property 'yammap.leak-tracking'")
			.hasMessageContaining("Did you mean '-Dyammap.leak-tracking, a system property'?"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "YAMMAP_FILES_USEREVENTS_ACESS", "YAMMAP_FILES_USER_EVENTS_ACESS" })
	void unknownVariableOfAFileWithDashesIsWarnedOf(String variable, CapturedOutput output) {
		environment(Map.of(variable, "read-only")).withPropertyValues("yammap.files.user-events.path=events.log")
			.run((context) -> assertThat(context.getBeanNamesForType(Mmap.class)).containsExactlyInAnyOrder("journal",
					"user-events"));
		assertThat(output).contains("The environment variable '" + variable + "' has no effect",
				"Did you mean 'yammap.files.user-events.access'?");
		assertThat(output.getOut().split("WARN", -1)).hasSize(2);
	}

	@Test
	void variableThatReachesAFileByItsUnderscoresIsNotWarnedOf(CapturedOutput output) {
		environment(Map.of("YAMMAP_FILES_USER_EVENTS_SIZE", "1KB"))
			.withPropertyValues("yammap.files.user.path=user.log", "yammap.files.user-events.path=events.log")
			.run((context) -> assertThat(context.getBean("user-events", Mmap.class).size()).isEqualTo(1024));
		assertThat(output).doesNotContain("has no effect");
	}

	@Test
	void variablesOfAServiceOfAnotherAreNoJournal() {
		environment(Map.of("YAMMAP_JOURNALS_PORT", "tcp://10.0.0.1:80", "YAMMAP_JOURNALS_PORT_80_TCP_PORT", "80"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Journal.class));
	}

	@Test
	void variableSetsAPropertyOfAJournal(CapturedOutput output) {
		environment(Map.of("YAMMAP_JOURNALS_USER_EVENTS_SEGMENT_SIZE", "8KB", "YAMMAP_JOURNALS_USEREVENTS_ACESS", "x"))
			.withPropertyValues("yammap.journals.user-events.path=events")
			.run((context) -> assertThat(context.getBean(Journal.class).segments().getFirst().size()).isEqualTo(8192));
		assertThat(output).contains("Did you mean 'yammap.journals.user-events.access'?");
	}

	@Test
	void everyPropertyThatIsBoundIsKnown() {
		List<String> ofFile = new ArrayList<>(names(FileProperties.class).toList());
		ofFile.remove("sync");
		ofFile.addAll(names(FileProperties.Sync.class).map("sync."::concat).toList());
		assertThat(UnknownProperties.known(ResourceKind.FILE)).containsExactlyInAnyOrderElementsOf(ofFile);
		List<String> ofJournal = new ArrayList<>(names(JournalProperties.class).toList());
		ofJournal.removeAll(List.of("sync", "retention"));
		ofJournal.addAll(names(JournalProperties.Sync.class).map("sync."::concat).toList());
		ofJournal.addAll(names(JournalProperties.Retention.class).map("retention."::concat).toList());
		assertThat(UnknownProperties.known(ResourceKind.JOURNAL)).containsExactlyInAnyOrderElementsOf(ofJournal);
		assertThat(names(YammapProperties.class)).containsExactlyInAnyOrder("enabled", "base-dir", "create-directories",
				"observation-enabled", "reload-interval", "files", "journals");
	}

	@ParameterizedTest
	@CsvSource({ "yammap.files.journal.path, ''", "yammap.files.journal.path, '  '", "yammap.files.journal.access, ''",
			"yammap.files.journal.access, ' '", "yammap.base-dir, ''", "yammap.base-dir, ' '" })
	void blankPathOrAccessIsRefused(String property, String value) {
		assertInvalid(property, value);
	}

	@Test
	void blankAccessOfAPlaceholderIsRefused() {
		assertInvalid("yammap.files.journal.access", "${NO_SUCH_VARIABLE:}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "create", "size", "truncate", "permissions", "preallocate", "max-size", "lock", "populate",
			"lock-in-memory", "advice", "backend", "primary", "enabled", "reload-on-update", "reload-empty",
			"sync.on-write", "sync.on-shutdown", "sync.interval" })
	void anyOtherBlankValueIsUnset(String property) {
		runner()
			.withPropertyValues("yammap.files.journal." + property + "=", "yammap.reload-interval=",
					"yammap.create-directories=", "yammap.observation-enabled=")
			.run((context) -> assertThat(context.getBean(Mmap.class).size()).isZero());
	}

	@ParameterizedTest
	@ValueSource(strings = { "5", " 5 ", "0", "-1", "0s", "-1s", "1ns", "999us", "366d", "106752d", "200000d" })
	void timeWithoutUnitOrOutOfRangeIsRefused(String value) {
		assertInvalid("yammap.files.journal.sync.interval", value);
		assertInvalid("yammap.reload-interval", value);
	}

	@Test
	void numberOfYamlIsATimeWithoutUnit() {
		yaml("""
				yammap:
				  files:
				    journal:
				      path: journal.log
				      sync:
				        interval: 5
				""").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getReason()).contains("'5s' for seconds or '5ms' for milliseconds")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1ms", "5s", "365d", "PT1M" })
	void timeWithUnitIsTaken(String value) {
		runner().withPropertyValues("yammap.files.journal.sync.interval=" + value, "yammap.reload-interval=" + value)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "classpath:table.bin", "classpath*:table.bin", "http://localhost/table.bin",
			"jar:file:/x.jar!/table.bin", "~/table.bin", "~", "~root/table.bin", "${NO_SUCH_VARIABLE}/table.bin",
			"file://host/table.bin", "file:/%zz" })
	void whatIsNotThePathOfAFileIsRefused(String value) {
		assertInvalid("yammap.files.journal.path", value);
		assertInvalid("yammap.base-dir", value);
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "#{1}", "${x}", "&a", "a#{systemProperties}" })
	void nameThatSpringWouldNotTakeAsItIsStopsTheStart(String name) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("yammap.files[" + name + "].path", "journal.log");
		Contexts.in(this.directory)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("names", properties)))
			.run((context) -> {
				assertThat(context).getFailure().isInstanceOf(InvalidFileException.class);
				assertThat(
						new InvalidFileFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())))
					.isNotNull()
					.satisfies((analysis) -> assertThat(analysis.getAction()).contains("[" + name + "]"));
			});
		assertThat(this.directory).isEmptyDirectory();
	}

	private AbstractStringAssert<?> assertRefused(String message, String... properties) {
		StringBuilder found = new StringBuilder();
		runner().withPropertyValues(properties).run((context) -> {
			assertThat(rootCause(context)).isInstanceOf(InvalidFileException.class).hasMessageContaining(message);
			found.append(rootCause(context).getMessage());
		});
		assertThat(this.directory).isEmptyDirectory();
		return assertThat(found.toString());
	}

	/** What is noticed early is not wrapped. */
	private static Throwable rootCause(AssertableApplicationContext context) {
		Throwable cause = Objects.requireNonNull(context.getStartupFailure());
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause;
	}

	private void assertInvalid(String property, String value) {
		runner().withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(ex) -> assertThat(ex.getName()).isEqualTo(property)));
		assertThat(this.directory).isEmptyDirectory();
	}

	private ApplicationContextRunner runner() {
		return Contexts.in(this.directory, "yammap.files.journal.path=journal.log");
	}

	private ApplicationContextRunner environment(Map<String, Object> variables) {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		return runner().withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.replace(name, new SystemEnvironmentPropertySource(name, variables)));
	}

	private ApplicationContextRunner yaml(String yaml) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withInitializer((context) -> {
				try {
					new YamlPropertySourceLoader()
						.load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
						.forEach(context.getEnvironment().getPropertySources()::addLast);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
	}

	private static Stream<String> names(Class<?> type) {
		return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
			.map((property) -> DataObjectPropertyName.toDashedForm(property.getName()))
			.filter((name) -> !name.equals("class"));
	}

}
