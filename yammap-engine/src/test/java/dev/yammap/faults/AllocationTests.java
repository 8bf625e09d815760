package dev.yammap.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what calls take from the heap once they are compiled.
 */
class AllocationTests extends AbstractFaultTests {

	private static final int OF_A_SEGMENT = 128;

	@TempDir
	private Path directory;

	@Test
	void callsWithArraysAndSingleValuesTakeNothingFromTheHeap() throws Exception {
		Path report = this.directory.resolve("report");
		child(AllocationProgram.class, this.directory).flags(Jvm.C2.flags()).arguments(this.directory, report).run();
		List<String> calls = Files.readAllLines(report);
		assertThat(calls.stream().filter((call) -> !call.matches(".*(BUFFER|SEGMENT|CHANNEL|ACCESS_).*")))
			.hasSizeGreaterThan(40)
			.allMatch((call) -> call.endsWith(" 0"));
		// The engine sees a buffer as a segment, which is an object.
		assertThat(calls.stream().filter((call) -> call.matches("(READ|WRITE).*(BUFFER|SEGMENT).*"))).hasSize(8)
			.allMatch((call) -> bytes(call) <= OF_A_SEGMENT);
	}

	private static int bytes(String call) {
		return Integer.parseInt(call.substring(call.indexOf(' ') + 1));
	}

}
