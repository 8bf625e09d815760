package dev.yammap.faults;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.yammap.Backend;
import dev.yammap.Mmap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A virtual machine of its own, so that its death is a result and not the end of the
 * tests. It sees the engine and the tests, nothing else.
 */
public final class ChildJvm {

	private static final long PATIENCE_SECONDS = 600;

	private final Class<?> program;

	private final Path directory;

	private final List<String> launcher = new ArrayList<>();

	private final List<String> flags = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private boolean nativeAccess = true;

	private boolean modulePath;

	private String knownBug = "";

	public ChildJvm(Class<?> program, Path directory) {
		this.program = program;
		this.directory = directory;
	}

	/**
	 * Sets the backend that files are opened with: without native access, it is the
	 * portable one.
	 */
	public ChildJvm on(Backend backend) {
		this.nativeAccess = (backend == Backend.NATIVE);
		return this;
	}

	/**
	 * Sets the program that starts the virtual machine, such as {@code prlimit}.
	 */
	public ChildJvm under(String... launcher) {
		Collections.addAll(this.launcher, launcher);
		return this;
	}

	public ChildJvm flags(List<String> flags) {
		this.flags.addAll(flags);
		return this;
	}

	public ChildJvm arguments(Object... arguments) {
		Stream.of(arguments).map(Object::toString).forEach(this.arguments::add);
		return this;
	}

	/**
	 * Has the engine be a named module; else it is on the class path.
	 */
	ChildJvm onModulePath() {
		this.modulePath = true;
		return this;
	}

	/**
	 * Has a program run again, twice at most, whose virtual machine crashed in a class of
	 * the JDK that has a known bug; every other crash is a failure at once.
	 */
	public ChildJvm despiteBugIn(String name) {
		this.knownBug = name;
		return this;
	}

	/**
	 * Runs the program to its end, which must be a good one, and returns what it printed.
	 */
	public String run() throws IOException, InterruptedException {
		Path output = this.directory.resolve("child.out");
		int exitValue = run(output);
		for (int attempt = 1; attempt <= 2 && metKnownBug(); attempt++) {
			Files.delete(crashReport());
			exitValue = run(output);
		}
		assertThat(crashReport()).as(() -> this + " crashed: " + read(crashReport()).lines().limit(60).toList())
			.doesNotExist();
		assertThat(exitValue).as(() -> this + " failed: " + read(output)).isZero();
		return read(output);
	}

	private int run(Path output) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command()).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
		process.destroyForcibly().waitFor();
		assertThat(ended).as(() -> this + " did not end: " + read(output)).isTrue();
		return process.exitValue();
	}

	private boolean metKnownBug() {
		return !this.knownBug.isEmpty() && Files.exists(crashReport())
				&& read(crashReport()).lines().limit(60).anyMatch((line) -> line.contains(this.knownBug));
	}

	/**
	 * Starts the program; its standard output can be read from the process.
	 */
	Process start() throws IOException {
		return new ProcessBuilder(command()).redirectError(this.directory.resolve("child.err").toFile()).start();
	}

	private List<String> command() {
		List<String> command = new ArrayList<>(this.launcher);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		if (this.nativeAccess) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-Xms64m", "-Xmx128m", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + crashReport()));
		command.addAll(paths());
		command.addAll(this.flags);
		command.add(this.program.getName());
		command.addAll(this.arguments);
		return command;
	}

	private Path crashReport() {
		return this.directory.resolve("crash.log");
	}

	private List<String> paths() {
		String tests = location(this.program).toString();
		String engine = location(Mmap.class).toString();
		return this.modulePath ? List.of("-p", engine, "--add-modules", "dev.yammap.engine", "-cp", tests)
				: List.of("-cp", engine + System.getProperty("path.separator") + tests);
	}

	private static Path location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@Override
	public String toString() {
		return "%s %s %s".formatted(this.program.getSimpleName(), this.flags, this.arguments);
	}

}
