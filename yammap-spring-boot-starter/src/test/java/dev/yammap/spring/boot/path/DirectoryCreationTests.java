package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.support.Contexts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DirectoryCreator}: which directories are created, and which never.
 */
@ExtendWith(OutputCaptureExtension.class)
class DirectoryCreationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path root;

	private Path base() throws IOException {
		return Files.createDirectories(this.root.resolve("base"));
	}

	private ApplicationContextRunner runner(Path base, String path) {
		return Contexts.in(base, "yammap.files.journal.path=" + path);
	}

	@Test
	void directoriesBelowABaseDirectoryThatExistsAreCreated(CapturedOutput output) throws IOException {
		Path file = base().resolve("a/b/journal.log");
		runner(base(), "a/b/journal.log").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(file).exists();
		});
		assertThat(output.getOut().split("Created directory", -1)).hasSize(2);
		assertThat(output)
			.contains("Created directory '" + base().toRealPath().resolve("a/b") + "' for file 'journal'");
	}

	@Test
	void directoriesBelowTheWorkingDirectoryAreCreated() throws IOException {
		// What the tests are built in is below the working directory.
		Path target = Files.createTempDirectory(Path.of("target"), "directories");
		try {
			create(target.resolve("data"), "a/journal.log", (file) -> {
			});
			create(Path.of("."), target.resolve("b/c/journal.log").toString(), (file) -> {
			});
			assertThat(target.resolve("data/a")).isEmptyDirectory();
			assertThat(target.resolve("b/c")).isEmptyDirectory();
			create(target.resolve("absolute").toAbsolutePath(), "a/journal.log", (file) -> {
			});
			assertThat(target.resolve("absolute")).doesNotExist();
		}
		finally {
			FileSystemUtils.deleteRecursively(target);
		}
	}

	@Test
	void customizersFindTheDirectory() throws IOException {
		runner(base(), "a/journal.log").withBean(MmapBuilderCustomizer.class, () -> (name, path, builder) -> {
			Files.writeString(path, "prepared");
		}).run((context) -> assertThat(context.getBean(Mmap.class).size()).isEqualTo(8));
	}

	@Test
	void noDirectoryIsCreatedWhereThatIsTurnedOff() throws IOException {
		runner(base(), "a/journal.log").withPropertyValues("yammap.create-directories=false")
			.run((context) -> assertThat(context).hasFailed());
		assertThat(base()).isEmptyDirectory();
	}

	@Test
	void directoriesOfAnAbsolutePathAreNeverCreated() throws IOException {
		runner(base(), base().resolve("a/journal.log").toString()).run((context) -> assertThat(context).hasFailed());
		assertThat(base()).isEmptyDirectory();
	}

	@Test
	void absoluteBaseDirectoryIsNeverCreated() {
		runner(this.root.resolve("missing"), "a/journal.log").run((context) -> assertThat(context).hasFailed());
		assertThat(this.root).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(strings = { "access=read-only", "access=private", "create=never" })
	void noDirectoryIsCreatedForAFileThatIsNot(String property) throws IOException {
		runner(base(), "a/journal.log").withPropertyValues("yammap.files.journal." + property)
			.run((context) -> assertThat(context).hasFailed());
		assertThat(base()).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(strings = { "../outside/journal.log", "a/../../outside/journal.log", "a/../journal.log",
			"link/outside/journal.log", "dangling/journal.log", "file/a/journal.log" })
	void nothingIsCreatedOutsideNorWhereALinkDecides(String path) throws IOException {
		Files.createSymbolicLink(base().resolve("link"), Path.of(".."));
		Files.createSymbolicLink(base().resolve("dangling"), Path.of("nowhere"));
		Files.createFile(base().resolve("file"));
		runner(base(), path).run((context) -> assertThat(context).hasFailed());
		assertThat(this.root).isDirectoryNotContaining("glob:**outside");
		assertThat(base().resolve("nowhere")).doesNotExist();
		assertThat(base().resolve("a")).doesNotExist();
	}

	@Test
	void baseDirectoryMayBeALink() throws IOException {
		Path volume = Files.createDirectory(this.root.resolve("volume"));
		Path link = Files.createSymbolicLink(this.root.resolve("link"), Path.of("volume"));
		runner(link, "a/journal.log").run((context) -> assertThat(volume.resolve("a/journal.log")).exists());
	}

	@Test
	void directoryThatIsThereAlreadyIsTaken() throws IOException {
		Files.createDirectories(base().resolve("a"));
		create("a/b/c/journal.log", (file) -> {
		});
		assertThat(base().resolve("a/b/c")).isDirectory();
	}

	@Test
	void directoryIsAsOpenAsItsFileNeeds() throws IOException {
		create("closed/journal.log", (file) -> {
		});
		create("group/journal.log", (file) -> file.setPermissions("rw-r-----"));
		create("open/journal.log", (file) -> file.setPermissions("rw-r--r--"));
		assertThat(permissions("closed")).isEqualTo("rwx------");
		assertThat(permissions("group")).isIn("rwxr-x---", "rwx------");
		assertThat(permissions("open")).isIn("rwxr-xr-x", "rwxr-x---", "rwx------");
	}

	@Test
	void fileInTheWayIsAFailure() throws IOException {
		Files.createFile(base().resolve("a"));
		create("a/b/journal.log", (file) -> {
		});
		assertThat(base().resolve("a")).isRegularFile();
	}

	@Test
	void directoryThatCannotBeCreatedIsAFailure() throws IOException {
		// The kernel says no, also to root.
		assertThatException().isThrownBy(() -> create(Path.of("/proc/self"), "a/journal.log", (file) -> {
		})).isInstanceOf(IOException.class);
	}

	private void create(String path, Consumer<FileProperties> properties) throws IOException {
		create(base(), path, properties);
	}

	private static void create(Path base, String path, Consumer<FileProperties> settings) throws IOException {
		FileProperties properties = new FileProperties();
		properties.setPath(path);
		settings.accept(properties);
		new DirectoryCreator(true).createFor(new FileSettings("journal", base, properties));
	}

	private String permissions(String directory) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(base().resolve(directory)));
	}

}
