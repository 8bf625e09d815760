package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Mmap#close()} while other threads are at work: each of their calls succeeds or
 * throws what it does after {@code close}.
 */
class CloseRaceTests extends AbstractMmapTests {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closeAmongThreadsThatDoEverything(boolean virtual) throws Exception {
		Call[] calls = Call.values();
		for (int round = 0; round < 100; round++) {
			write(new byte[Call.SIZE]);
			Mmap file = openReadWrite();
			Race race = (virtual) ? Race.onVirtualThreads() : Race.onPlatformThreads();
			CountDownLatch started = new CountDownLatch(2);
			race.with(8, (thread) -> () -> {
				for (int i = thread * 5; succeeds(file, calls[i % calls.length]); i++) {
					started.countDown();
				}
			}).runWith(() -> {
				started.await();
				file.close();
			});
			assertThat(file.isOpen()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void closeAmongThreadsThatDoTheSame(Call call) throws Exception {
		for (int round = 0; round < 10; round++) {
			write(new byte[Call.SIZE]);
			Mmap file = openReadWrite();
			CountDownLatch started = new CountDownLatch(100);
			Race.onPlatformThreads().with(2, (thread) -> () -> {
				while (succeeds(file, call)) {
					started.countDown();
				}
			}).runWith(() -> {
				started.await();
				file.close();
			});
		}
	}

	/**
	 * The JDK unmaps what it has mapped itself, as on the portable backend, at once; up
	 * to a bug of it (JDK-8364167) a thread in a hot loop may then do one access too
	 * many. So few rounds there.
	 */
	@Test
	void closeAmongReadersOfViews() throws Exception {
		int rounds = (this.backend == Backend.NATIVE) ? 50 : 1;
		for (int round = 0; round < rounds; round++) {
			Mmap file = openReadWrite(new byte[SOME_PAGES]);
			MemorySegment view = file.segment();
			CountDownLatch started = new CountDownLatch(4);
			Race.onPlatformThreads().with(4, (thread) -> () -> {
				while (readsThrough(view)) {
					started.countDown();
				}
			}).runWith(() -> {
				started.await();
				file.close();
			});
		}
	}

	/**
	 * Does a call on a file that may be closed meanwhile, and tells whether it was open
	 * still.
	 */
	private static boolean succeeds(Mmap file, Call call) throws IOException {
		try {
			call.on(file);
			return true;
		}
		catch (ClosedChannelException ex) {
			assertThat(call.isIo()).as("%s", call).isTrue();
		}
		catch (IllegalStateException ex) {
			assertThat(!call.isIo() || call == Call.ACCESS).as("%s threw %s", call, ex).isTrue();
		}
		assertThat(file.isOpen()).as("%s", call).isFalse();
		return false;
	}

	private static boolean readsThrough(MemorySegment view) {
		try {
			for (long offset = 0; offset < view.byteSize(); offset += 1_000) {
				assertThat(view.get(ValueLayout.JAVA_BYTE, offset)).isZero();
			}
			return true;
		}
		catch (IllegalStateException ex) {
			assertThat(view.scope().isAlive()).isFalse();
			return false;
		}
	}

}
