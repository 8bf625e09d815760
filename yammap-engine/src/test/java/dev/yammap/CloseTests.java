package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link Mmap#close()} and every call after it.
 */
class CloseTests extends AbstractMmapTests {

	@ParameterizedTest
	@EnumSource
	void callAfterCloseIsRefused(Call call) throws IOException {
		byte[] content = random(Call.SIZE, 1);
		Mmap file = openReadWrite(content);
		file.close();
		if (call.isIo()) {
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> call.on(file));
		}
		else {
			assertThatIllegalStateException().isThrownBy(() -> call.on(file))
				.isNotInstanceOf(NonReadableChannelException.class)
				.isNotInstanceOf(NonWritableChannelException.class);
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void whatTheFileWasCanStillBeAsked() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		file.truncate(150);
		file.close();
		assertThat(file.isOpen()).isFalse();
		assertThat(file.size()).isEqualTo(150);
		assertThat(file.path()).isEqualTo(path());
		assertThat(file.name()).isEqualTo(path().toString());
		assertThat(file.isWritable()).isTrue();
		assertThat(file.toString()).isNotEmpty();
	}

	@Test
	void zeroLengthCallsAfterCloseAreRefused() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.read(new byte[0]));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.write(new byte[0]));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.readAt(new byte[0], 0));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.writeAt(new byte[0], 0));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> file.access(0, 0, (view) -> view.byteSize()));
		assertThatIllegalStateException().isThrownBy(() -> file.segment(0, 0));
	}

	@Test
	void closedReadOnlyFileIsClosedBeforeItIsReadOnly() throws IOException {
		Mmap file = open(write(new byte[100]));
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::sync);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.read(new byte[1]));
		assertThatIllegalStateException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 0));
	}

	@Test
	void closeIsIdempotent() throws IOException {
		AtomicInteger closed = new AtomicInteger();
		write(new byte[100]);
		Mmap file = open(builder(path()).listener(new MmapListener() {

			@Override
			public void closed(Mmap file) {
				closed.incrementAndGet();
			}

		}));
		file.close();
		file.close();
		file.close();
		assertThat(closed).hasValue(1);
	}

	@Test
	void filesOfEveryKindClose() throws IOException {
		openReadWrite().close();
		open(path()).close();
		openAppend().close();
		openPrivate().close();
		openReadWrite(new byte[100]).close();
		openPrivate().close();
		assertThat(content()).hasSize(100);
	}

	@Test
	void secondCloseLeavesWhatWasMappedSinceAlone() throws IOException {
		for (int i = 0; i < 20; i++) {
			Mmap first = openReadWrite(filled(SOME_PAGES, i));
			first.close();
			Mmap second = openReadWrite();
			first.close();
			assertThat(readAt(second, SOME_PAGES, 0)).isEqualTo(filled(SOME_PAGES, i));
			second.writeAt(new byte[100], SOME_PAGES);
			second.close();
		}
	}

	@Test
	void manyThreadsMayCloseAtOnce() throws Exception {
		AtomicInteger closed = new AtomicInteger();
		for (int round = 1; round <= 50; round++) {
			write(new byte[100]);
			Mmap file = open(builder(path()).listener(new MmapListener() {

				@Override
				public void closed(Mmap file) {
					closed.incrementAndGet();
				}

			}));
			Race.onPlatformThreads().with(4, (thread) -> file::close).run();
			assertThat(file.isOpen()).isFalse();
			assertThat(closed).hasValue(round);
		}
	}

	@Test
	void whatWasWrittenOutlivesTheMmap() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		try (Mmap file = openReadWrite()) {
			file.write(content);
			file.set(ValueLayout.JAVA_BYTE, 5, (byte) 5);
			file.segment().set(ValueLayout.JAVA_BYTE, 6, (byte) 6);
		}
		content[5] = 5;
		content[6] = 6;
		assertThat(content()).isEqualTo(content);
		assertThat(readAt(openReadWrite(), SOME_PAGES + 1, 0)).isEqualTo(content);
	}

	@Test
	void closedComesBeforeEveryComplaintAboutARange() throws IOException {
		Mmap file = openReadWrite(new byte[100]);
		write(new byte[100]);
		Mmap copy = openPrivate();
		Mmap append = openAppend();
		file.close();
		copy.close();
		append.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.seek(-1, Whence.START));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.sync(-1, 1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.pageCache(-1, 1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.punchHole(-1, 1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> copy.punchHole(0, 1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.advise(Advice.WILL_NEED, -1, 1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> append.write(new byte[0]));
	}

}
