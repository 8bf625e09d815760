package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.yammap.journal.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what an application says of a journal that keeps it from starting.
 */
@ExtendWith(OutputCaptureExtension.class)
class JournalFailureAnalysisTests {

	private static final String PATH = "yammap.journals.orders.path=orders";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ConfigurableApplicationContext start(Class<?> source, String... properties) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(Stream.concat(Stream.of("yammap.base-dir=" + this.directory), Stream.of(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new));
	}

	private void failToStart(String... properties) {
		assertThatException().isThrownBy(() -> start(Application.class, properties).close());
	}

	private static void assertAnalysis(CapturedOutput output, String description, String action) {
		assertThat(output.getOut()).containsSubsequence("APPLICATION FAILED TO START", "Description:", description,
				"Action:", action);
	}

	private String orders() {
		return "The journal 'orders' (" + this.directory.resolve("orders") + ") could not be opened: ";
	}

	@Test
	void damage(CapturedOutput output) throws IOException {
		Path segment;
		try (Journal journal = Journal.builder(this.directory.resolve("orders")).segmentSize(64 * 1024).open()) {
			for (int i = 0; i < 10; i++) {
				journal.appendAndSync(new byte[100]);
			}
			segment = journal.segments().getFirst().file();
		}
		Files.write(segment, new byte[10]);
		failToStart(PATH, "yammap.journals.orders.recovery=refuse");
		assertAnalysis(output, orders() + segment + " is damaged at offset 0: ",
				"set 'yammap.journals.orders.recovery' to 'keep-whole-prefix'");
	}

	@Test
	void damageOfAJournalThatIsOnlyRead(CapturedOutput output) throws IOException {
		try (Journal journal = Journal.builder(this.directory.resolve("orders")).segmentSize(64 * 1024).open()) {
			journal.appendAndSync(new byte[100]);
		}
		Path segment = segments().getFirst();
		Files.write(segment, new byte[10]);
		failToStart(PATH, "yammap.journals.orders.access=read-only");
		assertAnalysis(output, orders() + segment + " is damaged at offset 0: ",
				"set 'yammap.journals.orders.recovery' to 'skip', which goes on behind it. Nothing is deleted.");
		assertThat(output.getOut()).doesNotContain("keep-whole-prefix");
		start(Application.class, PATH, "yammap.journals.orders.access=read-only",
				"yammap.journals.orders.recovery=skip")
			.close();
	}

	@Test
	void damageThatNoSettingPassesOver(CapturedOutput output) throws IOException {
		try (Journal journal = Journal.builder(this.directory.resolve("orders")).segmentSize(64 * 1024).open()) {
			journal.appendAndSync(new byte[100]);
		}
		Path control = this.directory.resolve("orders/journal.control");
		Files.write(control, new byte[(int) Files.size(control)]);
		failToStart(PATH);
		assertAnalysis(output, orders() + control + " is damaged at offset 0: its header is not valid.",
				"set 'yammap.journals.orders.recovery' to 'keep-whole-prefix'");
		for (Path segment : segments()) {
			Files.write(segment, new byte[1]);
		}
		failToStart(PATH);
		assertThat(output.getAll().lastIndexOf("as no segment says which journal this was"))
			.isGreaterThan(output.getAll().lastIndexOf("keep-whole-prefix"));
	}

	private List<Path> segments() throws IOException {
		try (Stream<Path> files = Files.list(this.directory.resolve("orders"))) {
			return files.filter((file) -> file.toString().endsWith(".segment")).toList();
		}
	}

	@Test
	void secondWriter(CapturedOutput output) throws IOException {
		try (Journal _ = Journal.open(this.directory.resolve("orders"))) {
			failToStart(PATH);
		}
		assertAnalysis(output, orders() + "another writer has it. Cannot lock (exclusive): this process holds a lock",
				"Only one process may write to a journal at a time. Stop the other, or correct"
						+ " 'yammap.journals.orders.path'. To read what the other appends, set"
						+ " 'yammap.journals.orders.access' to 'read-only'.");
	}

	@Test
	void missingDirectory(CapturedOutput output) {
		failToStart("yammap.journals.orders.path=/nonexistent/volume/orders");
		assertAnalysis(output,
				"The journal 'orders' (/nonexistent/volume/orders) could not be opened: its directory does not exist.",
				"Create the directory '/nonexistent/volume', or correct 'yammap.journals.orders.path' or"
						+ " 'yammap.base-dir'.");
	}

	@Test
	void missingJournalToRead(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.access=read-only");
		assertAnalysis(
				output, orders()
						+ "it does not exist, and with 'yammap.journals.orders.access: read-only' it is never created.",
				"Create the journal, or correct 'yammap.journals.orders.path'.");
	}

