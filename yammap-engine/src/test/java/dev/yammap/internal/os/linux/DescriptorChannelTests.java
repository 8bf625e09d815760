package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DescriptorChannel}, with other names than those of the system.
 */
@NullMarked
class DescriptorChannelTests {

	private static final Path FILE = Path.of("/data/file");

	@TempDir
	private Path names = Path.of("");

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void mappingIsUnsupportedWhereDescriptorsHaveNoNames() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> new DescriptorChannel(FILE, 7, true, this.names).run(FileChannel::size))
			.withMessageContaining(FILE.toString())
			.withMessageContaining("/proc");
	}

	@Test
	void channelIsClosedAfterTheCall() throws IOException {
		Files.write(this.names.resolve("7"), new byte[10]);
		FileChannel channel = new DescriptorChannel(FILE, 7, false, this.names).run((opened) -> {
			assertThat(opened.isOpen()).isTrue();
			assertThat(opened.size()).isEqualTo(10);
			return opened;
		});
		assertThat(channel.isOpen()).isFalse();
	}

	@Test
	void callOfTheThreadItselfIsMadeAgainIfAnInterruptClosedItsChannel() throws IOException {
		Files.write(this.names.resolve("7"), new byte[10]);
		Thread caller = Thread.currentThread();
		caller.interrupt();
		int[] calls = new int[1];
		int read = new DescriptorChannel(FILE, 7, false, this.names).run((opened) -> {
			if (Thread.currentThread() != caller) {
				throw new WrongThreadException();
			}
			if (calls[0]++ == 0) {
				caller.interrupt();
			}
			return opened.read(ByteBuffer.allocate(20));
		});
		assertThat(read).isEqualTo(10);
		assertThat(calls[0]).isEqualTo(2);
		assertThat(Thread.interrupted()).isTrue();
	}

}
