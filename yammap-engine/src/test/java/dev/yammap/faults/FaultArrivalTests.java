package dev.yammap.faults;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a fault is an exception from the call that met it, however the code runs.
 */
class FaultArrivalTests extends AbstractFaultTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2", "C2_ZGC", "C2_INLINING" })
	void faultArrivesInTheCallThatMetItWhenFileIsShortened(Jvm jvm) throws Exception {
		assertFaultsArrive(jvm);
	}

	/** These differ little from the others, and take their time. */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE,
			names = { "INTERPRETED", "C1", "C2", "C2_ZGC", "C2_INLINING", "C1_INLINING_ALL", "C2_INLINING_ALL" })
	@Tag("faults")
	void faultArrivesInTheCallThatMetItWhenFileIsShortenedHoweverCodeRuns(Jvm jvm) throws Exception {
		assertFaultsArrive(jvm);
	}

	/** These take minutes to compile. */
	@ParameterizedTest
	@EnumSource(names = { "C1_INLINING_ALL", "C2_INLINING_ALL" })
	@Tag("faults")
	void faultArrivesInTheCallThatMetItWhenFileIsShortenedThoughAllIsInlined(Jvm jvm) throws Exception {
		assertFaultsArrive(jvm);
	}

	private void assertFaultsArrive(Jvm jvm) throws Exception {
		Path report = this.directory.resolve("report");
		child(FaultProgram.class, this.directory).flags(jvm.flags())
			.arguments(FaultProgram.SHORTENED, this.directory, jvm.warmUp(), report)
			.run();
		assertThat(Files.readAllLines(report))
			.isEqualTo(FaultProgram.expectedReport((opening, operation) -> knows(operation)));
	}

	@ParameterizedTest
	@EnumSource(names = { "C1", "C2", "C1_INLINING", "C2_INLINING" })
	void faultArrivesInTheIterationThatMetIt(Jvm jvm) throws Exception {
		assertFaultsArriveInLoops(jvm);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "C1", "C2", "C1_INLINING", "C2_INLINING" })
	@Tag("faults")
	void faultArrivesInTheIterationThatMetItHoweverCodeRuns(Jvm jvm) throws Exception {
		assertFaultsArriveInLoops(jvm);
	}

	private void assertFaultsArriveInLoops(Jvm jvm) throws Exception {
		child(LoopProgram.class, this.directory).flags(jvm.flags()).arguments(this.directory, jvm.warmUp() / 10).run();
	}

	/** A fault of a view, or of a function over one, is thrown on by the next call. */
	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2", "C1_INLINING", "C2_INLINING" })
	void pendingFaultIsThrownOnByTheNextCallWhichDoesNothing(Jvm jvm) throws Exception {
		child(PendingFaultProgram.class, this.directory).flags(jvm.flags())
			.arguments(this.directory, jvm.warmUp())
			.run();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "INTERPRETED", "C1", "C2", "C1_INLINING", "C2_INLINING" })
	@Tag("faults")
	void pendingFaultIsThrownOnByTheNextCallHoweverCodeRuns(Jvm jvm) throws Exception {
		child(PendingFaultProgram.class, this.directory).flags(jvm.flags())
			.arguments(this.directory, jvm.warmUp())
			.run();
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2" })
	void readsReturnContentOrFailWhileFileIsShortenedAndLengthened(Jvm jvm) throws Exception {
		child(RaceProgram.class, this.directory).flags(jvm.flags()).arguments(this.directory).run();
	}

	@ParameterizedTest
	@EnumSource(names = { "C2", "C2_ZGC" })
	@Tag("faults")
	void everyCallReturnsContentOrFailsWhileFileIsTruncatedAndGrownByEveryone(Jvm jvm) throws Exception {
		child(FuzzProgram.class, this.directory).flags(jvm.flags()).arguments(this.directory, 30).run();
	}

}
