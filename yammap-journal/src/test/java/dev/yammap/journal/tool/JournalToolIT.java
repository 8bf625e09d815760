package dev.yammap.journal.tool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command as an operator runs it: {@code java -jar} with the jar of the journal,
 * beside which is that of the engine.
 */
class JournalToolIT {

	private static final String SEGMENT = "0000000000000001.segment";

	@TempDir
	private Path temporary;

	@SuppressWarnings("NullAway.Init")
	private Path jar;

	@BeforeEach
	void copyJars() throws Exception {
		this.jar = copy(Path.of(System.getProperty("yammap.journal.jar")));
		copy(jarOf(Mmap.class));
		try (Journal journal = Journal.builder(path()).segmentSize(8192).open()) {
			for (String content : List.of("one", "two", "three")) {
				journal.append(content.getBytes(StandardCharsets.UTF_8));
			}
		}
	}

	private Path copy(Path file) throws IOException {
		return Files.copy(file, this.temporary.resolve(file.getFileName()));
	}

	private static Path jarOf(Class<?> type) throws URISyntaxException {
		Path file = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		assertThat(file).isRegularFile();
		return file;
	}

	private Path path() {
		return this.temporary.resolve("journal");
	}

	private Result run(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List
			.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", this.jar.toString()));
		command.addAll(List.of(arguments));
		Path errors = this.temporary.resolve("errors");
		Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new Result(process.waitFor(), output, Files.readString(errors));
	}

	@Test
	void verifiesListsAndExports() throws Exception {
		Result verified = run("verify", path().toString());
		assertThat(verified.errors()).isEmpty();
		assertThat(verified.code()).isEqualTo(JournalTool.WHOLE);
		assertThat(verified.output()).contains("records 0 to 2");
		assertThat(run("list", path().toString()).output()).contains(SEGMENT, "next record 3");
		assertThat(run("export", path().toString(), "1").output().lines()).containsExactly("1\tdHdv", "2\tdGhyZWU=");
	}

	@Test
	void endsQuietlyWhenTheReaderOfItsOutputHasGone() throws Exception {
		try (Journal journal = Journal.builder(path()).segmentSize(8 << 20).open()) {
			for (int i = 0; i < 20_000; i++) {
				journal.append(new byte[100]);
			}
		}
		Path errors = this.temporary.resolve("errors");
		Process process = new ProcessBuilder("sh", "-c",
				"{ \"$0\" -jar \"$1\" export \"$2\"; echo \"ended with $?\" >&2; } | head -1",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), this.jar.toString(),
				path().toString())
			.redirectError(errors.toFile())
			.start();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("0\tb25l\n");
		process.waitFor();
		assertThat(Files.readString(errors)).isEqualTo("ended with " + JournalTool.FAILED + "\n");
	}

	@Test
	void endsWithACodeThatTellsDamage() throws Exception {
		try (RandomAccessFile file = new RandomAccessFile(path().resolve(SEGMENT).toFile(), "rw")) {
			file.seek(4096 + 24);
			file.write('X');
		}
		assertThat(run("verify", path().toString()).code()).isEqualTo(JournalTool.DAMAGED);
		Result exported = run("export", path().toString());
		assertThat(exported.code()).isEqualTo(JournalTool.DAMAGED);
		assertThat(exported.errors()).contains(SEGMENT);
		assertThat(run("salvage", path().toString()).output().lines()).containsExactly("1\tdHdv", "2\tdGhyZWU=");
	}

	@Test
	void saysHowItIsUsed() throws Exception {
		Result result = run();
		assertThat(result.code()).isEqualTo(JournalTool.FAILED);
		assertThat(result.errors()).contains("verify DIR");
	}

	@Test
	void refusesJournalThatIsInUse() throws Exception {
		try (Journal journal = Journal.builder(path()).segmentSize(8192).open()) {
			assertThat(journal.isOpen()).isTrue();
			Result result = run("verify", path().toString());
			assertThat(result.code()).isEqualTo(JournalTool.FAILED);
			assertThat(result.errors()).contains("process " + ProcessHandle.current().pid());
		}
	}

	/**
	 * What a run gave.
	 *
	 * @param code what the process ended with
	 * @param output what it wrote
	 * @param errors what it wrote to the standard error
	 */
	private record Result(int code, String output, String errors) {

	}

}
