package dev.yammap;

import java.nio.file.Path;
import java.util.List;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that no file holds memory outside of the heap but its mapping, and that files are
 * used where the virtual machine has none left.
 */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class DirectMemoryTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@TempDir
	private Path directory = Path.of("");

	@Test
	void filesTakeNoMemoryEachAndAreUsedWhereThereIsNone() throws Exception {
		new ChildJvm(DirectMemoryProgram.class, this.directory).on(this.backend)
			.flags(List.of("-XX:MaxDirectMemorySize=1M", "-XX:+DisableExplicitGC"))
			.arguments(this.directory, false)
			.run();
	}

	@Test
	void filesAreOpenedAfterMemoryWasShortAtFirst() throws Exception {
		new ChildJvm(DirectMemoryProgram.class, this.directory).on(this.backend)
			.flags(List.of("-XX:MaxDirectMemorySize=1M"))
			.arguments(this.directory, true)
			.run();
	}

	@Test
	void bufferIsWrittenWithoutACopyInTheHeap() throws Exception {
		new ChildJvm(LargeBufferProgram.class, this.directory).on(this.backend)
			.flags(List.of("-Xms32m", "-Xmx32m", "-XX:MaxDirectMemorySize=128m"))
			.arguments(this.directory)
			.run();
	}

}
