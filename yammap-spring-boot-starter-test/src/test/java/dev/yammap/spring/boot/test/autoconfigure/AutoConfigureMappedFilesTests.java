package dev.yammap.spring.boot.test.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.autoconfigure.YammapProperties;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles.Content;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoConfigureMappedFiles} on a {@link SpringBootTest}.
 */
@SpringBootTest
@ExtendWith(OutputCaptureExtension.class)
@AutoConfigureMappedFiles(contents = @Content(file = "table", resource = "table.txt"))
class AutoConfigureMappedFilesTests {

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	@Autowired
	@MappedFile("table")
	private Mmap table;

	@Autowired
	@MappedFile("journal")
	private Mmap journal;

	@Autowired
	@MappedFile("counters")
	private Mmap counters;

	@Autowired
	@MappedFile("dynamic")
	private Mmap dynamic;

	@Autowired
	private Journal orders;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("yammap.files.dynamic.path", () -> "/yammap-production/dynamic.bin");
	}

	@Test
	void fileBelowTheBaseDirectoryKeepsItsPlace() throws IOException {
		assertThat(this.table.path()).isEqualTo(directory().resolve("tables/table.bin"))
			.startsWith(TEMPORARY.toRealPath());
	}

	@Test
	void fileWithAnAbsolutePathIsInTheDirectory() throws IOException {
		assertThat(this.journal.path()).isEqualTo(directory().resolve("absolute/yammap-production/journal.log"));
		this.journal.write(new byte[] { 1 });
		assertThat(this.journal.path()).hasSize(this.journal.size());
		assertThat(Path.of("/yammap-production")).doesNotExist();
	}

	@Test
	void journalWithAnAbsolutePathIsInTheDirectory() throws IOException {
		assertThat(this.orders.directory()).isEqualTo(directory().resolve("absolute/yammap-production/orders"));
		assertThat(this.orders.appendAndSync(new byte[] { 1 })).isZero();
		assertThat(Path.of("/yammap-production")).doesNotExist();
	}

	@Test
	void fileBesideTheBaseDirectoryIsInTheDirectory() {
		assertThat(this.counters.path()).startsWith(directory()).hasSize(8192);
		assertThat(Path.of("counters.bin")).doesNotExist();
	}

	@Test
	void fileThatTheTestConfiguresIsInTheDirectory() {
		assertThat(this.dynamic.path()).isEqualTo(directory().resolve("absolute/yammap-production/dynamic.bin"));
	}

	@Test
	void fileHasItsContent() throws IOException {
		assertThat(content()).isEqualTo("a look-up table\n");
	}

	private String content() throws IOException {
		byte[] content = new byte[100];
		int length = this.table.readAt(content, 0);
		return new String(content, 0, length, StandardCharsets.UTF_8);
	}

	/** As a context refresh of Spring Cloud does. */
	@Test
	void propertiesThatAreBoundAgainLeadIntoTheSameDirectory(@Autowired YammapProperties properties,
			@Autowired AutowireCapableBeanFactory beanFactory, CapturedOutput output) throws IOException {
		FileProperties before = properties.getFiles().get("table");
		beanFactory.initializeBean(properties, "yammap-" + YammapProperties.class.getName());
		assertThat(properties.getFiles().get("table")).isNotSameAs(before);
		assertThat(properties.getFiles()).extractingByKeys("table", "journal")
			.extracting(FileProperties::getPath)
			.containsExactly(this.table.path().toString(), this.journal.path().toString());
		assertThat(properties.getBaseDir()).isEqualTo(directory().toString());
		assertThat(content()).isEqualTo("a look-up table\n");
		assertThat(output).doesNotContain("have changed");
	}

	private Path directory() {
		return this.table.path().getParent().getParent();
	}

	@Nested
	class InNestedClass {

		@Test
		void filesAreTheSame(@Autowired @MappedFile("table") Mmap file) {
			assertThat(file).isSameAs(AutoConfigureMappedFilesTests.this.table);
		}

	}

}
