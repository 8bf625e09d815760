package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What a {@link MmapListener} is told of opening and of the size of a file.
 */
class SizeListenerTests extends AbstractMmapTests {

	private final List<String> events = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final List<String> locked = new ArrayList<>();

	@Test
	void openingIsToldOnceTheFileIsOpen() throws IOException {
		write(new byte[100]);
		open(builder(path()).listener(new Recorder()));
		assertThat(this.events).containsExactly("opened 100");
		assertThat(this.threads).containsOnly(Thread.currentThread());
	}

	@Test
	void creationWithASizeIsAGrowth() throws IOException {
		open(creating().size(1000).listener(new Recorder()));
		assertThat(this.events).containsExactly("grown 0 1000", "opened 1000");
	}

	@Test
	void creationOfAnEmptyFileIsNoGrowth() throws IOException {
		open(creating().listener(new Recorder()));
		assertThat(this.events).containsExactly("opened 0");
	}

	@Test
	void openingThatLengthensTheFileIsAGrowth() throws IOException {
		write(new byte[100]);
		open(creating().size(1000).listener(new Recorder()));
		assertThat(this.events).containsExactly("grown 100 1000", "opened 1000");
	}

	@Test
	void openingThatEmptiesTheFileIsAShrinking() throws IOException {
		write(new byte[100]);
		open(truncating().listener(new Recorder()));
		assertThat(this.events).containsExactly("shrunk 100 0", "opened 0");
	}

	@Test
	void openingThatEmptiesTheFileAndGivesItASizeIsBoth() throws IOException {
		write(new byte[100]);
		open(truncating().size(1000).listener(new Recorder()));
		assertThat(this.events).containsExactly("shrunk 100 0", "grown 0 1000", "opened 1000");
	}

	@Test
	void emptyingAnEmptyFileIsNoShrinking() throws IOException {
		write(new byte[0]);
		open(truncating().listener(new Recorder()));
		assertThat(this.events).containsExactly("opened 0");
	}

	@Test
	void truncationIsTold() throws IOException {
		Mmap file = openHundred();
		file.truncate(300);
		file.truncate(300);
		file.truncate(200);
		file.truncate(0);
		assertThat(this.events).containsExactly("grown 100 300", "shrunk 300 200", "shrunk 200 0");
	}

	@Test
	void truncationOfAChannelIsTold() throws IOException {
		SeekableByteChannel channel = openHundred().channel();
		channel.truncate(300);
		channel.truncate(40);
		assertThat(this.events).containsExactly("shrunk 100 40");
	}

	@Test
	void truncationIsToldFromTheSizeTheFileHad() throws IOException {
		Mmap file = openHundred();
		writeFromOutside(new byte[100], 100);
		file.channel().truncate(150);
		shortenFromOutside(50);
		file.truncate(150);
		assertThat(this.events).containsExactly("shrunk 200 150", "grown 50 150");
	}

	@Test
	void failedTruncationTellsNothing() throws IOException {
		write(new byte[100]);
		Mmap limited = open(creating().maxSize(200).listener(new Recorder()));
		this.events.clear();
		assertThatException().isThrownBy(() -> limited.truncate(201));
		Mmap readOnly = open(builder(path()).listener(new Recorder()));
		this.events.clear();
		assertThatException().isThrownBy(() -> readOnly.truncate(10));
		limited.close();
		this.events.clear();
		assertThatException().isThrownBy(() -> limited.truncate(10));
		assertThat(this.events).isEmpty();
	}

	@Test
	void growthByOthersIsToldWhenAskedFor() throws IOException {
		Mmap file = openHundred();
		writeFromOutside(new byte[50], 100);
		assertThat(file.refresh()).isEqualTo(150);
		assertThat(file.refresh()).isEqualTo(150);
		assertThat(this.events).containsExactly("grown 100 150");
	}

