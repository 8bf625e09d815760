package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Copy-on-write mappings.
 */
class PrivateModeTests extends AbstractMmapTests {

	@Test
	void writesAreSeenHereAndNowhereElse() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		write(content);
		Mmap file = openPrivate();
		assertThat(file.isWritable()).isTrue();
		file.writeAt(filled(100, 1), 4_050);
		file.write(filled(100, 2));
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 1_001, 3);
		file.atomics().getAndAddLong(2_000, 1);
		file.segment().set(ValueLayout.JAVA_BYTE, SOME_PAGES - 1, (byte) ~content[SOME_PAGES - 1]);
		assertThat(readAt(file, 100, 4_050)).isEqualTo(filled(100, 1));
		assertThat(readAt(file, 100, 0)).isEqualTo(filled(100, 2));
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 1_001)).isEqualTo(3);
		assertThat(file.get(ValueLayout.JAVA_BYTE, SOME_PAGES - 1)).isEqualTo((byte) ~content[SOME_PAGES - 1]);
		assertThat(content()).isEqualTo(content);
		assertThat(readAt(open(path()), SOME_PAGES, 0)).isEqualTo(content);
		file.close();
		assertThat(content()).isEqualTo(content);
		assertThat(readAt(openPrivate(), SOME_PAGES, 0)).isEqualTo(content);
	}

	@Test
	void privateMmapsDoNotSeeEachOther() throws IOException {
		write(new byte[100]);
		Mmap first = openPrivate();
		Mmap second = openPrivate();
		first.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		second.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
		assertThat(first.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
		assertThat(second.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
	}

	@Test
	void growthIsRefused() throws IOException {
		byte[] content = random(100, 1);
		write(content);
		Mmap file = openPrivate();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[1], 100))
			.withMessageContaining(path().toString());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[10], 95));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.truncate(101));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.truncate(99));
		file.seek(95, Whence.START);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(new byte[6]));
		assertThat(file.offset()).isEqualTo(95);
		assertThat(file.write(new byte[5])).isEqualTo(5);
		assertThat(file.size()).isEqualTo(100);
		assertThat(readAt(file, 200, 0)).isEqualTo(concat(Arrays.copyOf(content, 95), new byte[5]));
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void readOnlyPrivateMappingRefusesWrites() throws IOException {
		byte[] content = random(100, 1);
		write(content);
		Mmap file = open(builder(path()).options(StandardOpenOption.READ).mode(MapMode.PRIVATE));
		assertThat(file.isWritable()).isFalse();
		assertThat(file.segment().isReadOnly()).isTrue();
		assertThat(readAt(file, 200, 0)).isEqualTo(content);
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.truncate(10));
	}

	/**
	 * Nobody may open a program that runs, or a setting of the kernel that is fixed, for
	 * writing, not even root.
	 */
	@Test
	void fileNeedsToBeReadableOnlyUnlessTheBackendIsPortable() throws IOException {
		if (this.backend == Backend.PORTABLE) {
			assertThatExceptionOfType(AccessDeniedException.class)
				.isThrownBy(() -> openPrivate(Path.of("/proc/sys/kernel/ostype")))
				.withMessageContaining("right to write");
			return;
		}
		Mmap file = openPrivate(Path.of(ProcessHandle.current().info().command().orElseThrow()));
		byte before = file.get(ValueLayout.JAVA_BYTE, 0);
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) ~before);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) ~before);
	}

	private Mmap openPrivate(Path path) throws IOException {
		return open(builder(path).options(StandardOpenOption.READ, StandardOpenOption.WRITE).mode(MapMode.PRIVATE));
	}

}
