package dev.yammap.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.RecordedEvents;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Syncs of a real file that share a flush, which ends when the test says so.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedSyncTests {

	private final List<String> flushes = new CopyOnWriteArrayList<>();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final Semaphore begun = new Semaphore(0);

	private final Semaphore mayEnd = new Semaphore(0);

	private final List<Mmap> opened = new ArrayList<>();

	@TempDir
	private Path directory = Path.of("");

	@AfterEach
	void closeFiles() throws IOException {
		this.mayEnd.release(1000);
		for (Mmap file : this.opened) {
			file.close();
		}
	}

	@Test
	void listenerIsToldOfEachFlushAndOfThoseThatSharedIt() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE);
		Call first = startFlush(file::sync);
		List<Call> others = List.of(startWaiting(file::sync), startWaiting(file::sync), startWaiting(file::sync));
		this.mayEnd.release(2);
		first.get();
		for (Call other : others) {
			other.get();
		}
		first.thread.join();
		for (Call other : others) {
			other.thread.join();
		}
		assertThat(this.flushes).containsExactly("sync", "sync");
		assertThat(this.events).containsExactlyInAnyOrder("synced", "synced", "2 more");
	}

	@Test
	void flightRecorderIsToldHowManySharedEachFlush() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE);
		List<RecordedEvent> events = RecordedEvents.of(file.path(), () -> {
			Call first = startFlush(file::sync);
			List<Call> others = List.of(startWaiting(file::sync), startWaiting(file::sync), startWaiting(file::sync));
			this.mayEnd.release(2);
			first.get();
			for (Call other : others) {
				other.get();
			}
		});
		assertThat(events).extracting((event) -> event.getInt("callers")).containsExactly(1, 3);
	}

	@Test
	void rangesAreSyncedTogetherAndWithAWholeSyncNotAtAll() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE);
		Call first = startFlush(() -> file.sync(10, 20));
		Call second = startWaiting(() -> file.sync(5000, 1000));
		Call third = startWaiting(() -> file.sync(100, 50));
		this.mayEnd.release();
		first.get();
		this.begun.acquire();
		Call fourth = startWaiting(() -> file.sync(0, 1));
		Call fifth = startWaiting(file::sync);
		this.mayEnd.release(2);
		for (Call call : List.of(second, third, fourth, fifth)) {
			call.get();
		}
		assertThat(this.flushes).containsExactly("sync 10 20", "sync 100 5900", "sync");
	}

	@Test
	void synchronousWritesShareAFlush() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
		Call first = startFlush(() -> file.writeAt(new byte[] { 1 }, 0));
		Call second = startWaiting(() -> file.writeAt(new byte[] { 2 }, 1));
		Call third = startWaiting(() -> file.write(new byte[] { 3 }));
		this.mayEnd.release(2);
		first.get();
		second.get();
		third.get();
		assertThat(this.flushes).containsExactly("sync", "sync");
		assertThat(Files.readAllBytes(file.path())).startsWith(3, 2, 0);
	}

	@Test
	void syncsThatWaitWhenTheFileIsClosedFailAsClosed() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE);
		Call first = startFlush(file::sync);
		Call second = startWaiting(file::sync);
		Call third = startWaiting(() -> file.sync(0, 10));
		Call closing = startWaiting(file::close);
		this.mayEnd.release();
		first.get();
		closing.get();
		for (Call waiting : List.of(second, third)) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(waiting::get)
				.withCauseInstanceOf(ClosedChannelException.class);
		}
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::sync);
		assertThat(this.flushes).containsExactly("sync");
		first.thread.join();
		assertThat(this.events).containsExactlyInAnyOrder("synced", "closed");
	}

	@Test
	void syncThatFindsTheFileClosedIsNotRecorded() throws Exception {
		Mmap file = open(StandardOpenOption.WRITE);
		List<RecordedEvent> events = RecordedEvents.of(file.path(), () -> {
			Call first = startFlush(file::sync);
			Call second = startWaiting(file::sync);
			Call closing = startWaiting(file::close);
			this.mayEnd.release();
			first.get();
			closing.get();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(second::get);
		});
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.containsExactlyInAnyOrder("yammap.Sync", "yammap.Close");
	}

	/** Opens a file of 10,000 zeros. */
	private Mmap open(OpenOption... options) throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[10_000]);
		OpenedFile file = new Opening(
				(name, access, permissions,
						mapping) -> held(Backends.get(Backend.NATIVE).open(name, access, permissions, mapping)),
				path, AccessOptions.of(options), MappingOptions.DEFAULT, true, true)
			.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		Mmap mmap = new FileMmap(file, List.of(options).contains(StandardOpenOption.DSYNC), List.of(new Recorder()));
		this.opened.add(mmap);
		return mmap;
	}

	private BackendFile held(BackendFile file) {
		return (BackendFile) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BackendFile.class },
				(proxy, method, arguments) -> invoke(file, method, arguments));
	}

	private @Nullable Object invoke(BackendFile file, Method method, Object @Nullable [] arguments) throws Throwable {
		if ("sync".equals(method.getName())) {
			this.flushes.add("sync" + ((arguments != null) ? " " + arguments[0] + " " + arguments[1] : ""));
			this.begun.release();
			this.mayEnd.acquireUninterruptibly();
		}
		try {
			return method.invoke(file, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private Call startFlush(IoCall body) throws InterruptedException {
		Call call = start(body);
		this.begun.acquire();
		return call;
	}

	/** Starts a call, and returns when it waits for another. */
	private Call startWaiting(IoCall body) {
		Call call = start(body);
		while (call.thread.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
		return call;
	}

	private static Call start(IoCall body) {
		Call call = new Call(() -> {
			body.run();
			return true;
		});
		call.thread.start();
		return call;
	}

	/**
	 * A call of another thread.
	 */
	private static final class Call extends FutureTask<Boolean> {

		private final Thread thread = Thread.ofPlatform().unstarted(this);

		Call(Callable<Boolean> body) {
			super(body);
		}

	}

	/**
	 * What a thread does.
	 */
	private interface IoCall {

		void run() throws IOException;

	}

	/**
	 * Notes the events.
	 */
	private final class Recorder implements MmapListener {

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			SharedSyncTests.this.events.add("synced");
		}

		@Override
		public void coalesced(Mmap file, int callers) {
			SharedSyncTests.this.events.add(callers + " more");
		}

		@Override
		public void closed(Mmap file) {
			SharedSyncTests.this.events.add("closed");
		}

	}

}
