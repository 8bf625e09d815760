package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

import dev.yammap.spring.boot.support.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Undeployment}.
 */
class UndeploymentTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	/**
	 * In a virtual machine of its own, as files that other tests have lost may be
	 * unmapped at any time.
	 */
	@Test
	void nothingIsMappedAndNoThreadRunsWhenTheContextOfAWebApplicationHasClosed() throws Exception {
		JavaProcess process = JavaProcess.run(List.of(), UndeploymentProgram.class, this.directory.toString());
		assertThat(process.exitCode()).as(process.output()).isZero();
	}

	@Test
	void nobodyWaitsWhereTheVirtualMachineEndsWithTheApplication() throws IOException {
		assertThat(Undeployment.isTakenAway(ClassLoader.getSystemClassLoader())).isFalse();
		assertThat(Undeployment.isTakenAway(ClassLoader.getPlatformClassLoader())).isFalse();
		assertThat(Undeployment.isTakenAway(null)).isFalse();
		try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
			assertThat(Undeployment.isTakenAway(loader)).isTrue();
		}
	}

}
