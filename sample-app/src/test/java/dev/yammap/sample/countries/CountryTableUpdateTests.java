package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link CountryTableUpdate}.
 */
class CountryTableUpdateTests {

	private final CountryTableUpdate update = new CountryTableUpdate();

	@TempDir
	private Path directory;

	@Test
	void damagedTableIsRefusedAndAWholeOneIsNot() throws IOException {
		Path path = this.directory.resolve("countries.bin");
		new TableBuilder(TestData.of("134744064,134744079,US")).ensure(path);
		validate("countries", path);
		byte[] damaged = Files.readAllBytes(path);
		damaged[damaged.length - 1] ^= 1;
		Files.write(path, damaged);
		assertThatIOException().isThrownBy(() -> validate("countries", path))
			.withMessage("The checksum of the table is wrong");
		assertThatNoException().isThrownBy(() -> validate("other", path));
	}

	@Test
	void replacementIsAnotherFileAtTheSamePath() throws IOException {
		Path path = Files.createFile(this.directory.resolve("countries.bin"));
		try (Mmap before = Mmap.open(path)) {
			this.update.replace(path);
			assertThat(before.size()).isZero();
			assertThat(path).hasSize(64 + 385_372 * 10);
		}
	}

	private void validate(String name, Path path) throws IOException {
		try (Mmap replacement = Mmap.open(path)) {
			this.update.validate(name, replacement);
		}
	}

}
