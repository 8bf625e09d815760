package dev.yammap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.MmapListener.WriteOperation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a {@link MmapListener} is told, and what it may do.
 */
class ListenerTests extends AbstractMmapTests {

	private final List<String> events = new ArrayList<>();

	@Test
	void everyListenerIsToldOfEveryEvent() throws IOException {
		write(new byte[100]);
		Mmap file = open(writable().listener(new Recorder("a")).listener(new Recorder("b")));
		file.sync();
		file.close();
		file.close();
		assertThat(this.events).containsExactlyInAnyOrder("a synced", "b synced", "a closed", "b closed");
		assertThat(this.events.subList(0, 2)).containsExactlyInAnyOrder("a synced", "b synced");
	}

	@Test
	void listenerIsToldOnTheThreadThatCausedTheEvent() throws IOException {
		List<Thread> threads = new ArrayList<>();
		write(new byte[100]);
		Mmap file = open(writable().listener(new MmapListener() {

			@Override
			public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
				threads.add(Thread.currentThread());
			}

			@Override
			public void closed(Mmap file) {
				threads.add(Thread.currentThread());
			}

		}));
		file.sync();
		file.close();
		assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
	}

	@Test
	void listenerIsToldOfTheFaultItsCallerIsTold() throws IOException {
		List<MappedFaultException> faults = new ArrayList<>();
		write(new byte[SOME_PAGES]);
		Mmap file = open(writable().listener(new MmapListener() {

			@Override
			public void faulted(Mmap file, MappedFaultException fault) {
				faults.add(fault);
			}

		}));
		shortenFromOutside(100);
		MappedFaultException fault = catchThrowableOfType(MappedFaultException.class,
				() -> file.readAt(new byte[10], 100_000));
		assertThat(fault).hasMessageContaining("only 100 of " + SOME_PAGES + " bytes");
		assertThat(faults).containsExactly(fault);
	}

	@Test
	void listenerIsToldOfTheFaultThatMappingMeets() throws IOException {
		List<MappedFaultException> faults = new ArrayList<>();
		write(new byte[100]);
		Mmap file = open(writable().listener(new MmapListener() {

			@Override
			public void faulted(Mmap file, MappedFaultException fault) {
				faults.add(fault);
			}

		}));
		shortenFromOutside(10);
		MappedFaultException fault = catchThrowableOfType(MappedFaultException.class,
				() -> file.channel().map(FileChannel.MapMode.READ_WRITE, 0, 200));
		assertThat(fault).hasMessageContaining("only 10 of 100 bytes");
		assertThat(faults).containsExactly(fault);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatAListenerThrowsChangesNothing(boolean error) throws IOException {
		write(new byte[SOME_PAGES]);
		Mmap file = open(writable().listener(new Thrower(error)).listener(new Recorder("b")));
		file.sync();
		file.sync();
		file.writeAt(new byte[100], SOME_PAGES);
		assertThat(file.size()).isEqualTo(SOME_PAGES + 100);
		file.close();
		assertThat(file.isOpen()).isFalse();
		assertThat(this.events).containsExactly("b synced", "b synced", "b closed");
		assertThat(content()).hasSize(SOME_PAGES + 100);
	}

	@Test
	void noLockIsHeldWhileAListenerIsTold() throws Exception {
		write(new byte[Call.SIZE]);
		Mmap file = open(writable().listener(new MmapListener() {

			@Override
			public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
				if (ListenerTests.this.events.isEmpty()) {
					ListenerTests.this.events.add("synced");
					callEverythingOnAnotherThread(file);
					ListenerTests.this.events.add("called");
				}
			}

		}));
		file.sync();
		assertThat(this.events).containsExactly("synced", "called");
		assertThat(file.isOpen()).isTrue();
	}

	@Test
	void noLockIsHeldWhileAListenerIsToldOfAFault() throws IOException {
		write(new byte[SOME_PAGES]);
		Mmap file = open(writable().listener(new MmapListener() {

			@Override
			public void faulted(Mmap file, MappedFaultException fault) {
				ListenerTests.this.events.add(seeksOnAnotherThread(file) ? "free" : "locked");
			}

		}));
		file.seek(100_000, Whence.START);
		shortenFromOutside(100);
		assertThat(catchThrowableOfType(MappedFaultException.class, () -> file.read(new byte[10]))).isNotNull();
		assertThat(this.events).containsExactly("free");
	}

	private static boolean seeksOnAnotherThread(Mmap file) {
		Thread thread = Thread.ofPlatform().start(() -> {
			try {
				file.seek(0, Whence.START);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		try {
			return thread.join(Duration.ofMinutes(1));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void listenerMayAskAClosedFileForItsPathNameAndSize() throws IOException {
		write(new byte[100]);
		open(writable().listener(new MmapListener() {

			@Override
			public void closed(Mmap file) {
				ListenerTests.this.events.add(file.name() + file.path() + file.size() + file.isOpen());
			}

		})).close();
		assertThat(this.events).containsExactly(path().toString() + path() + "100false");
	}

	@Test
	void listenerMayCloseTheFile() throws IOException {
		write(new byte[100]);
		Mmap file = open(writable().listener(new Recorder("a")).listener(new MmapListener() {

			@Override
			public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
				try {
					file.close();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}

		}));
		file.sync();
		assertThat(file.isOpen()).isFalse();
		assertThat(this.events).containsExactlyInAnyOrder("a synced", "a closed");
	}

	@Test
	void whatTheEngineRefusesItselfIsNotTold() throws IOException {
		write(new byte[100]);
		Mmap file = open(writable().maxSize(200).listener(new MmapListener() {

			@Override
			public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
				ListenerTests.this.events.add(operation + " " + cause);
			}

		}));
		assertThatIOException().isThrownBy(() -> file.writeAt(new byte[10], 195)).withMessageContaining("maxSize");
		assertThatIOException().isThrownBy(() -> file.truncate(201)).withMessageContaining("maxSize");
		assertThatIOException().isThrownBy(() -> file.seek(300, Whence.START));
		assertThat(this.events).isEmpty();
	}

	@Test
	void failedOpenTellsNothing() throws IOException {
		write(new byte[100]);
		Mmap.Builder builder = writable().maxSize(10).listener(new Recorder("a"));
		assertThat(catchThrowableOfType(IOException.class, builder::open)).isNotNull();
		assertThat(this.events).isEmpty();
	}

	private Mmap.Builder writable() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private static void callEverythingOnAnotherThread(Mmap file) {
		try {
			Race.onPlatformThreads().with(() -> {
				for (Call call : Call.values()) {
					call.on(file);
				}
			}).run();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Notes what it is told.
	 */
	private final class Recorder implements MmapListener {

		private final String name;

		Recorder(String name) {
			this.name = name;
		}

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			ListenerTests.this.events.add(this.name + ((failure != null) ? " failed" : " synced"));
		}

		@Override
		public void closed(Mmap file) {
			ListenerTests.this.events.add(this.name + " closed");
		}

	}

	/**
	 * Fails at everything.
	 */
	private record Thrower(boolean error) implements MmapListener {

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			fail(file);
		}

		@Override
		public void closed(Mmap file) {
			fail(file);
		}

		private void fail(Mmap file) {
			if (this.error) {
				throw new AssertionError("of the listener");
			}
			throw new IllegalStateException("of the listener of " + Objects.requireNonNull(file).name());
		}

	}

}
