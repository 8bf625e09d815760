package dev.yammap.faults;

import java.nio.file.Path;

import dev.yammap.Backend;
import dev.yammap.faults.CountingProgram.Cause;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a store or an atomic update that needs a new block and gets none is an
 * exception, also in a page that could be written to before, and that the log says once
 * that this may happen.
 */
@Tag("faults")
class CopyOnWriteTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void pageThatWasWrittenBackOnBtrfs(Backend backend) throws Exception {
		count(backend, Disk.Kind.BTRFS, Cause.WRITEBACK);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void pageThatACopyOfTheFileSharesOnXfs(Backend backend) throws Exception {
		count(backend, Disk.Kind.XFS, Cause.REFLINK);
	}

	/** Of quotas the portable backend learns nothing, as it says. */
	@ParameterizedTest
	@EnumSource(names = "NATIVE")
	void holeUnderAQuotaGroup(Backend backend) throws Exception {
		count(backend, Disk.Kind.BTRFS, Cause.QUOTA);
	}

	private void count(Backend backend, Disk.Kind kind, Cause cause) throws Exception {
		try (Disk disk = Disk.mount(kind, this.directory)) {
			for (Jvm jvm : new Jvm[] { Jvm.INTERPRETED, Jvm.C2 }) {
				String output = new ChildJvm(CountingProgram.class, this.directory).on(backend)
					.flags(jvm.flags())
					.arguments(disk.directory(), cause)
					.run();
				// Whether the files of an XFS may share blocks, nothing tells.
				assertThat(output.split("copies on write", -1)).hasSize((kind == Disk.Kind.BTRFS) ? 2 : 1);
				Command.run("rm", "-f", disk.resolve("counters"), disk.resolve("copy"));
			}
		}
	}

}
