package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import dev.yammap.Mmap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link TableBuilder}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TableBuilderTests {

	private static final String[] LINES = { "16777216,16777471,AU", "134744064,134744079,US" };

	@TempDir
	private Path directory;

	private Path target;

	@BeforeEach
	void setUp() {
		this.target = this.directory.resolve("countries.bin");
	}

	@Test
	void missingTableIsBuilt() throws IOException {
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		assertThat(this.target).hasSize(64 + 2 * 10);
		assertThat(find("8.8.8.8")).contains(CountryCode.of("US"));
		assertNothingElseIsThere();
	}

	@Test
	void missingDirectoriesAreCreated() throws IOException {
		Path deep = this.directory.resolve("one/two/countries.bin");
		new TableBuilder(TestData.of(LINES)).ensure(deep);
		assertThat(deep).isRegularFile();
	}

	@Test
	void progressIsLogged(CapturedOutput output) throws IOException {
		new TableBuilder(new CountryData(TestData.resource())).ensure(this.target);
		assertThat(output).contains("Building the table of countries in '" + this.target + "'")
			.contains("Building the table of countries: 100000 ranges read")
			.contains("Building the table of countries: 300000 ranges read")
			.contains("Built the table of countries: 385372 ranges in ");
	}

	@Test
	void currentTableIsKept() throws IOException {
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		Object key = key();
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		assertThat(key()).isEqualTo(key);
	}

	@Test
	void tableOfOtherDataIsReplaced() throws IOException {
		new TableBuilder(TestData.of("134744064,134744079,CA")).ensure(this.target);
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		assertThat(find("8.8.8.8")).contains(CountryCode.of("US"));
		assertThat(find("1.0.0.1")).contains(CountryCode.of("AU"));
	}

	@Test
	void damagedTableIsReplaced() throws IOException {
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		byte[] whole = Files.readAllBytes(this.target);
		for (int index = 0; index < whole.length; index++) {
			byte[] damaged = whole.clone();
			damaged[index] ^= 0x10;
			Files.write(this.target, damaged);
			new TableBuilder(TestData.of(LINES)).ensure(this.target);
			assertThat(this.target).hasBinaryContent(whole);
		}
	}

	@Test
	void tableThatIsCutShortIsReplaced() throws IOException {
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		byte[] whole = Files.readAllBytes(this.target);
		for (int length = 0; length < whole.length; length += 7) {
			Files.write(this.target, Arrays.copyOf(whole, length));
			new TableBuilder(TestData.of(LINES)).ensure(this.target);
			assertThat(this.target).hasBinaryContent(whole);
		}
	}

	@Test
	void whatABuildThatWasCutShortLeftIsNotTakenForATable() throws IOException {
		Files.write(this.directory.resolve("countries.bin.building"), new byte[1000]);
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		assertThat(this.target).hasSize(64 + 2 * 10);
		assertThat(find("1.0.0.1")).contains(CountryCode.of("AU"));
		assertNothingElseIsThere();
	}

	@Test
	void dataThatCannotBeUsedLeavesTheOldTable() throws IOException {
		new TableBuilder(TestData.of(LINES)).ensure(this.target);
		byte[] whole = Files.readAllBytes(this.target);
		CountryData broken = new CountryData(new ByteArrayResource(new byte[100]));
		assertThatIOException().isThrownBy(() -> new TableBuilder(broken).ensure(this.target));
		assertThat(this.target).hasBinaryContent(whole);
	}

	@Test
	void dataThatCannotBeUsedLeavesNoTable() throws IOException {
		CountryData broken = TestData.of("0,9,AU", "broken");
		assertThatIOException().isThrownBy(() -> new TableBuilder(broken).ensure(this.target));
		assertThat(this.directory).isEmptyDirectory();
	}

	private Optional<CountryCode> find(String ip) throws IOException {
		try (Mmap file = Mmap.open(this.target)) {
			return new CountryTable(file).find(Ipv4.parse(ip));
		}
	}

	private Object key() throws IOException {
		return Files.getAttribute(this.target, "unix:ino");
	}

	private void assertNothingElseIsThere() {
		assertThat(this.directory).isDirectoryContaining((path) -> path.equals(this.target))
			.isDirectoryNotContaining((path) -> !path.equals(this.target));
	}

}