	@Test
	void missingJournalThatIsNeverCreated(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.create=never");
		assertAnalysis(output, orders() + "it does not exist, and 'yammap.journals.orders.create' is 'never'.",
				"or set 'yammap.journals.orders.create' to 'if-missing'.");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void existingJournalThatMustBeNew(CapturedOutput output) throws IOException {
		Journal.open(this.directory.resolve("orders")).close();
		failToStart(PATH, "yammap.journals.orders.create=new");
		assertAnalysis(output, orders() + "it exists already, and 'yammap.journals.orders.create' is 'new'.",
				"Remove the journal, or set 'yammap.journals.orders.create' to 'if-missing'.");
	}

	@Test
	void linkThatLeadsNowhere(CapturedOutput output) throws IOException {
		Files.createSymbolicLink(this.directory.resolve("orders"), this.directory.resolve("volume"));
		failToStart(PATH);
		assertAnalysis(output, orders() + "it is a symbolic link to '" + this.directory.resolve("volume")
				+ "', which leads to no directory.", "Create the target of the link, or correct the link or");
	}

	@Test
	void sizesAreWrittenAsInProperties(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.retention.size=10MB");
		assertThat(output)
			.contains("The last segment is always kept, and 'yammap.journals.orders.segment-size' is 64MB.");
	}

	@Test
	void segmentSizeWithoutUnit(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.segment-size=64");
		assertThat(output).contains("A segment has from 8KB to 8GB. A size without a unit is in bytes.");
	}

	@Test
	void fileInPlaceOfTheDirectory(CapturedOutput output) throws IOException {
		Files.createFile(this.directory.resolve("orders"));
		failToStart(PATH);
		assertAnalysis(output, orders() + "it is not a directory.", "Correct 'yammap.journals.orders.path'.");
	}

	@Test
	void propertyThatDoesNotExist(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.retention.sise=1GB");
		assertAnalysis(output, "Did you mean 'yammap.journals.orders.retention.size'?",
				"Correct or remove it. The properties of a journal are enabled, path, access, create, segment-size,");
	}

	@Test
	void timesWithoutUnit(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.retention.age=7");
		assertThat(output).contains("A time needs a unit, as in '7s' for seconds or '7ms' for milliseconds.");
	}

	@Test
	void blankAccess(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.orders.access= ");
		assertThat(output).contains("yammap.journals.orders.access", "A value is required, such as 'read-only'.");
	}

	@Test
	void noPath(CapturedOutput output) {
		failToStart("yammap.journals.orders.segment-size=8KB");
		assertThat(output).contains("A journal needs a path. If no journal is to be named 'orders'");
	}

	@Test
	void sameDirectoryTwice(CapturedOutput output) {
		failToStart(PATH, "yammap.journals.visits.path=./orders");
		assertAnalysis(output,
				"The journals 'orders' and 'visits' have the same path, '" + this.directory.resolve("orders") + "'.",
				"Change 'yammap.journals.orders.path' or 'yammap.journals.visits.path'");
	}

	@Test
	void sameDirectoryThroughALink(CapturedOutput output) throws IOException {
		Files.createDirectory(this.directory.resolve("orders"));
		Files.createSymbolicLink(this.directory.resolve("link"), this.directory.resolve("orders"));
		failToStart(PATH, "yammap.journals.visits.path=link");
		assertAnalysis(output, "The journals 'orders' and 'visits' are the same directory:", "Change");
	}

	@Test
	void fileAndJournalAtOnePath(CapturedOutput output) {
		failToStart(PATH, "yammap.files.table.path=orders");
		assertAnalysis(output, "The mapped file 'table' and the journal 'orders' have the same path", "Change");
	}

	@ParameterizedTest
	@ValueSource(strings = { "journal.control", "0000000000000001.segment", "billing.reader" })
	void fileOfAJournal(String file, CapturedOutput output) {
		failToStart(PATH, "yammap.files.table.path=orders/" + file);
		assertAnalysis(output,
				"The mapped file 'table' (" + this.directory.resolve("orders").resolve(file)
						+ ") is a file of the journal 'orders' (" + this.directory.resolve("orders") + ").",
				"The journal opens its files itself. Correct 'yammap.files.table.path'");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void nameOfAFileAndOfAJournal(CapturedOutput output) {
		failToStart(PATH, "yammap.files.orders.path=orders.bin");
		assertAnalysis(output,
				"A mapped file and a journal are both named 'orders', and only one can be the bean of that name.",
				"Give 'yammap.files.orders' or 'yammap.journals.orders' another name.");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void nameOfNoJournal(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(WithWrongQualifier.class, PATH).close());
		assertAnalysis(output, "needs the journal 'oders', and there is none of that name.",
				"Correct the name, or configure 'yammap.journals.oders.path'. The names there are: orders.");
	}

	@Test
	void disabledJournal(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(WithWrongQualifier.class, "yammap.journals.oders.path=oders",
				"yammap.journals.oders.enabled=false")
			.close());
		assertAnalysis(output, "needs the journal 'oders', and 'yammap.journals.oders.enabled' is 'false'.",
				"Set 'yammap.journals.oders.enabled' to 'true' in this profile");
	}

	@Test
	void everythingThatFailsLeavesNothingOpen() throws IOException {
		failToStart(PATH, "yammap.journals.visits.path=/nonexistent/visits");
		try (Journal journal = Journal.open(this.directory.resolve("orders"))) {
			assertThat(journal.recovery().wasTorn()).isFalse();
			assertThat(List.of(journal.segments())).isNotEmpty();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithWrongQualifier {

		WithWrongQualifier(@Qualifier("oders") Journal journal) {
			throw new AssertionError(journal);
		}

	}

}
