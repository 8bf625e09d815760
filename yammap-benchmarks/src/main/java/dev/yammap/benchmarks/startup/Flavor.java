package dev.yammap.benchmarks.startup;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

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

	private static final Pattern BEYOND_CORE = Pattern.compile("[/\\\\][^/\\\\]*"
			+ "(actuator|health|jackson|micrometer-(core|jakarta9|prometheus)|spring-boot-micrometer|prometheus|servlet|tomcat|web|http|jmh|HdrHistogram|LatencyUtils)"
			+ "[^/\\\\]*\\.jar$");

	/**
	 * Picks the class path of an application of this kind.
	 * @param entries the class path of this program
	 */
	abstract List<String> classPath(String... entries);

	/**
	 * Takes the starter and the engine off a class path.
	 * @param classPath the entries
	 */
	static List<String> withoutStarter(List<String> classPath) {
		List<String> ours = List.of(location(Mmap.class), location(Mmaps.class));
		List<String> others = classPath.stream()
			.filter((entry) -> !ours.contains(new File(entry).toURI().getPath()))
			.toList();
		if (others.size() != classPath.size() - ours.size()) {
			throw new IllegalStateException("The class path has not exactly " + ours + " of its own: " + classPath);
		}
		return others;
	}

	private static String location(Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toUri().getPath();
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
