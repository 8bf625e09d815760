package dev.yammap.docs;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the first example of the README can be pasted into a new application as it
 * is. The test compiles it, and starts it in an empty directory.
 */
@Timeout(1_800)
class FirstStepsTests {

	@TempDir
	private Path directory;

	@Test
	void firstExampleStartsInAnEmptyDirectoryAndReadsBackWhatItWrote() throws Exception {
		Path classes = Files.createDirectory(this.directory.resolve("classes"));
		Files.writeString(classes.resolve("application.yml"), first("yaml"));
		compile(Files.writeString(this.directory.resolve("DemoApplication.java"), first("java")), classes);
		Path empty = Files.createDirectory(this.directory.resolve("empty"));
		assertThat(run(classes, empty)).containsExactly("a visit");
		assertThat(run(classes, empty)).containsExactly("a visit", "a visit");
		assertThat(empty.resolve("data/visits.log")).hasContent("a visit\na visit\n");
	}

	@Test
	void dependencyIsTheStarter() {
		assertThat(first("xml")).contains("<artifactId>yammap-spring-boot-starter</artifactId>");
	}

	private static String first(String language) {
		return Documents.get("README.md")
			.snippets()
			.stream()
			.filter((snippet) -> snippet.language().equals(language))
			.findFirst()
			.orElseThrow()
			.text();
	}

	private static void compile(Path source, Path classes) throws Exception {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			// As the parent of Spring Boot has it, from which a new application inherits.
			List<String> options = List.of("-parameters", "-proc:none", "-d", classes.toString());
			assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source)).call())
				.isTrue();
		}
	}

	/**
	 * Runs the application, which ends by itself: the web server of these tests is not a
	 * part of it.
	 * @return what it wrote, without the log
	 */
	private static List<String> run(Path classes, Path workingDirectory) throws Exception {
		Process process = new ProcessBuilder(Java.program(), "-classpath",
				classes + File.pathSeparator + System.getProperty("java.class.path"),
				"com.example.demo.DemoApplication", "--spring.main.web-application-type=none",
				"--spring.main.banner-mode=off")
			.directory(workingDirectory.toFile())
			.redirectErrorStream(true)
			.start();
		List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(process.waitFor()).as(String.join("\n", output)).isZero();
		assertThat(output).anyMatch((line) -> line.contains("Started DemoApplication"));
		return output.stream().filter((line) -> line.startsWith("a visit")).toList();
	}

}
