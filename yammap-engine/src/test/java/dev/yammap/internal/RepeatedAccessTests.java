package dev.yammap.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.internal.os.BackendFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * An access that meets a fault while the size is being changed: it is done again when
 * that is over, and if the page is there by then, its caller learns of nothing.
 */
@NullMarked
class RepeatedAccessTests {

	private static final int SIZE = 16_384;

	/** No int or long of it is 0. */
	private static final byte[] CONTENT = new byte[SIZE];

	static {
		Arrays.fill(CONTENT, (byte) 7);
	}

	private static final Map<String, Access> ACCESSES = Map.ofEntries(
			Map.entry("readAt", (file) -> file.readAt(new byte[20], 100)),
			Map.entry("readAt of a buffer", (file) -> file.readAt(ByteBuffer.allocateDirect(20), 100)),
			Map.entry("read", (file) -> file.read(new byte[20])),
			Map.entry("scattering read",
					(file) -> file.channel().read(new ByteBuffer[] { ByteBuffer.allocate(8), ByteBuffer.allocate(9) })),
			Map.entry("writeAt", (file) -> file.writeAt(new byte[20], 100)),
			Map.entry("write", (file) -> file.write(new byte[20])),
			Map.entry("access",
					(file) -> file.<Byte, RuntimeException>access(100, 1,
							(view) -> view.get(ValueLayout.JAVA_BYTE, 0))),
			Map.entry("accessLong", (file) -> file.accessLong(100, 1, (view) -> view.get(ValueLayout.JAVA_BYTE, 0))),
			Map.entry("get of byte", (file) -> file.get(ValueLayout.JAVA_BYTE, 100)),
			Map.entry("get of int", (file) -> file.get(ValueLayout.JAVA_INT_UNALIGNED, 101)),
			Map.entry("get of long", (file) -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, 101)),
			Map.entry("getIntVolatile", (file) -> file.atomics().getIntVolatile(100)),
			Map.entry("getLongVolatile", (file) -> file.atomics().getLongVolatile(96)),
			Map.entry("set of byte", (file) -> {
				file.set(ValueLayout.JAVA_BYTE, 100, (byte) 1);
				return true;
			}), Map.entry("set of int", (file) -> {
				file.set(ValueLayout.JAVA_INT_UNALIGNED, 101, 1);
				return true;
			}), Map.entry("set of long", (file) -> {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 101, 1);
				return true;
			}), Map.entry("setIntVolatile", (file) -> {
				file.atomics().setIntVolatile(100, 1);
				return true;
			}), Map.entry("setLongVolatile", (file) -> {
				file.atomics().setLongVolatile(96, 1);
				return true;
			}), Map.entry("getAndAddInt", (file) -> file.atomics().getAndAddInt(100, 1)),
			Map.entry("getAndAddLong", (file) -> file.atomics().getAndAddLong(96, 1)),
			Map.entry("getAndSetInt", (file) -> file.atomics().getAndSetInt(100, 1)),
			Map.entry("getAndSetLong", (file) -> file.atomics().getAndSetLong(96, 1)),
			Map.entry("compareAndSetInt", (file) -> file.atomics().compareAndSetInt(100, 0x0707_0707, 1)),
			Map.entry("compareAndSetInt of another", (file) -> file.atomics().compareAndSetInt(100, 1, 2)),
			Map.entry("compareAndSetLong", (file) -> file.atomics().compareAndSetLong(96, 0x0707_0707_0707_0707L, 1)),
			Map.entry("compareAndSetLong of another", (file) -> file.atomics().compareAndSetLong(96, 1, 2)));

	/** Each fills the file with zeros. */
	private static final Map<String, Access> WRITES = Map
		.of("writeAt", (file) -> file.writeAt(new byte[SIZE], 0), "writeAt of a buffer",
				(file) -> file.writeAt(ByteBuffer.allocateDirect(SIZE), 0), "write",
				(file) -> file.write(new byte[SIZE]), "gathering write",
				(file) -> file.channel()
					.write(new ByteBuffer[] { ByteBuffer.allocate(10), ByteBuffer.allocate(SIZE - 10) }),
				"transferFrom",
				(file) -> file.channel()
					.transferFrom(Channels.newChannel(new ByteArrayInputStream(new byte[SIZE])), 0, SIZE),
				"access", (file) -> file.access(0, SIZE, (view) -> view.fill((byte) 0)));

	/** Done once, as soon as the backend is asked for the size of the file. */
	private final AtomicReference<@Nullable Action> beforeSize = new AtomicReference<>();

	@TempDir
	private Path directory = Path.of("");

	static Stream<Arguments> accesses() {
		return arguments(ACCESSES);
	}

	private static Stream<Arguments> arguments(Map<String, Access> accesses) {
		return Stream.of(Backend.NATIVE, Backend.PORTABLE)
			.flatMap((backend) -> accesses.keySet().stream().sorted().map((name) -> Arguments.of(backend, name)));
	}

	private Mmap open(Backend backend, Path path) throws IOException {
		Files.write(path, CONTENT);
		return OnBackend.open(
				(of, access, permissions,
						mapping) -> watched(Backends.get(backend).open(of, access, permissions, mapping)),
				path, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private BackendFile watched(BackendFile file) {
		return (BackendFile) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BackendFile.class },
				(proxy, method, arguments) -> {
					Action action = method.getName().equals("size") ? this.beforeSize.getAndSet(null) : null;
					if (action != null) {
						action.run();
					}
					try {
						return method.invoke(file, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@ParameterizedTest
	@MethodSource("accesses")
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void accessThatFaultedIsDoneAgainWhenTheSizeStays(Backend backend, String name) throws Exception {
		Access access = ACCESSES.getOrDefault(name, (file) -> name);
		Path path = this.directory.resolve("file");
		Path intact = this.directory.resolve("intact");
		try (Mmap file = open(backend, path); Mmap other = open(backend, intact)) {
			Object expected = access.on(other);
			Files.write(path, new byte[0]);
			FutureTask<Object> task = new FutureTask<>(() -> access.on(file));
			this.beforeSize.set(() -> {
				awaitBlocked(Thread.ofPlatform().start(task));
				Files.write(path, CONTENT);
			});
			file.refresh();
			assertThat(task.get()).isEqualTo(expected);
		}
		assertThat(path).hasSameBinaryContentAs(intact);
	}

	/**
	 * It has written what is before the fault, so its caller must not believe that it has
	 * written nothing.
	 */
	@ParameterizedTest
	@MethodSource("writesBeforeTheEnd")
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void writeThatFaultedBeforeTheFileWasClosedSaysThatItWasUnderWay(Backend backend, String name) throws Exception {
		Access write = WRITES.getOrDefault(name, (file) -> name);
		Path path = this.directory.resolve("file");
		Mmap file = open(backend, path);
		FileChannel outside = FileChannel.open(path, StandardOpenOption.WRITE);
		outside.truncate(SIZE / 2).close();
		FutureTask<Object> task = new FutureTask<>(() -> write.on(file));
		this.beforeSize.set(() -> {
			awaitBlocked(Thread.ofPlatform().start(task));
			file.close();
			throw new IOException("Closed meanwhile");
		});
		assertThatIOException().isThrownBy(file::refresh).withMessage("Closed meanwhile");
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(task::get)
			.withCauseInstanceOf(AsynchronousCloseException.class);
		assertThat(Files.readAllBytes(path)).startsWith(new byte[SIZE / 2]);
	}

	static Stream<Arguments> writesBeforeTheEnd() {
		return arguments(WRITES);
	}

	/** It has faulted then, and waits for the lock that is held here. */
	private static void awaitBlocked(Thread thread) {
		while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
	}

	/** An access, and what it gives. */
	@FunctionalInterface
	private interface Access {

		Object on(Mmap file) throws IOException;

	}

	/** Something done meanwhile. */
	@FunctionalInterface
	private interface Action {

		void run() throws IOException;

	}

}
