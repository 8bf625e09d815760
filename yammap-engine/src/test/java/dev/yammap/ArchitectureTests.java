package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package may use which, how many classes it may have, and how long they may be.
 */
class ArchitectureTests {

	private static final String INTERNAL = "dev.yammap.internal";

	/**
	 * What each package below {@code dev.yammap.internal} may use of the others; the
	 * empty name is that package itself. Nothing has an arrow back. What the backends
	 * have in common is {@code os}, and nobody but who chooses them knows them.
	 */
	private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
			Map.entry("", Set.of("io", "sync", "file", "fault", "event", "os", "os.linux", "os.portable")),
			Map.entry("io", Set.of("file", "fault", "os")), Map.entry("sync", Set.of("file", "event", "fault", "os")),
			Map.entry("file", Set.of("event", "fault", "os")), Map.entry("fault", Set.of()),
			Map.entry("event", Set.of("os")), Map.entry("os", Set.of()),
			Map.entry("os.linux", Set.of("os", "os.linux.memory", "os.linux.call")),
			Map.entry("os.linux.memory", Set.of("os", "os.linux.call")), Map.entry("os.linux.call", Set.of("os")),
			Map.entry("os.portable", Set.of("os")));

	private static final int MOST_CLASSES = 14;

	private static final int MOST_LINES = 400;

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.yammap");

	@Test
	void engineDependsOnTheJdkAlone() {
		classes().that()
			.resideOutsideOfPackage(INTERNAL + ".event")
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
	void packagesUseOnlyWhatIsBelowThem() {
		Set<String> forbidden = new TreeSet<>();
		for (JavaClass type : CLASSES) {
			if (isInternal(type)) {
				for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
					JavaClass target = arrow.getTargetClass();
					if (isInternal(target) && !mayUse(room(type), room(target))) {
						forbidden.add(room(type) + " -> " + room(target) + ": " + arrow.getDescription());
					}
				}
			}
		}
		assertThat(forbidden).isEmpty();
	}

	private static boolean mayUse(String room, String other) {
		return room.equals(other) || MAY_USE.getOrDefault(room, Set.of()).contains(other);
	}

	private static boolean isInternal(JavaClass type) {
		return type.getPackageName().equals(INTERNAL) || type.getPackageName().startsWith(INTERNAL + ".");
	}

	/** Returns the name of a package below the internal one. */
	private static String room(JavaClass type) {
		return type.getPackageName().equals(INTERNAL) ? "" : type.getPackageName().substring(INTERNAL.length() + 1);
	}

	@Test
	void internalPackagesHaveNoCycles() {
		slices().matching(INTERNAL + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void rootIsUsedByNobodyBelowIt() {
		noClasses().that()
			.resideInAPackage(INTERNAL + ".*..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(INTERNAL)
			.check(CLASSES);
	}

	/** Linked in one class, called and judged in the rooms of Linux. */
	@Test
	void nativeCallsAreLinkedInOnePlace() {
		noClasses().that()
			.haveNameNotMatching("dev\\.yammap\\.internal\\.os\\.linux\\.call\\.NativeLinker(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.areAssignableTo(MethodHandle.class)
			.orShould()
			.callMethod(Linker.class, "nativeLinker")
			.check(CLASSES);
		noClasses().that()
			.resideOutsideOfPackage(INTERNAL + ".os.linux..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(INTERNAL + ".os.linux.call")
			.check(CLASSES);
	}

	@Test
	void everyPackageIsSmallAndHasASignOnItsDoor() throws IOException {
		Map<String, Long> sizes = CLASSES.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
		assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
		for (String name : sizes.keySet()) {
			Path sign = Path.of("src", "main", "java").resolve(name.replace('.', '/')).resolve("package-info.java");
			assertThat(sign).content().contains("@NullMarked");
		}
		Set<String> rooms = CLASSES.stream()
			.filter(ArchitectureTests::isInternal)
			.map(ArchitectureTests::room)
			.collect(Collectors.toSet());
		assertThat(rooms).isEqualTo(MAY_USE.keySet());
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

}
