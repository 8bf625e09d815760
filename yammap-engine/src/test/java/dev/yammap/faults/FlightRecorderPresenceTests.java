package dev.yammap.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.yammap.Backend;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs with the Flight Recorder at work, idle, and absent.
 */
class FlightRecorderPresenceTests {

	private static final String[] EVENTS = { "yammap.Open", "yammap.Grow", "yammap.Grow", "yammap.Shrink",
			"yammap.Sync", "yammap.Fault", "yammap.Close" };

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "NATIVE, false", "NATIVE, true", "PORTABLE, false" })
	void engineWorksWithoutTheModuleOfTheFlightRecorder(Backend backend, boolean modulePath) throws Exception {
		run(backend, modulePath, "--limit-modules=java.base");
	}

	@ParameterizedTest
	@CsvSource({ "NATIVE, true", "PORTABLE, false" })
	void recordingSinceTheStartHasEveryEvent(Backend backend, boolean modulePath) throws Exception {
		Path dump = this.directory.resolve("dump.jfr");
		run(backend, modulePath, "-XX:StartFlightRecording:settings=default,filename=" + dump);
		List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.filteredOn((name) -> name.startsWith("yammap."))
			.containsExactlyInAnyOrder(EVENTS);
	}

	@Test
	void nothingIsLoadedForEventsThatNobodyRecords() throws Exception {
		Path log = this.directory.resolve("classes.log");
		run(Backend.NATIVE, false, "-Xlog:class+load:file=" + log);
		assertThat(Files.readString(log)).contains("dev.yammap.internal.event.FlightRecording")
			.doesNotContainPattern("dev\\.yammap\\.internal\\.jfr\\.\\w+Event")
			.doesNotContain("jdk.jfr.Event ");
	}

	private void run(Backend backend, boolean modulePath, String flag) throws Exception {
		ChildJvm program = new ChildJvm(FlightRecorderProgram.class, this.directory).on(Backend.PORTABLE);
		if (modulePath) {
			program.onModulePath();
		}
		String grant = "--enable-native-access=" + (modulePath ? "dev.yammap.engine" : "ALL-UNNAMED");
		program.flags((backend == Backend.NATIVE) ? List.of(grant, flag) : List.of(flag))
			.arguments(this.directory.resolve("file"))
			.run();
	}

}
