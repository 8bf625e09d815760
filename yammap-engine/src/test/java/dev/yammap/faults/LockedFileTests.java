package dev.yammap.faults;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.FileLockedException;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Locks that another process holds.
 */
class LockedFileTests extends AbstractFaultTests {

	@TempDir
	private Path directory;

	private Path path;

	private @Nullable Process process;

	@BeforeEach
	void writeFile() throws IOException {
		this.path = Files.write(this.directory.resolve("file"), new byte[] { 1, 2, 3 });
	}

	@AfterEach
	void killProcess() throws InterruptedException {
		if (this.process != null) {
			this.process.destroyForcibly().waitFor();
		}
	}

	private Process lockElsewhere(LockMode mode) throws IOException {
		Process started = child(LockingProgram.class, this.directory).arguments(this.path, mode).start();
		this.process = started;
		assertThat(started.getInputStream().read()).isEqualTo(3);
		return started;
	}

	private Mmap open(LockMode mode) throws IOException {
		return builder(this.path).options(StandardOpenOption.READ, StandardOpenOption.WRITE).lock(mode).open();
	}

	@Test
	void processThatHoldsTheLockIsNamed() throws IOException {
		Process holder = lockElsewhere(LockMode.EXCLUSIVE);
		for (LockMode mode : new LockMode[] { LockMode.EXCLUSIVE, LockMode.SHARED }) {
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> open(mode))
				.withMessageContaining(this.path.toString())
				.withMessageContaining("process " + holder.pid() + " (java)");
		}
		open(LockMode.NONE).close();
	}

	@Test
	void sharedLocksOfTwoProcessesGoTogether() throws IOException {
		lockElsewhere(LockMode.SHARED);
		open(LockMode.SHARED).close();
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> open(LockMode.EXCLUSIVE));
	}

	@Test
	void lockEndsWithItsProcess() throws Exception {
		Process holder = lockElsewhere(LockMode.EXCLUSIVE);
		holder.destroyForcibly().waitFor();
		open(LockMode.EXCLUSIVE).close();
	}

	@Test
	void lockEndsWithItsFile() throws Exception {
		Process holder = lockElsewhere(LockMode.EXCLUSIVE);
		holder.getOutputStream().close();
		assertThat(holder.waitFor()).isZero();
		open(LockMode.EXCLUSIVE).close();
	}

	@Test
	void otherProgramsSeeTheLock() throws IOException {
		lockElsewhere(LockMode.EXCLUSIVE);
		try (FileChannel channel = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
			assertThat(channel.tryLock()).isNull();
		}
	}

}
