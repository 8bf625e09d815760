package dev.yammap.faults;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Backend;

/**
 * Tests that a virtual thread that waits for its disk does not keep others from running,
 * where there is one carrier for all of them; nor does it hold up who asks for what is
 * known without the disk.
 */
@Tag("faults")
class FrozenDiskTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "extend", "append", "grow", "shrink", "create" })
	void virtualThreadThatWaitsForItsDiskHoldsNoOther(String call) throws Exception {
		try (Disk disk = Disk.mount(Disk.Kind.EXT4, this.directory)) {
			new ChildJvm(FrozenDiskProgram.class, this.directory).on(Backend.NATIVE)
				.flags(List.of("-Djdk.virtualThreadScheduler.parallelism=1",
						"-Djdk.virtualThreadScheduler.maxPoolSize=1"))
				.arguments(disk.directory(), call)
				.run();
		}
	}

}
