package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package knows which, and how long a class may be.
 */
class ArchitectureTests {

	private static final String INTERNAL = "dev.yammap.internal";

	private static final String OS = "dev.yammap.internal.os";

	private static final String LINUX = "dev.yammap.internal.os.linux";

	private static final String PORTABLE = "dev.yammap.internal.os.portable";

	private static final int MOST_LINES = 400;

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.yammap");

	@Test
	void engineDependsOnTheJdkAlone() {
		classes().that()
			.resideOutsideOfPackage("dev.yammap.internal.event")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "dev.yammap..", "org.jspecify..")
			.check(CLASSES);
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "jdk.jfr..", "dev.yammap..", "org.jspecify..")
			.check(CLASSES);
	}

	/** Files are opened through one of the two, backends prepared by the other. */
	@Test
	void publicTypesReachTheEngineByItsDoors() {
		noClasses().that()
			.resideInAPackage("dev.yammap")
			.should()
			.dependOnClassesThat()
			.haveNameMatching("dev\\.yammap\\.internal\\.(?!FileOpener$|Backends$).*")
			.check(CLASSES);
		noClasses().that()
			.resideInAPackage("dev.yammap")
			.and()
			.doNotBelongToAnyOf(Mmap.class, Backend.class)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(INTERNAL + "..")
			.check(CLASSES);
	}

	@Test
	void internalPackagesHaveNoCycles() {
		slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void backendsAreKnownToWhoChoosesThemAlone() {
		for (String backend : List.of(LINUX, PORTABLE)) {
			noClasses().that()
				.resideOutsideOfPackage(backend + "..")
				.and()
				.haveNameNotMatching("dev\\.yammap\\.internal\\.Backends(\\$.*)?")
				.should()
				.dependOnClassesThat()
				.resideInAPackage(backend + "..")
				.check(CLASSES);
		}
	}

	@Test
	void backendsKnowNothingOfWhatIsBuiltOnThem() {
		noClasses().that()
			.resideInAPackage(OS + "..")
			.should()
			.dependOnClassesThat(resideInAPackage(INTERNAL + "..").and(resideOutsideOfPackage(OS + "..")))
			.check(CLASSES);
	}

	@Test
	void nativeCallsAreLinkedInOnePlace() {
		noClasses().that()
			.haveNameNotMatching(LINUX.replace(".", "\\.") + "\\.call\\.NativeLinker(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.areAssignableTo(MethodHandle.class)
			.orShould()
			.callMethod(Linker.class, "nativeLinker")
			.check(CLASSES);
	}

	/** Imports are not read; nor is counted the Javadoc of {@link Mmap}. */
	@Test
	void noSourceIsTooLongToBeReadInOneSitting() throws IOException {
		try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
			List<Path> tooLong = sources.filter((source) -> source.toString().endsWith(".java"))
				.filter((source) -> lines(source) >= MOST_LINES)
				.toList();
			assertThat(tooLong).isEmpty();
		}
	}

	private static long lines(Path source) {
		try (Stream<String> lines = Files.lines(source)) {
			boolean contract = source.endsWith(Path.of("dev", "yammap", "Mmap.java"));
			return lines.filter((line) -> !line.startsWith("import "))
				.filter((line) -> !contract || !line.strip().startsWith("*"))
				.count();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The packages of the operating system, each one of its own, and what is built on
	 * them.
	 */
	private static final class ByPackage implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			if (!type.getPackageName().startsWith(INTERNAL)) {
				return SliceIdentifier.ignore();
			}
			return SliceIdentifier.of(type.getPackageName().startsWith(OS) ? type.getPackageName() : INTERNAL);
		}

		@Override
		public String getDescription() {
			return "each internal package";
		}

	}

}
