package dev.yammap;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine in a class loader of its own, as in a web application: when its files are
 * closed and nothing uses it any more, nothing of it is left. In a virtual machine of its
 * own, as files that other tests have lost may be unmapped at any time.
 */
class UndeploymentTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void nothingStaysMappedAndNoThreadKeepsTheClasses() throws Exception {
		Path path = Files.write(this.directory.resolve("file"), new byte[100_000]);
		new ChildJvm(UndeploymentProgram.class, this.directory).arguments(path).run();
	}

}
