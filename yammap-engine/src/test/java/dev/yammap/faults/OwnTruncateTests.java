package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a change of the size by the {@link Mmap} itself is never taken for a fault.
 */
class OwnTruncateTests extends AbstractFaultTests {

	private static final int SIZE = 1 << 18;

	private static final int TRUNCATIONS = 1_000;

	@TempDir
	private Path directory;

	@Test
	void readsAndStoresMeetNoFaultWhileFileIsTruncatedThroughTheSameMmap() throws Exception {
		doWhileTruncating(this::readAt, this::get, this::set);
	}

	@Test
	void accessMeetsNoFaultWhileFileIsTruncatedThroughTheSameMmap() throws Exception {
		doWhileTruncating(this::access);
	}

	/**
	 * A page that is gone under an update ends the virtual machine where updates are
	 * interpreted, and is met at once where they are compiled.
	 */
	@ParameterizedTest
	@EnumSource(names = { "INTERPRETED", "C1", "C2" })
	void atomicUpdatesKeepTheirPagesWhileFileIsTruncatedThroughTheSameMmap(Jvm jvm) throws Exception {
		child(UpdatingProgram.class, this.directory).flags(jvm.flags()).arguments(this.directory, TRUNCATIONS).run();
	}

	private void doWhileTruncating(Action... actions) throws Exception {
		AtomicBoolean stopped = new AtomicBoolean();
		CyclicBarrier start = new CyclicBarrier(actions.length + 1);
		try (Mmap file = create(this.directory.resolve("file"), SIZE, StandardOpenOption.READ,
				StandardOpenOption.WRITE); ExecutorService threads = Executors.newFixedThreadPool(actions.length)) {
			List<Future<?>> running = new ArrayList<>();
			for (Action action : actions) {
				running.add(threads.submit(() -> {
					start.await();
					while (!stopped.get()) {
						action.on(file);
					}
					return null;
				}));
			}
			try {
				start.await();
				for (int i = 0; i < TRUNCATIONS; i++) {
					file.truncate(SIZE / 8);
					file.truncate(SIZE);
				}
			}
			finally {
				stopped.set(true);
			}
			for (Future<?> future : running) {
				future.get();
			}
			assertThat(file.size()).isEqualTo(SIZE);
		}
	}

	private void readAt(Mmap file) throws IOException {
		byte[] bytes = new byte[100];
		for (int offset = 0; offset < SIZE; offset += 4000) {
			assertThat(file.readAt(bytes, offset)).isBetween(-1, bytes.length);
		}
	}

	private void get(Mmap file) {
		withinSize(() -> {
			for (int offset = 0; offset < SIZE; offset += 4000) {
				file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
			}
		});
	}

	private void set(Mmap file) {
		withinSize(() -> {
			for (int offset = 0; offset < SIZE; offset += 4000) {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, offset);
			}
		});
	}

	private void access(Mmap file) throws IOException {
		for (int offset = 0; offset < SIZE; offset += 4000) {
			long begin = offset;
			try {
				file.access(begin, 8, (view) -> view.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
			}
			catch (IndexOutOfBoundsException ex) {
				return;
			}
		}
	}

	private static void withinSize(Runnable accesses) {
		try {
			accesses.run();
		}
		catch (IndexOutOfBoundsException ex) {
			assertThat(ex).hasMessageNotContaining("fault");
		}
	}

	@FunctionalInterface
	private interface Action {

		void on(Mmap file) throws IOException;

	}

}
