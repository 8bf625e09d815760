package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileIdentity}.
 */
class FileIdentityTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@BeforeEach
	void createFiles() throws IOException {
		Files.createDirectories(this.directory.resolve("releases/1"));
		Files.createDirectories(this.directory.resolve("releases/shared"));
		Files.createDirectories(this.directory.resolve("shared"));
		Files.createSymbolicLink(this.directory.resolve("current"), Path.of("releases/1"));
		Files.createFile(this.directory.resolve("file"));
		Files.createLink(this.directory.resolve("hard"), this.directory.resolve("file"));
		Files.createSymbolicLink(this.directory.resolve("soft"), Path.of("file"));
		Files.createSymbolicLink(this.directory.resolve("dangling"), Path.of("missing"));
		Files.createSymbolicLink(this.directory.resolve("circle"), Path.of("circle"));
	}

	@ParameterizedTest
	@CsvSource({ "file, hard", "file, soft", "file, shared/../file", "missing, shared/../missing", "missing, dangling",
			"a/b/missing, shared/../a/b/missing", "current/../shared/missing, releases/shared/missing",
			"current/missing, releases/1/missing", "a/../missing, a/../missing" })
	void twoNamesOfOneFileAreEqual(String one, String other) {
		assertThat(identity(one)).isEqualTo(identity(other)).hasSameHashCodeAs(identity(other));
	}

	@ParameterizedTest
	@CsvSource({ "file, missing", "missing, shared/missing", "current/../shared/missing, shared/missing", "a/b, a/c",
			"a/../missing, missing", "circle, missing", "file/x, file/y" })
	void differentFilesAreNot(String one, String other) {
		assertThat(identity(one)).isNotEqualTo(identity(other));
	}

	@Test
	void rootHasAnIdentity() {
		assertThat(FileIdentity.of(this.directory.getRoot())).isEqualTo(FileIdentity.of(Path.of("/tmp/..")));
	}

	private FileIdentity identity(String path) {
		return FileIdentity.of(this.directory.resolve(path));
	}

}
