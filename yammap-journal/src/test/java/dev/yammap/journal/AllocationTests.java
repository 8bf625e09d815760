package dev.yammap.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What records take from the heap once the code is compiled.
 */
class AllocationTests extends AbstractJournalTests {

	@Test
	void recordTakesNothingFromTheHeapWhenItIsAppendedAndWhenItIsRead() throws Exception {
		// Compiled at once, not in the background.
		Process program = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-Xbatch", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), AllocationProgram.class.getName(), directory().toString(),
				this.backend.name()))
			.redirectError(this.temporary.resolve("program.err").toFile())
			.start();
		String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(output.lines()).containsExactly("appended 0", "read 0");
		assertThat(program.waitFor()).isZero();
	}

}
