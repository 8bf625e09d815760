package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.yammap.FailureCause;
import dev.yammap.Mmap;
import dev.yammap.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an application says that does not start because the system fails it,
 * with and without native access. They mount file systems and set limits, as root.
 */
@Tag("faults")
class StartUpFaultTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Path disk;

	@BeforeEach
	void mountDisk() throws Exception {
		this.disk = Files.createDirectory(this.directory.resolve("disk"));
		run(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", this.disk.toString()), 0);
	}

	@AfterEach
	void unmountDisk() throws Exception {
		run(List.of("umount", this.disk.toString()), 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fullDisk(boolean nativeAccess) throws Exception {
		String output = start(nativeAccess, List.of(), "yammap.files.journal.path=" + this.disk.resolve("journal.log"),
				"yammap.files.journal.size=8MB");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("there is no space for it on its disk or in its quota ('yammap.files.journal.size' is 8MB).");
		assertThat(this.disk).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void readOnlyFileSystem(boolean nativeAccess) throws Exception {
		run(List.of("mount", "-o", "remount,ro", this.disk.toString()), 0);
		assertThat(start(nativeAccess, List.of(), "yammap.files.journal.path=" + this.disk.resolve("journal.log")))
			.contains("could not be opened: its file system is read-only.");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noPermission(boolean nativeAccess) throws Exception {
		Path file = Files.createFile(this.disk.resolve("journal.log"));
		run(List.of("chmod", "000", file.toString()), 0);
		assertThat(start(nativeAccess,
				List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search",
						"--inh-caps=-dac_override,-dac_read_search"),
				"yammap.files.journal.path=" + file))
			.contains("the process has no permission to read and write it or to enter its directory.");
	}

	@ParameterizedTest
	@CsvSource({ "+a, true", "+a, false", "+i, true", "+i, false" })
	void fileThatMustNotBeChanged(String attribute, boolean nativeAccess) throws Exception {
		Path file = Files.createFile(this.disk.resolve("journal.log"));
		run(List.of("chattr", attribute, file.toString()), 0);
		for (String access : List.of("read-write", "append")) {
			assertThat(start(nativeAccess, List.of(), "yammap.files.journal.path=" + file,
					"yammap.files.journal.access=" + access))
				.contains("the file or its directory is append-only or immutable")
				.contains("'chattr -a'");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void deviceThatHasFailed(boolean nativeAccess) throws Exception {
		Path image = this.directory.resolve("image");
		Path mounted = Files.createDirectory(this.directory.resolve("mounted"));
		run(List.of("truncate", "-s", "16m", image.toString()), 0);
		run(List.of("mkfs.ext4", "-q", "-F", image.toString()), 0);
		run(List.of("mount", "-o", "loop", image.toString(), mounted.toString()), 0);
		try {
			run(List.of("xfs_io", "-x", "-c", "shutdown", mounted.toString()), 0);
			assertThat(start(nativeAccess, List.of(), "yammap.files.journal.path=" + mounted.resolve("journal.log")))
				.contains("its device, or the file system on it, has failed.")
				.contains("See the log of the kernel ('dmesg')");
		}
		finally {
			run(List.of("umount", mounted.toString()), 0);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void pathThatTheLocaleCannotName(boolean nativeAccess) throws Exception {
		assertThat(start(nativeAccess, List.of("env", "LC_ALL=C"),
				"spring.application.json={\"yammap.files.journal.path\":\"j\\u00fcrnal\"}"))
			.contains("yammap.files.journal.path")
			.contains("This is not a valid path: ")
			.contains("start it with LC_ALL=C.UTF-8");
	}

	@Test
	void moreLockedThanAllowed() throws Exception {
		assertThat(
				start(true,
						List.of("setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", "prlimit",
								"--memlock=65536"),
						"yammap.files.journal.path=journal.log", "yammap.files.journal.size=1MB",
						"yammap.files.journal.lock-in-memory=true"))
			.contains("it cannot be kept in memory, as this process may not lock that much.");
	}

	@Test
	void lockedWithoutNativeAccess() throws Exception {
		assertThat(start(false, List.of(), "yammap.files.journal.path=journal.log",
				"yammap.files.journal.lock-in-memory=true"))
			.contains("the portable backend cannot")
			.contains("Set 'yammap.files.journal.lock-in-memory' to 'false'.");
	}

	@Test
	void nativeBackendWithoutNativeAccess() throws Exception {
		assertThat(
				start(false, List.of(), "yammap.files.journal.path=journal.log", "yammap.files.journal.backend=native"))
			.contains("The native backend needs native access, which is denied.")
			.contains("Set 'yammap.files.journal.backend' to 'auto', or grant native access");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tooManyFiles(boolean nativeAccess) throws Exception {
		String[] properties = IntStream.range(0, 300)
			.mapToObj((i) -> "yammap.files.file" + i + ".path=file" + i)
			.toArray(String[]::new);
		assertThat(start(nativeAccess, List.of("prlimit", "--nofile=256:256"), properties))
			.contains("this process has too many files open.");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void longerThanAnyFileMayBe(boolean nativeAccess) throws Exception {
		assertThat(start(nativeAccess, List.of("prlimit", "--fsize=1048576"), "yammap.files.journal.path=journal.log",
				"yammap.files.journal.size=8MB"))
			.contains("it would be longer than the limit of this process or of its file system");
	}

	/**
	 * Starts an application in a process of its own, which must fail, and returns what it
	 * says.
	 */
	private String start(boolean nativeAccess, List<String> launcher, String... properties) throws Exception {
		List<String> command = new ArrayList<>(launcher);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add(nativeAccess ? "--enable-native-access=ALL-UNNAMED" : "--illegal-native-access=deny");
		// Or else the tools for developers, which other tests need, run it on a thread of
		// their own.
		command.add("-Dspring.devtools.restart.enabled=false");
		command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), Application.class.getName(),
				"--spring.main.web-application-type=none", "--yammap.base-dir=" + this.directory));
		Stream.of(properties).map((property) -> "--" + property).forEach(command::add);
		return run(command, 1);
	}

	private String run(List<String> command, int expected) throws Exception {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(() -> command + ": " + output).isEqualTo(expected);
		return output;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class Application {

		public static void main(String[] arguments) throws IOException {
			loadClassesOfFailures();
			SpringApplication.run(Application.class, arguments).close();
		}

		/**
		 * Those of an application are in a jar that is open; here, each is a file to be
		 * opened, for which there may be no descriptor any more.
		 */
		private static void loadClassesOfFailures() throws IOException {
			Path file = Files.createTempFile("yammap", "classes");
			try (Mmap mmap = Mmap.create(file, 1)) {
				mmap.sync();
			}
			finally {
				Files.delete(file);
			}
			try {
				Mmap.open(file).close();
			}
			catch (NoSuchFileException ex) {
				// As expected.
			}
			assertThat(new StorageException("", FailureCause.OTHER, new IOException())).isNotNull();
		}

	}

}