	@ParameterizedTest
	@EnumSource(Growth.class)
	void growthWithinTheMappingIsNotTold(Growth growth) throws IOException {
		Mmap file = growth.opened(this);
		this.events.clear();
		for (int i = 0; i < 10; i++) {
			growth.by(this, file, 50);
		}
		assertThat(file.size()).isEqualTo(600);
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Growth.class)
	void growthBeyondTheMappingIsTold(Growth growth) throws IOException {
		Mmap file = growth.opened(this);
		this.events.clear();
		growth.by(this, file, 50);
		growth.by(this, file, SOME_PAGES);
		growth.by(this, file, 1);
		assertThat(this.events).containsExactly("grown 150 " + (150 + SOME_PAGES));
		assertThat(this.threads).containsOnly(Thread.currentThread());
	}

	@ParameterizedTest
	@EnumSource(Growth.class)
	void noLockIsHeldWhileGrowthIsTold(Growth growth) throws IOException {
		Mmap file = growth.opened(this);
		this.events.clear();
		growth.by(this, file, SOME_PAGES);
		assertThat(this.events).containsExactly("grown 100 " + (100 + SOME_PAGES));
		assertThat(this.locked).isEmpty();
	}

	@Test
	void noLockIsHeldWhileTruncationIsTold() throws IOException {
		Mmap file = openHundred();
		file.truncate(1000);
		file.channel().truncate(50);
		writeFromOutside(new byte[100], 50);
		file.refresh();
		file.access(0, 150, (view) -> {
			truncate(file, 200);
			return view;
		});
		assertThat(this.events).containsExactly("grown 100 1000", "shrunk 1000 50", "grown 50 150", "grown 150 200");
		assertThat(this.locked).isEmpty();
	}

	/**
	 * An access that met a fault is done again, and when it ends it tells of the size.
	 */
	@Test
	void closeWithinAnAccessIsNoShrinking() throws IOException {
		Mmap file = openHundred();
		AtomicBoolean faulted = new AtomicBoolean();
		file.<Boolean, IOException>access(0, 100, (view) -> {
			if (!faulted.getAndSet(true)) {
				throw new InternalError("a fault occurred in an unsafe memory access operation");
			}
			file.writeAt(new byte[SOME_PAGES], 100);
			file.close();
			return true;
		});
		assertThat(file.size()).isEqualTo(100 + SOME_PAGES);
		assertThat(this.events).isEmpty();
	}

	@Test
	void listenerMayTruncateTheFile() throws IOException {
		write(new byte[100]);
		Mmap file = open(creating().listener(new Recorder()).listener(new MmapListener() {

			@Override
			public void grown(Mmap file, long from, long to) {
				truncate(file, from);
			}

		}));
		file.truncate(1000);
		assertThat(file.size()).isEqualTo(100);
		assertThat(this.events).containsExactly("opened 100", "grown 100 1000", "shrunk 1000 100");
	}

	@Test
	void listenerMayCloseTheFileAsSoonAsItIsOpen() throws IOException {
		write(new byte[100]);
		Mmap file = open(creating().listener(new MmapListener() {

			@Override
			public void opened(Mmap file) {
				close(file);
			}

		}));
		assertThat(file.isOpen()).isFalse();
	}

	@Test
	void whatAListenerThrowsChangesNothing() throws IOException {
		write(new byte[100]);
		Mmap file = open(creating().size(1000).listener(new Thrower()).listener(new Recorder()));
		file.truncate(10);
		assertThat(file.size()).isEqualTo(10);
		assertThat(this.events).containsExactly("grown 100 1000", "opened 1000", "shrunk 1000 10");
	}

	@Test
	void changesOfManyThreadsAreToldByEach() throws Exception {
		Mmap file = openHundred();
		List<Thread> growing = new ArrayList<>();
		Race.onPlatformThreads().with(4, (number) -> () -> {
			for (int i = 1; i <= 100; i++) {
				file.truncate(1000L * i + number);
				file.channel().truncate(500L * i + number);
			}
			synchronized (growing) {
				growing.add(Thread.currentThread());
			}
		}).run();
		assertThat(growing).containsAll(this.threads);
		assertThat(this.events).isNotEmpty();
		assertChained(file.size());
	}

