package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import dev.yammap.internal.fault.StackReserve;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package knows which, how many classes one has, and how long these may be.
 */
class ArchitectureTests {

	private static final int MOST_LINES = 400;

	private static final int MOST_CLASSES = 14;

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption((location) -> !location.contains("/dev/yammap/internal/"))
		.importPackages("dev.yammap.journal");

	/** Of what is inside the engine, it knows the reserve of stack. */
	@Test
	void journalDependsOnTheEngineAndTheJdkAlone() {
		classes().should()
			.onlyDependOnClassesThat(
					resideInAnyPackage("java..", "dev.yammap", "dev.yammap.journal..", "org.jspecify..")
						.or(type(StackReserve.class)))
			.check(CLASSES);
	}

	@Test
	void arrowsRunOneWay() {
		Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("public")
			.definedBy("dev.yammap.journal")
			.layer("root")
			.definedBy("dev.yammap.journal.internal")
			.layer("write")
			.definedBy("dev.yammap.journal.internal.write")
			.layer("recovery")
			.definedBy("dev.yammap.journal.internal.recovery")
			.layer("read")
			.definedBy("dev.yammap.journal.internal.read")
			.layer("file")
			.definedBy("dev.yammap.journal.internal.file")
			.layer("format")
			.definedBy("dev.yammap.journal.internal.format")
			.layer("tool")
			.definedBy("dev.yammap.journal.tool")
			.whereLayer("tool")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("root")
			.mayOnlyBeAccessedByLayers("public", "tool")
			.whereLayer("write")
			.mayOnlyBeAccessedByLayers("root")
			.whereLayer("recovery")
			.mayOnlyBeAccessedByLayers("root", "tool")
			.whereLayer("read")
			.mayOnlyBeAccessedByLayers("root", "recovery", "tool")
			.whereLayer("file")
			.mayOnlyBeAccessedByLayers("root", "write", "recovery", "read", "tool")
			.ensureAllClassesAreContainedInArchitecture()
			.check(CLASSES);
	}

	@Test
	void publicTypesReachTheRestByOneDoor() {
		noClasses().that()
			.resideInAPackage("dev.yammap.journal")
			.should()
			.dependOnClassesThat()
			.haveNameMatching("dev\\.yammap\\.journal\\.internal\\.(?!JournalOpener$).*")
			.check(CLASSES);
	}

	@Test
	void packagesAreRooms() {
		Map<String, Long> counts = CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
		assertThat(counts).hasSizeGreaterThanOrEqualTo(7)
			.allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(MOST_CLASSES));
	}

	@Test
	void noClassIsTooLong() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			List<Path> files = sources.filter((path) -> path.toString().endsWith(".java")).toList();
			assertThat(files).hasSizeGreaterThan(30);
			for (Path file : files) {
				assertThat(Files.readAllLines(file).size()).as(file.toString())
					.isLessThanOrEqualTo(file.endsWith("Journal.java") ? 500 : MOST_LINES);
			}
		}
	}

}
