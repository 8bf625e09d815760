package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Descriptors and mappings are given back, as the process's own entries in {@code /proc}
 * tell.
 */
class LeakTests extends AbstractMmapTests {

	@Test
	void openFileHasADescriptorOrAMapping() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		assertThat(ProcessFiles.mappings(this.directory)).isNotEmpty();
	}

	@Test
	void closedFileHasNeitherDescriptorNorMapping() throws IOException {
		write(new byte[SOME_PAGES]);
		for (int i = 0; i < 200; i++) {
			openReadWrite().close();
			open(path()).close();
			openAppend().close();
			openPrivate().close();
		}
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
	}

	@Test
	void fileThatOutgrewItsReservationGivesEveryMappingBack() throws IOException {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.reserve(4096));
		for (int size = 1; size < 1 << 24; size *= 2) {
			file.truncate(size);
			file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		}
		file.close();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
	}

	@Test
	void failedOpenLeavesNothingBehind() throws Exception {
		write(new byte[100]);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		Path pipe = this.directory.resolve("pipe");
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		OpenOption[] readWrite = { StandardOpenOption.READ, StandardOpenOption.WRITE };
		for (int i = 0; i < 20; i++) {
			assertThatException().isThrownBy(() -> open(this.directory));
			assertThatException().isThrownBy(() -> open(pipe));
			assertThatException().isThrownBy(() -> open(link, LinkOption.NOFOLLOW_LINKS));
			assertThatException().isThrownBy(() -> builder(path()).options(readWrite).maxSize(99).open());
			assertThatException().isThrownBy(() -> builder(path()).options(readWrite).size(Long.MAX_VALUE).open());
			assertThatException()
				.isThrownBy(() -> open(path(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
			assertThatException().isThrownBy(() -> open(path(), StandardOpenOption.CREATE));
		}
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
		assertThat(content()).hasSize(100);
	}

	@Test
	void childProcessInheritsNothing() throws Exception {
		openReadWrite(new byte[100]);
		openAppend();
		open(path());
		Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
		String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(child.waitFor()).isZero();
		assertThat(output).doesNotContain(this.directory.getFileName().toString());
	}

}
