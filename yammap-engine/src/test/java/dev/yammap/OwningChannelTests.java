package dev.yammap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A channel that owns its file.
 */
class OwningChannelTests extends AbstractMmapTests {

	private final List<String> events = new ArrayList<>();

	private final List<Mmap> files = new ArrayList<>();

	private Mmap.Builder listened() {
		return builder(path()).listener(new MmapListener() {

			@Override
			public void opened(Mmap file) {
				OwningChannelTests.this.events.add("opened");
				OwningChannelTests.this.files.add(file);
			}

			@Override
			public void closed(Mmap file) {
				OwningChannelTests.this.events.add("closed");
			}

		});
	}

	@Test
	void closingTheChannelClosesItsFile() throws IOException {
		write(random(100, 1));
		FileChannel channel = listened().openChannel();
		Mmap file = this.files.getFirst();
		assertThat(channel.size()).isEqualTo(100);
		assertThat(channel.position()).isZero();
		assertThat(file.channel().isOpen()).isTrue();
		channel.close();
		channel.close();
		assertThat(file.isOpen()).isFalse();
		assertThat(channel.isOpen()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
		assertThat(this.events).containsExactly("opened", "closed");
	}

	@Test
	void closingTheFileClosesTheChannel() throws IOException {
		write(random(100, 1));
		FileChannel channel = listened().openChannel();
		Mmap file = this.files.getFirst();
		FileChannel other = file.channel();
		file.close();
		assertThat(channel.isOpen()).isFalse();
		assertThat(other.isOpen()).isFalse();
		channel.close();
		assertThat(this.events).containsExactly("opened", "closed");
	}

	@Test
	void otherChannelOfTheFileDoesNotOwnIt() throws IOException {
		write(random(100, 1));
		try (FileChannel channel = listened().openChannel()) {
			this.files.getFirst().channel().close();
			assertThat(channel.size()).isEqualTo(100);
		}
	}

	@Test
	void streamThatIsClosedClosesTheFile() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		write(content);
		try (InputStream stream = Channels.newInputStream(listened().openChannel())) {
			assertThat(stream.readAllBytes()).isEqualTo(content);
		}
		assertThat(this.files.getFirst().isOpen()).isFalse();
	}

	@Test
	void everySettingCounts() throws IOException {
		try (FileChannel channel = listened()
			.options(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ)
			.size(1_000)
			.lock(LockMode.EXCLUSIVE)
			.openChannel()) {
			assertThat(channel.size()).isEqualTo(1_000);
			assertThatExceptionOfType(FileLockedException.class)
				.isThrownBy(() -> builder(path()).lock(LockMode.SHARED).openChannel());
		}
		try (FileChannel channel = builder(path()).openChannel()) {
			assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> channel.truncate(1));
		}
	}

	@Test
	void fileThatCannotBeOpenedIsRefusedAsByOpen() {
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> builder(path()).openChannel());
	}

	@Test
	void threadsMayCloseFileAndChannelAtOnce() throws Exception {
		write(random(100, 1));
		for (int i = 0; i < 50; i++) {
			this.files.clear();
			this.events.clear();
			FileChannel channel = listened().openChannel();
			Mmap file = this.files.getFirst();
			FileChannel other = file.channel();
			Race.onPlatformThreads()
				.with(channel::close)
				.with(file::close)
				.with(other::close)
				.with(channel::close)
				.run();
			assertThat(List.of(channel.isOpen(), other.isOpen(), file.isOpen())).containsOnly(false);
			assertThat(this.events).containsExactly("opened", "closed");
		}
	}

}
