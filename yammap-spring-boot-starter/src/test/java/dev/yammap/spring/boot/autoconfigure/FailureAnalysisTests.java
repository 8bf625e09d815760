package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application says that does not start because of a file.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void missingFile(CapturedOutput output) {
		failToStart("yammap.files.journal.path=journal.log", "yammap.files.journal.create=never");
		assertAnalysis(output,
				"The mapped file 'journal' (" + path("journal.log")
						+ ") could not be opened: it does not exist, and 'yammap.files.journal.create' is 'never'.",
				"Create the file, correct 'yammap.files.journal.path', or set 'yammap.files.journal.create' to 'if-missing'.");
	}

	@Test
	void missingReadOnlyFile(CapturedOutput output) {
		failToStart("yammap.files.table.path=table.bin", "yammap.files.table.access=read-only");
		assertAnalysis(output, "The mapped file 'table' (" + path("table.bin")
				+ ") could not be opened: it does not exist, and with 'yammap.files.table.access: read-only' it is never created.",
				"Create the file, or correct 'yammap.files.table.path'.");
	}

	@Test
	void missingDirectory(CapturedOutput output) {
		failToStart("yammap.files.journal.path=sub/journal.log", "yammap.create-directories=false");
		assertAnalysis(output,
				"The mapped file 'journal' (" + path("sub/journal.log")
						+ ") could not be opened: its directory does not exist.",
				"Create the directory '" + path("sub")
						+ "', or correct 'yammap.files.journal.path' or 'yammap.base-dir'. Directories are created only for a relative path,");
	}

	@Test
	void missingDirectoryThatACustomizerMeets(CapturedOutput output) {
		SpringApplication application = application();
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean("customizer",
				MmapBuilderCustomizer.class, () -> (name, path, builder) -> Files.writeString(path, "a table")));
		assertThatException().isThrownBy(() -> application
			.run(arguments("yammap.files.table.path=sub/table", "yammap.files.table.access=read-only"))
			.close());
		assertAnalysis(output,
				"The mapped file 'table' (" + path("sub/table")
						+ ") could not be opened: its directory does not exist.",
				"Create the directory '" + path("sub")
						+ "', or correct 'yammap.files.table.path' or 'yammap.base-dir'.");
	}

	@Test
	void propertyThatDoesNotExist(CapturedOutput output) {
		failToStart("yammap.files.journal.path=journal.log", "yammap.files.journal.acess=read-only");
		assertAnalysis(output,
				"There is no property 'yammap.files.journal.acess' (\"yammap.files.journal.acess\" from property source \"commandLineArgs\"). Did you mean 'yammap.files.journal.access'?",
				"Correct or remove it. The properties of a file are enabled, path, access, create,");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void timeWithoutUnit(CapturedOutput output) {
		failToStart("yammap.files.journal.path=journal.log", "yammap.files.journal.sync.interval=5");
		assertAnalysis(output, "Invalid value '5' for configuration property 'yammap.files.journal.sync.interval'",
				"Review the value of the property with the provided reason.");
		assertThat(output).contains("A time needs a unit, as in '5s' for seconds or '5ms' for milliseconds.");
	}

	@Test
	void directoryInPlaceOfFile(CapturedOutput output) throws IOException {
		Files.createDirectory(path("journal.log"));
		failToStart("yammap.files.journal.path=journal.log");
		assertAnalysis(output,
				"The mapped file 'journal' (" + path("journal.log") + ") could not be opened: it is a directory.",
				"Correct 'yammap.files.journal.path'.");
	}

	@Test
	void existingFileThatIsAlwaysCreated(CapturedOutput output) throws IOException {
		Files.createFile(path("journal.log"));
		failToStart("yammap.files.journal.path=journal.log", "yammap.files.journal.create=new");
		assertAnalysis(output,
				"The mapped file 'journal' (" + path("journal.log")
						+ ") could not be opened: it exists already, and 'yammap.files.journal.create' is 'new'.",
				"Remove the file, or set 'yammap.files.journal.create' to 'if-missing'.");
	}

	@Test
	void fileLongerThanMaxSize(CapturedOutput output) throws IOException {
		Files.writeString(path("journal.log"), "content");
		failToStart("yammap.files.journal.path=journal.log", "yammap.files.journal.max-size=4B");
		assertAnalysis(output, "The mapped file 'journal' (" + path("journal.log")
				+ ") could not be opened: it is 7 bytes long, which is more than 'yammap.files.journal.max-size' (4B).",
				"Raise 'yammap.files.journal.max-size', or correct 'yammap.files.journal.path'.");
	}

	@Test
	void fileOpenInAnotherContext(CapturedOutput output) {
		try (ConfigurableApplicationContext _ = start("yammap.files.journal.path=journal.log")) {
			failToStart("yammap.files.journal.path=journal.log");
		}
		assertAnalysis(output,
				"The mapped file 'journal' (" + path("journal.log")
						+ ") could not be opened: Cannot lock (exclusive): this process holds a lock on it.",
				"Close the file there, or correct 'yammap.files.journal.path'. If the file is meant to be shared, set 'yammap.files.journal.lock' to 'none', or to 'shared' on both sides.");
	}

	@Test
	void qualifierThatIsTheNameOfNoFile(CapturedOutput output) {
		failToStart(WithWrongQualifier.class, "yammap.files.countries.path=a", "yammap.files.journal.path=b");
		assertAnalysis(output,
				"Parameter 0 of constructor in " + WithWrongQualifier.class.getName()
						+ " needs the mapped file 'countres', and there is none of that name.",
				"Correct the name, or configure 'yammap.files.countres.path'. The names there are: countries, journal.");
	}

	@Test
	void parameterThatHasTheNameOfNoneOfSeveralFiles(CapturedOutput output) {
		failToStart(WithWrongName.class, "yammap.files.countries.path=a", "yammap.files.journal.path=b");
		assertAnalysis(output,
				"Parameter 0 of constructor in " + WithWrongName.class.getName()
						+ " needs a mapped file, and there are several, none of which has its name.",
				"Give the parameter or field the name of a file, annotate it with @MappedFile(\"name\"), or set 'primary' of one file to 'true'. The names there are: countries, journal.");
	}

	@Test
	void parameterWhereThereIsNoFile(CapturedOutput output) {
		failToStart(WithWrongName.class);
		assertAnalysis(output,
				"Parameter 0 of constructor in " + WithWrongName.class.getName()
						+ " needs a mapped file, and there is none.",
				"Configure one under 'yammap.files', and make sure that 'yammap.enabled' is not 'false'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "yammap.enabled=", "yammap.enabled=false",
			"spring.autoconfigure.exclude=dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration" })
	void parameterWhereTheFilesThatAreConfiguredAreNoBeans(String off, CapturedOutput output) {
		failToStart(WithWrongQualifier.class, "yammap.files.countres.path=a", off);
		assertAnalysis(output,
				"Parameter 0 of constructor in " + WithWrongQualifier.class.getName()
						+ " needs a mapped file, and none of those that are configured is a bean.",
				"Set 'yammap.enabled' to 'true' or remove it, and do not exclude the auto-configuration of Yammap. A test of a slice, such as @WebMvcTest, needs @AutoConfigureMappedFiles of 'yammap-spring-boot-starter-test'. The names that are configured: countres.");
	}

	@Test
	void fieldWhoseQualifierIsTheNameOfNoFile(CapturedOutput output) {
		failToStart(WithWrongField.class, "yammap.files.journal.path=b");
		assertAnalysis(output,
				"Field file in " + WithWrongField.class.getName()
						+ " needs the mapped file 'countres', and there is none of that name.",
				"The names there are: journal.");
	}

	@Test
	void beanMethodWhoseParameterIsTheNameOfNoFile(CapturedOutput output) {
		failToStart(WithWrongMethod.class, "yammap.files.a.path=a", "yammap.files.b.path=b");
		assertAnalysis(output, "Parameter 0 of method number in " + WithWrongMethod.class.getName()
				+ " needs a mapped file, and there are several", "The names there are: a, b.");
	}

	@Test
	void missingBeanOfAnotherTypeIsLeftToSpringBoot(CapturedOutput output) {
		failToStart(WithMissingNumber.class, "yammap.files.a.path=a");
		assertAnalysis(output, "required a bean of type 'java.lang.Integer' that could not be found.",
				"Consider defining a bean of type 'java.lang.Integer'");
	}

	@Test
	void twoNamesForOnePath(CapturedOutput output) {
		failToStart("yammap.files.a.path=file", "yammap.files.b.path=file");
		assertAnalysis(output, "The mapped files 'a' and 'b' have the same path, '" + path("file") + "'.",
				"Change 'yammap.files.a.path' or 'yammap.files.b.path', or remove one of the two files and inject the other in its place.");
	}

	@Test
	void twoNamesForOneFile(CapturedOutput output) throws IOException {
		Files.createSymbolicLink(path("link"), Files.createFile(path("file")));
		failToStart("yammap.files.a.path=file", "yammap.files.b.path=link");
		assertAnalysis(output,
				"The mapped files 'a' and 'b' are the same file: '" + path("file") + "' and '" + path("link")
						+ "' lead to one file.",
				"Change 'yammap.files.a.path' or 'yammap.files.b.path', or remove one of the two files and inject the other in its place.");
	}

	@Test
	void beanOfAnotherTypeUnderThatName(CapturedOutput output) {
		failToStart("yammap.files.text.path=file");
		assertAnalysis(output,
				"The mapped file 'text' cannot become a bean: a bean of that name and of type java.lang.String, defined in "
						+ Application.class.getName() + ", is already there.",
				"Give the file another name in place of 'yammap.files.text', or rename the bean.");
	}

	@Test
	void propertiesThatContradictEachOther(CapturedOutput output) {
		failToStart("yammap.files.table.path=file", "yammap.files.table.access=read-only",
				"yammap.files.table.truncate=true");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value 'true' for configuration property 'yammap.files.table.truncate'")
			.contains("A file with 'yammap.files.table.access: read-only' cannot be emptied.");
	}

	@Test
	void applicationStartsWithoutAFailure(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("yammap.files.journal.path=journal.log")) {
			assertThat(context.getBeanDefinitionNames()).contains("journal", "mmaps", "mmapMetrics");
		}
		assertThat(output).contains("Synced and closed file 'journal'");
	}

	private Path path(String name) {
		return this.directory.resolve(name);
	}

	private void failToStart(String... properties) {
		assertThatException().isThrownBy(() -> start(properties).close());
	}

	private void failToStart(Class<?> source, String... properties) {
		SpringApplication application = application();
		application.addPrimarySources(List.of(source));
		assertThatException().isThrownBy(() -> application.run(arguments(properties)).close());
	}

	private ConfigurableApplicationContext start(String... properties) {
		return application().run(arguments(properties));
	}

	private SpringApplication application() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	private String[] arguments(String... properties) {
		return Stream.concat(Stream.of("yammap.base-dir=" + this.directory), Stream.of(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
	}

	private void assertAnalysis(CapturedOutput output, String description, String action) {
		assertThat(output.getOut()).containsSubsequence("APPLICATION FAILED TO START", "Description:", description,
				"Action:", action);
	}

	static class WithWrongQualifier {

		WithWrongQualifier(@MappedFile("countres") Mmap file) {
			throw new AssertionError(file);
		}

	}

	static class WithWrongName {

		WithWrongName(Mmap file) {
			throw new AssertionError(file);
		}

	}

	static class WithWrongField {

		@Autowired
		@Qualifier("countres")
		@SuppressWarnings("NullAway.Init")
		Mmap file;

	}

	@Configuration(proxyBeanMethods = false)
	static class WithWrongMethod {

		@Bean
		Integer number(Mmap file) {
			throw new AssertionError(file);
		}

	}

	static class WithMissingNumber {

		WithMissingNumber(Mmap a, Integer number) {
			throw new AssertionError(a + " " + number);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		String text() {
			return "a bean";
		}

	}

}
