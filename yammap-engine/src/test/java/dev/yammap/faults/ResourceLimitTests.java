package dev.yammap.faults;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import dev.yammap.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the limits of a process are respected, and cost the caller no more than they
 * must.
 */
@Tag("faults")
class ResourceLimitTests {

	private static final long ADDRESS_SPACE = 3L << 30;

	@TempDir
	private Path directory;

	@Test
	void fileIsOpenedAndGrowsWhereAddressSpaceIsTooSmallForTheUsualReservation() throws Exception {
		run("address-space", "prlimit", "--as=" + ADDRESS_SPACE);
	}

	@Test
	void fileGrowsPageByPageWhereAddressSpaceIsLimited() throws Exception {
		run("growing-files", "prlimit", "--as=" + ADDRESS_SPACE);
	}

	@Test
	void fileThatDoesNotFitInTheAddressSpaceIsRefused() throws Exception {
		try (RandomAccessFile file = new RandomAccessFile(this.directory.resolve("large").toFile(), "rw")) {
			file.setLength(2 * ADDRESS_SPACE);
		}
		run("address-space-too-small", "prlimit", "--as=" + ADDRESS_SPACE);
	}

	@Test
	void lockedFileIsRefusedWhereItIsLargerThanMemoryThatMayBeLocked() throws Exception {
		run("locked-memory", "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock", "prlimit",
				"--memlock=65536");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void growthPastTheLimitOfFileSizesIsRefused(Backend backend) throws Exception {
		run(backend, "file-size", "prlimit", "--fsize=" + LimitedProgram.MEBIBYTE);
	}

	private void run(String limit, String... launcher) throws Exception {
		run(Backend.NATIVE, limit, launcher);
	}

	private void run(Backend backend, String limit, String... launcher) throws Exception {
		new ChildJvm(LimitedProgram.class, this.directory).on(backend)
			.under(launcher)
			.flags(List.of("-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m", "-XX:CompressedClassSpaceSize=32m"))
			.arguments(limit, this.directory)
			.run();
	}

}
