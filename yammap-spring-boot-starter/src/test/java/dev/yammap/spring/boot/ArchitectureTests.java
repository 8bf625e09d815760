package dev.yammap.spring.boot;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package knows which, and how many classes are in each.
 */
class ArchitectureTests {

	private static final int MOST_CLASSES = 14;

	private static final String ROOT = "dev.yammap.spring.boot";

	/**
	 * What each package may use of the others; the one for applications has no name.
	 */
	private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(Map.entry("", Set.of()),
			Map.entry("lifecycle", Set.of()), Map.entry("swap", Set.of()), Map.entry("settings", Set.of("")),
			Map.entry("path", Set.of("", "settings")), Map.entry("tracking", Set.of("settings", "swap", "path")),
			Map.entry("registry", Set.of("", "settings", "lifecycle", "swap", "path", "tracking")),
			Map.entry("reload", Set.of("", "settings", "lifecycle", "swap", "path", "tracking", "registry")),
			Map.entry("metrics", Set.of("tracking", "registry", "settings")),
			Map.entry("health", Set.of("tracking", "registry")), Map.entry("info", Set.of("tracking", "registry")),
			Map.entry("actuate.endpoint", Set.of("tracking", "registry", "settings")),
			Map.entry("observation", Set.of("registry", "settings", "swap")),
			Map.entry("autoconfigure", Set.of("", "settings", "lifecycle", "path", "registry", "reload")),
			Map.entry("autoconfigure.endpoint", Set.of("autoconfigure", "registry", "actuate.endpoint")),
			Map.entry("autoconfigure.health", Set.of("autoconfigure", "registry", "health")),
			Map.entry("autoconfigure.info", Set.of("autoconfigure", "registry", "info")),
			Map.entry("autoconfigure.metrics", Set.of("", "autoconfigure", "registry", "metrics")),
			Map.entry("autoconfigure.observation", Set.of("autoconfigure", "registry", "observation")));

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void registryKnowsNothingOfWhoAsksIt() {
		noClasses().that()
			.resideInAnyPackage(ROOT + ".registry", ROOT + ".tracking")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(packages("actuate..", "metrics..", "health..", "info..", "observation..", "reload..",
					"autoconfigure.."))
			.check(CLASSES);
	}

	@Test
	void packagesUseNoOthersThanTheyMay() {
		assertThat(CLASSES.stream().map(ArchitectureTests::room).collect(Collectors.toSet()))
			.isEqualTo(MAY_USE.keySet());
		MAY_USE.forEach((room, others) -> noClasses().that()
			.resideInAPackage(packageOf(room))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(MAY_USE.keySet()
				.stream()
				.filter((other) -> !other.equals(room) && !others.contains(other))
				.map(ArchitectureTests::packageOf)
				.toArray(String[]::new))
			.check(CLASSES));
	}

	@Test
	void packagesHaveNoCircles() {
		slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void noPackageHasMoreClassesThanAReaderKeepsInMind() {
		Map<String, Long> sizes = CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
		assertThat(sizes).hasSizeGreaterThan(10)
			.allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
	}

	@Test
	void whatApplicationsUseOfMicrometerAndActuatorIsOptional() {
		noClasses().that()
			.resideInAnyPackage(packageOf(""), packageOf("settings"), packageOf("lifecycle"), packageOf("swap"),
					packageOf("path"), packageOf("tracking"), packageOf("registry"), packageOf("reload"),
					packageOf("autoconfigure"))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.micrometer..", "org.springframework.boot.actuate..",
					"org.springframework.boot.health..", "org.springframework.boot.micrometer..")
			.check(CLASSES);
	}

	private static String[] packages(String... names) {
		return Set.of(names).stream().map((name) -> ROOT + "." + name).toArray(String[]::new);
	}

	private static String packageOf(String room) {
		return room.isEmpty() ? ROOT : ROOT + "." + room;
	}

	private static String room(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
	}

	/**
	 * Each package is a slice of its own.
	 */
	private static final class ByPackage implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return type.getPackageName().startsWith(ROOT) ? SliceIdentifier.of(type.getPackageName())
					: SliceIdentifier.ignore();
		}

		@Override
		public String getDescription() {
			return "each package";
		}

	}

}
