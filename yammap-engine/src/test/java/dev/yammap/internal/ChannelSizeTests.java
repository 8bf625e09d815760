package dev.yammap.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that to ask a channel for the size waits for no change of the size, which may
 * wait for a device.
 */
@NullMarked
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ChannelSizeTests {

	@TempDir
	private Path directory = Path.of("");

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@SuppressWarnings("try")
	void sizeIsToldWhileItChanges(Backend backend) throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[100]);
		OpenedFile file = new Opening(Backends.get(backend), path,
				AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE), MappingOptions.DEFAULT, true, true)
			.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		try (FileMmap mmap = new FileMmap(file, false, List.of())) {
			FileChannel channel = mmap.channel();
			file.growth().lock().whileSizeStays(() -> {
				Files.write(path, new byte[10], StandardOpenOption.APPEND);
				assertThat(onAnotherThread(channel)).isEqualTo(100);
				assertThat(channel.size()).isEqualTo(110);
				assertThat(onAnotherThread(channel)).isEqualTo(110);
				mmap.close();
				assertThatExceptionOfType(ClosedChannelException.class)
					.isThrownBy(() -> file.growth().lock().sizeWithoutWaiting());
				return true;
			});
			assertThat(onAnotherThread(mmap.channel())).isEqualTo(-1);
		}
	}

	/** Returns -1 for a channel that is closed. */
	private static long onAnotherThread(FileChannel channel) {
		FutureTask<Long> size = new FutureTask<>(() -> channel.isOpen() ? channel.size() : -1);
		Thread.ofPlatform().start(size);
		try {
			return size.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

}
