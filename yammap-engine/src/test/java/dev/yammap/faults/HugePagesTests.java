package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests files on hugetlbfs, which a mapping makes longer, and which cannot be written to
 * but through one.
 */
@Tag("faults")
class HugePagesTests extends AbstractFaultTests {

	private static final int PAGE = 2 << 20;

	@TempDir
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private KernelSetting pages;

	@BeforeEach
	void mount() throws IOException {
		this.pages = KernelSetting.change("vm/nr_hugepages", (before) -> before + 8);
		Command.run("mount", "-t", "hugetlbfs", "-o", "pagesize=2M", "none", this.directory);
	}

	@AfterEach
	void unmount() throws IOException {
		try (KernelSetting _ = this.pages) {
			Command.run("umount", this.directory);
		}
	}

	@Test
	void fileIsAsLongAsItWasCreated() throws IOException {
		Path path = this.directory.resolve("file");
		if (this.backend == Backend.PORTABLE) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> create(path, 2 * PAGE))
				.withMessageContaining("Invalid argument");
			assertThat(path).doesNotExist();
			return;
		}
		try (Mmap file = create(path, 2 * PAGE)) {
			assertThat(path).hasSize(2 * PAGE);
			file.writeAt(Probe.filled(PAGE), PAGE);
			assertThat(file.atomics().getAndAddLong(0, 5)).isZero();
			file.truncate(3L * PAGE);
			assertThat(path).hasSize(3 * PAGE);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 2L * PAGE)).isZero();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[8], 3L * PAGE))
				.withMessageContaining("Invalid argument");
			assertThat(path).hasSize(3 * PAGE);
			file.sync();
		}
		try (Mmap file = open(path)) {
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(5);
			byte[] content = new byte[PAGE];
			assertThat(file.readAt(content, PAGE)).isEqualTo(PAGE);
			assertThat(content).isEqualTo(Probe.filled(PAGE));
		}
	}

	@Test
	void emptyFileStaysEmpty() throws IOException {
		Path path = this.directory.resolve("file");
		create(path, 0).close();
		assertThat(path).isEmptyFile();
	}

}
