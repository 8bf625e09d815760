package dev.yammap.faults;

import java.nio.file.Files;
import java.nio.file.Path;

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
	@EnumSource
	void faultArrivesInTheCallThatMetItWhenFileIsShortened(Jvm jvm) throws Exception {
		Path report = this.directory.resolve("report");
		child(FaultProgram.class, this.directory).flags(jvm.flags())
			.arguments(FaultProgram.SHORTENED, this.directory, jvm.warmUp(), report)
			.run();
		assertThat(Files.readAllLines(report)).isEqualTo(FaultProgram.expectedReport((opening, operation) -> true));
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2" })
	void readsReturnContentOrFailWhileFileIsShortenedAndLengthened(Jvm jvm) throws Exception {
		child(RaceProgram.class, this.directory).flags(jvm.flags()).arguments(this.directory).run();
	}

}
