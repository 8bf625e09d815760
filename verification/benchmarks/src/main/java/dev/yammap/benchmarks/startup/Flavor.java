package dev.yammap.benchmarks.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;

/**
 * Two kinds of application, told apart by what is on their class path.
 */
enum Flavor {

	/** An application with Spring Boot's core starter alone. */
	PLAIN {
		@Override
		List<String> classPath(String... entries) {
			return Arrays.stream(entries).filter((entry) -> !BEYOND_CORE.matcher(entry).find()).toList();
		}
	},

	/** An application with a web server, Actuator and Micrometer. */
	WEB {
		@Override
		List<String> classPath(String... entries) {
			return List.of(entries);
		}
	};

	private static final List<Path> OURS = List.of(location(Mmaps.class), location(Mmap.class));

	private static final Path APPLICATION = location(StartupApplication.class);

	private static final Pattern BEYOND_CORE = Pattern.compile("[/\\\\][^/\\\\]*"
			+ "(actuator|health|jackson|micrometer-(core|jakarta9|prometheus)|spring-boot-micrometer|prometheus|servlet|tomcat|web|http|jmh|HdrHistogram|LatencyUtils)"
			+ "[^/\\\\]*\\.jar$");

	/**
	 * Picks the class path of an application of this kind.
	 * @param entries the class path of this program
	 */
	abstract List<String> classPath(String... entries);

	/**
	 * Takes the starter and the engine off a class path, and puts the jar of this module
	 * in the place of its directory.
	 * @param classPath the entries
	 */
	static List<String> withoutStarter(List<String> classPath) {
		return classPath.stream()
			.map(Flavor::location)
			.filter((entry) -> !OURS.contains(entry))
			.map((entry) -> (entry.equals(APPLICATION) ? jar(entry) : entry).toString())
			.toList();
	}

	/**
	 * Puts the starter and the engine where an application has them: among its other
	 * libraries. If a directory came before them, it would be asked for every class.
	 * @param classPath the entries
	 */
	static List<String> withStarter(List<String> classPath) {
		List<String> entries = new ArrayList<>(withoutStarter(classPath));
		for (Path jar : OURS) {
			if (!isJar(jar)) {
				throw noJar(jar);
			}
			entries.add(jar.toString());
		}
		return entries;
	}

	/**
	 * Finds the jar that Maven made of a directory of classes. It lies beside the
	 * directory.
	 */
	private static Path jar(Path classes) {
		if (isJar(classes)) {
			return classes;
		}
		Path directory = classes.resolveSibling("");
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter(Flavor::isJar).findFirst().orElseThrow(() -> noJar(classes));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isJar(Path path) {
		return path.toString().endsWith(".jar");
	}

	private static IllegalStateException noJar(Path path) {
		return new IllegalStateException("There must be jars, so run this in the phase 'package', not " + path);
	}

	private static Path location(String entry) {
		return Path.of(entry).toAbsolutePath().normalize();
	}

	private static Path location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
