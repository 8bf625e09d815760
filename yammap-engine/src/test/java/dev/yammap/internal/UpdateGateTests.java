package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.file.UpdateGate;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of {@link UpdateGate}: who waits for whom.
 */
@NullMarked
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class UpdateGateTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@SuppressWarnings("NullAway.Init")
	private OpenedFile file;

	private UpdateGate updates() {
		return this.file.growth().gate();
	}

	@BeforeEach
	void open(@TempDir Path directory) throws IOException {
		AccessOptions access = AccessOptions.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		this.file = new Opening(Backends.get(this.backend), directory.resolve("file"), access, MappingOptions.DEFAULT,
				true, true)
			.open(PosixFilePermissions.fromString("rw-------"), 64, (parts) -> parts);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	@Test
	void nothingIsTakenAwayBeforeTheUpdatesThatAreUnderWayAreOver() throws Exception {
		CompletableFuture<Void> taken = new CompletableFuture<>();
		FutureTask<Boolean> taking = new FutureTask<>(() -> take(() -> taken.complete(null)));
		Thread taker = new Thread(taking);
		int[] lanes = IntStream.range(0, 40).map((_) -> updates().begin()).toArray();
		taker.start();
		for (int lane : lanes) {
			awaitState(taker, Thread.State.TIMED_WAITING);
			assertThat(taken).isNotDone();
			updates().end(lane);
		}
		assertThat(taking.get(1, TimeUnit.MINUTES)).isTrue();
		assertThat(taken).isDone();
	}

	@Test
	void nothingIsTakenAwayUnderAnUpdateThatDoesNotEnd(@TempDir Path directory) throws Exception {
		UpdateGate impatient = new UpdateGate(directory, 0);
		CompletableFuture<Void> taken = new CompletableFuture<>();
		int lane = impatient.begin();
		assertThatIOException().isThrownBy(() -> impatient.holdUpDuring(() -> taken.complete(null)))
			.withMessageContaining(directory.toString())
			.withMessageContaining("does not end");
		assertThat(taken).isNotDone();
		impatient.end(impatient.begin());
		impatient.end(lane);
		impatient.holdUpDuring(() -> taken.complete(null));
		assertThat(taken).isDone();
	}

	@Test
	void interruptNeitherEndsTheWaitNorIsLost() throws Exception {
		FutureTask<Boolean> taking = new FutureTask<>(() -> take(() -> {
		}) && Thread.currentThread().isInterrupted());
		Thread taker = new Thread(taking);
		int lane = updates().begin();
		taker.start();
		taker.interrupt();
		awaitState(taker, Thread.State.TIMED_WAITING);
		assertThat(taking).isNotDone();
		updates().end(lane);
		assertThat(taking.get(1, TimeUnit.MINUTES)).isTrue();
	}

	@Test
	void updateThatWouldBeginMeanwhileWaitsForTheEnd() throws Exception {
		AtomicReference<String> last = new AtomicReference<>("");
		FutureTask<Boolean> updating = new FutureTask<>(() -> {
			int lane = updates().begin();
			last.set("updated");
			updates().end(lane);
			return true;
		});
		Thread updater = new Thread(updating);
		take(() -> {
			updater.start();
			awaitState(updater, Thread.State.TIMED_WAITING);
			last.set("taken");
		});
		assertThat(updating.get(1, TimeUnit.MINUTES)).isTrue();
		assertThat(last).hasValue("updated");
		take(() -> last.set("taken again"));
		assertThat(last).hasValue("taken again");
	}

	@Test
	void updatesGoOnAfterAFailure() throws Exception {
		assertThatIOException().isThrownBy(() -> take(() -> {
			throw new IOException("disk on fire");
		})).withMessage("disk on fire");
		updates().end(updates().begin());
		take(() -> assertThat(this.file.state().size()).isEqualTo(64));
	}

	@Test
	void whoeverHasTheSizeStayMayUpdate() throws IOException {
		boolean updated = this.file.growth().lock().whileSizeStays(() -> {
			updates().end(updates().begin());
			return true;
		});
		assertThat(updated).isTrue();
	}

	@Test
	void nothingIsTakenAwayWhileAnyOfManyThreadsUpdates() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger wrong = new AtomicInteger();
		AtomicBoolean taking = new AtomicBoolean();
		List<Thread> updaters = IntStream.range(0, 24).mapToObj((_) -> Thread.startVirtualThread(() -> {
			for (int i = 0; i < 2_000; i++) {
				int lane = updates().begin();
				inside.incrementAndGet();
				if (taking.get()) {
					wrong.incrementAndGet();
				}
				if (i % 16 == 0) {
					LockSupport.parkNanos(1);
				}
				inside.decrementAndGet();
				updates().end(lane);
			}
		})).toList();
		for (int i = 0; i < 50; i++) {
			take(() -> {
				taking.set(true);
				wrong.addAndGet(inside.get());
				taking.set(false);
			});
		}
		for (Thread updater : updaters) {
			updater.join();
		}
		assertThat(wrong).hasValue(0);
		assertThat(inside).hasValue(0);
	}

	private boolean take(IoCall.Action action) throws IOException {
		return this.file.growth().lock().whileSizeStays(() -> {
			updates().holdUpDuring(action);
			return true;
		});
	}

	private static void awaitState(Thread thread, Thread.State state) {
		while (thread.isAlive() && thread.getState() != state) {
			Thread.onSpinWait();
		}
	}

}
