package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A program that closes a file among threads that use it, again and again: each call
 * succeeds or throws what it does after {@code close}. Arguments: a directory, the kind
 * of use, how often.
 */
final class CloseRaceProgram {

	private static final int THREADS = 8;

	private static final int VIEW_SIZE = 200_000;

	/** A copy of so many bytes takes most of the time of its thread. */
	private static final int WRITE_SIZE = 1 << 20;

	private final Path path;

	private final int rounds;

	private CloseRaceProgram(Path path, int rounds) {
		this.path = path;
		this.rounds = rounds;
	}

	public static void main(String[] arguments) throws Exception {
		CloseRaceProgram program = new CloseRaceProgram(Path.of(arguments[0], "raced.dat"),
				Integer.parseInt(arguments[2]));
		switch (Use.valueOf(arguments[1])) {
			case EVERYTHING_ON_PLATFORM_THREADS -> program.everything(Race::onPlatformThreads);
			case EVERYTHING_ON_VIRTUAL_THREADS -> program.everything(Race::onVirtualThreads);
			case EACH_CALL -> program.eachCall();
			case CHANNELS -> program.channels();
			case VIEWS -> program.views();
			case LONG_WRITES -> program.longWrites();
		}
	}

	/** Another call for each thread in each round, so that every one meets the end. */
	private void everything(Supplier<Race> races) throws Exception {
		Call[] calls = Call.values();
		for (int round = 0; round < this.rounds; round++) {
			int first = round;
			closeDuring(races.get(), THREADS, Call.SIZE,
					(file, thread, i) -> succeeds(file, calls[(first + 5 * thread + i) % calls.length]));
		}
	}

	private void eachCall() throws Exception {
		for (Call call : Call.values()) {
			for (int round = 0; round < this.rounds; round++) {
				closeDuring(Race.onPlatformThreads(), 2, Call.SIZE, (file, thread, i) -> succeeds(file, call));
			}
		}
	}

	/** Threads share a channel, which ends with its file. */
	private void channels() throws Exception {
		for (int round = 0; round < this.rounds; round++) {
			AtomicReference<@Nullable FileChannel> shared = new AtomicReference<>();
			closeDuring(Race.onPlatformThreads(), 4, AbstractMmapTests.SOME_PAGES, (file, thread, i) -> {
				FileChannel channel = shared.get();
				if (channel == null) {
					shared.compareAndSet(null, file.channel());
					channel = Objects.requireNonNull(shared.get());
				}
				return succeeds(channel, thread + i);
			});
			check(!Objects.requireNonNull(shared.get()).isOpen(), "A channel is open whose file is closed");
		}
	}

	private void views() throws Exception {
		for (int round = 0; round < this.rounds; round++) {
			AtomicReference<MemorySegment> view = new AtomicReference<>(MemorySegment.NULL);
			closeDuring(Race.onPlatformThreads(), 4, VIEW_SIZE, (file, thread, i) -> {
				if (view.get().byteSize() == 0 && !lends(file, view)) {
					return false;
				}
				return readsThrough(view.get());
			});
		}
	}

	/** A write that is refused because the file is closed has written nothing. */
	private void longWrites() throws Exception {
		byte[][] sources = { new byte[WRITE_SIZE], new byte[WRITE_SIZE] };
		Arrays.fill(sources[1], (byte) 1);
		for (int round = 0; round < this.rounds; round++) {
			closeDuring(Race.onPlatformThreads(), 1, WRITE_SIZE, (file, thread, i) -> {
				try {
					file.writeAt(sources[i % 2], 0);
					return true;
				}
				catch (AsynchronousCloseException ex) {
					return false;
				}
				catch (ClosedChannelException ex) {
					check(Arrays.equals(Files.readAllBytes(this.path), sources[(i + 1) % 2]),
							"A write was refused that had written something");
					return false;
				}
			});
		}
	}

	private void closeDuring(Race race, int threads, int size, Body body) throws Exception {
		Files.write(this.path, new byte[size]);
		Mmap file = Mmap.open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE);
		CountDownLatch started = new CountDownLatch(50);
		race.with(threads, (thread) -> () -> {
			try {
				for (int i = 0; body.succeeds(file, thread, i); i++) {
					started.countDown();
				}
			}
			finally {
				// Whatever happened, nobody waits for more.
				for (long left = started.getCount(); left > 0; left--) {
					started.countDown();
				}
			}
		}).runWith(() -> {
			started.await();
			file.close();
		});
		check(!file.isOpen(), "The file is open");
	}

	private static boolean lends(Mmap file, AtomicReference<MemorySegment> view) {
		try {
			view.set(file.segment());
			return true;
		}
		catch (IllegalStateException ex) {
			check(!file.isOpen(), "No view of an open file");
			return false;
		}
	}

	private static boolean readsThrough(MemorySegment view) {
		try {
			for (long offset = 0; offset < view.byteSize(); offset += 1_000) {
				check(view.get(ValueLayout.JAVA_BYTE, offset) == 0, "A view shows what was never written");
			}
			return true;
		}
		catch (IllegalStateException ex) {
			check(!view.scope().isAlive(), "A view ended before its file");
			return false;
		}
	}

	private static boolean succeeds(Mmap file, Call call) throws IOException {
		try {
			call.on(file);
			return true;
		}
		catch (ClosedChannelException ex) {
			check(call.isIo(), call + " threw " + ex);
		}
		catch (IllegalStateException ex) {
			check(!call.isIo() || call == Call.ACCESS, call + " threw " + ex);
		}
		check(!file.isOpen(), call + " failed on an open file");
		return false;
	}

	/** Makes one of six calls. Returns false if the channel is closed. */
	static boolean succeeds(FileChannel channel, int call) throws IOException {
		try {
			switch (call % 6) {
				case 0 -> channel.read(ByteBuffer.allocateDirect(50_000));
				case 1 -> channel.write(new ByteBuffer[] { ByteBuffer.allocate(10), ByteBuffer.allocate(20_000) });
				case 2 -> channel.position(call * 1_000L % AbstractMmapTests.SOME_PAGES);
				case 3 -> channel.truncate(AbstractMmapTests.SOME_PAGES);
				case 4 -> channel.transferTo(0, channel.size(), new MemoryChannel());
				default -> channel.transferFrom(new MemoryChannel(new byte[100_000]), channel.position() / 2, 100_000);
			}
			return true;
		}
		catch (ClosedChannelException ex) {
			check(!channel.isOpen(), "A call failed on an open channel");
			return false;
		}
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise);
		}
	}

	/**
	 * What the threads do.
	 */
	enum Use {

		EVERYTHING_ON_PLATFORM_THREADS(500), EVERYTHING_ON_VIRTUAL_THREADS(500), EACH_CALL(10), CHANNELS(100),
		VIEWS(50), LONG_WRITES(20);

		private final int rounds;

		Use(int rounds) {
			this.rounds = rounds;
		}

		int rounds() {
			return this.rounds;
		}

	}

	/** One call, or some. */
	private interface Body {

		boolean succeeds(Mmap file, int thread, int i) throws IOException;

	}

}
