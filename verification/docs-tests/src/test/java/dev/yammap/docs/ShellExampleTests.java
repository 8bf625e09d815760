package dev.yammap.docs;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every command in an example for the shell can be run.
 */
class ShellExampleTests {

	private static final Set<String> PHASES = Set.of("clean", "validate", "compile", "process-test-classes", "test",
			"package", "verify", "install");

	static Stream<ShellCommand> commands() {
		return Documents.snippets("shell").stream().flatMap((example) -> ShellCommand.of(example).stream());
	}

	@ParameterizedTest
	@MethodSource("commands")
	void everyCommandIsOneThatCanBeGiven(ShellCommand command) throws Exception {
		switch (command.program()) {
			case "mvn" -> maven(command);
			case "java" -> java(command);
			// Sent to the sample by SampleIT.
			case "curl" -> Curl.request(command, 80);
			// What tells a figure of the system and changes nothing.
			case "cat", "ulimit" -> run("sh", "-c", String.join(" ", command.words()));
			// Run by .ci/check-deployment.
			case "buildah" -> assertThat(command.words()).contains("--file", "deploy/Containerfile");
			// Serves a slow device until it is interrupted.
			case "nbdfuse" -> assertThat(command.words()).contains("--command", "nbdkit");
			default -> assertThat(Documents.root().resolve(command.program())).as("%s", command).isExecutable();
		}
	}

	private static void maven(ShellCommand command) {
		Iterator<String> arguments = command.arguments().iterator();
		while (arguments.hasNext()) {
			String argument = arguments.next();
			if (argument.equals("-pl")) {
				assertThat(MavenProject.modules()).as("%s", command).contains(arguments.next().split(",", -1));
			}
			else if (argument.startsWith("-P")) {
				assertThat(MavenProject.profiles()).as("%s", command).contains(argument.substring(2).split(",", -1));
			}
			else if (argument.startsWith("-D")) {
				String property = argument.substring(2).replaceFirst("=.*", "");
				assertThat(MavenProject.hasProperty(property)).as("%s: property '%s'", command, property).isTrue();
			}
			else if (argument.contains(":")) {
				assertThat(MavenProject.pluginPrefixes()).as("%s", command).contains(argument.replaceFirst(":.*", ""));
			}
			else if (!argument.equals("-am")) {
				assertThat(PHASES).as("%s", command).contains(argument);
			}
		}
	}

	private static void java(ShellCommand command) throws Exception {
		int jar = command.words().indexOf("-jar");
		assertThat(jar).as("%s has an option -jar", command).isPositive();
		List<String> jars = MavenProject.modules()
			.stream()
			.map((module) -> module + "/target/" + module + "-" + MavenProject.version() + ".jar")
			.toList();
		assertThat(jars).as("%s", command).contains(command.words().get(jar + 1));
		List<String> flags = command.words().subList(1, jar);
		run(Stream.concat(Stream.concat(Stream.of(Java.program()), flags.stream()), Stream.of("-version"))
			.toArray(String[]::new));
	}

	private static void run(String... words) throws Exception {
		Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
	}

}