	/** Whatever their order, changes that follow each other leave nothing over. */
	private void assertChained(long size) {
		long difference = 0;
		for (String event : this.events) {
			int space = event.lastIndexOf(' ');
			difference += Long.parseLong(event.substring(space + 1));
			difference -= Long.parseLong(event.substring(event.indexOf(' ') + 1, space));
		}
		assertThat(difference).isEqualTo(size - 100);
	}

	private Mmap openHundred() throws IOException {
		write(new byte[100]);
		Mmap file = open(creating().listener(new Recorder()));
		this.events.clear();
		this.threads.clear();
		return file;
	}

	private Mmap.Builder creating() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.reserve(4096);
	}

	private Mmap.Builder truncating() {
		return builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
	}

	private static void truncate(Mmap file, long size) {
		try {
			file.truncate(size);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void close(Mmap file) {
		try {
			file.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Ways in which a read or write finds or makes a file longer.
	 */
	enum Growth {

		WRITE_AT {

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				file.writeAt(new byte[length], file.size());
			}

		},

		WRITE {

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				file.seek(0, Whence.END);
				file.write(new byte[length]);
			}

		},

		APPEND {

			@Override
			Mmap opened(SizeListenerTests test) throws IOException {
				test.write(new byte[100]);
				return test.open(test.builder(test.path())
					.options(StandardOpenOption.APPEND)
					.reserve(4096)
					.listener(test.new Recorder()));
			}

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				file.write(random(length, 1));
			}

		},

		CHANNEL_WRITE {

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				file.channel().position(file.size()).write(ByteBuffer.allocate(length));
			}

		},

		READ_AT {

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				long size = file.size();
				test.writeFromOutside(new byte[length], size);
				assertThat(file.readAt(new byte[length], size)).isEqualTo(length);
			}

		},

		READ {

			@Override
			void by(SizeListenerTests test, Mmap file, int length) throws IOException {
				file.seek(0, Whence.END);
				test.writeFromOutside(new byte[length], file.size());
				assertThat(file.read(new byte[length])).isEqualTo(length);
			}

		};

		Mmap opened(SizeListenerTests test) throws IOException {
			return test.openHundred();
		}

		abstract void by(SizeListenerTests test, Mmap file, int length) throws IOException;

	}

	/**
	 * Notes what it is told, and whether another thread can use the file meanwhile.
	 */
	private final class Recorder implements MmapListener {

		@Override
		public void opened(Mmap file) {
			assertThat(file.isOpen()).isTrue();
			note("opened " + file.size());
		}

		@Override
		public void grown(Mmap file, long from, long to) {
			note("grown " + from + " " + to);
			requireUnlocked(file);
		}

		@Override
		public void shrunk(Mmap file, long from, long to) {
			note("shrunk " + from + " " + to);
			requireUnlocked(file);
		}

		private synchronized void note(String event) {
			SizeListenerTests.this.events.add(event);
			SizeListenerTests.this.threads.add(Thread.currentThread());
		}

		private void requireUnlocked(Mmap file) {
			Thread other = Thread.ofPlatform().start(() -> {
				try {
					file.seek(0, Whence.START);
					file.refresh();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			try {
				if (!other.join(Duration.ofMinutes(1))) {
					SizeListenerTests.this.locked.add(file.toString());
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Fails at everything.
	 */
	private static final class Thrower implements MmapListener {

		@Override
		public void opened(Mmap file) {
			throw new IllegalStateException("of the listener");
		}

		@Override
		public void grown(Mmap file, long from, long to) {
			throw new AssertionError("of the listener");
		}

		@Override
		public void shrunk(Mmap file, long from, long to) {
			throw new IllegalStateException("of the listener");
		}

	}

}
