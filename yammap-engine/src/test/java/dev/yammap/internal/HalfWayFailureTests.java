package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What the next call makes of a file after a change that has failed half-way: the bytes
 * are there, and could not be taken back.
 */
@ParameterizedClass
@EnumSource(value = Backend.class, names = { "NATIVE", "PORTABLE" })
class HalfWayFailureTests {

	/** A segment that is longer is copied in parts, after its place was made. */
	private static final long LONGEST_COPY = 256 << 20;

	private final Map<String, IoCall.Action> before = new ConcurrentHashMap<>();

	private final Map<String, IoCall.Action> after = new ConcurrentHashMap<>();

	private final List<String> calls = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	/** Opens a file with the content {@code content}. */
	private Mmap open(MappingOptions mapping) throws IOException {
		Path path = Files.writeString(path(), "content");
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
		OpenedFile opened = new Opening(
				(name, how, permissions,
						options) -> watched(Backends.get(this.backend).open(name, how, permissions, options)),
				path, access, mapping, true, true)
			.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		this.file = new FileMmap(opened, false, List.of(new Recorder())).opened();
		return this.file;
	}

	private Mmap openLocked() throws IOException {
		return open(MappingOptions.DEFAULT.withLock(LockMode.EXCLUSIVE));
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	@AfterEach
	void close() throws IOException {
		mend();
		this.file.close();
	}

	private void mend() {
		this.before.clear();
		this.after.clear();
	}

	private void fail(Map<String, IoCall.Action> when, String method) {
		when.put(method, () -> {
			throw new IOException("Input/output error");
		});
	}

	private BackendFile watched(BackendFile file) {
		return (BackendFile) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BackendFile.class },
				(proxy, method, arguments) -> {
					this.calls.add(method.getName());
					run(this.before, method);
					Object result = invoke(file, method, arguments);
					run(this.after, method);
					return result;
				});
	}

	private static void run(Map<String, IoCall.Action> actions, Method method) throws IOException {
		IoCall.Action action = actions.get(method.getName());
		if (action != null) {
			action.run();
		}
	}

	private static Object invoke(BackendFile file, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(file, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void appendTellsItsTruePlaceAfterOneThatFailedHalfWay() throws IOException {
		Mmap mmap = openLocked();
		fail(this.after, "append");
		assertThatIOException().isThrownBy(() -> mmap.append(bytes("failed")));
		mend();
		assertThat(mmap.size()).isEqualTo(7);
		assertThat(mmap.append(bytes("next"))).isEqualTo(13);
		assertThat(mmap.size()).isEqualTo(17);
		assertThat(mmap.append(bytes("last"))).isEqualTo(17);
		mmap.sync();
		assertThat(path()).hasContent("contentfailednextlast");
	}

	@Test
	void writeAtTheEndGoesWhereItIsToldAfterOneThatFailedHalfWay() throws IOException {
		Mmap mmap = openLocked();
		fail(this.after, "append");
		assertThatIOException().isThrownBy(() -> mmap.writeAt(bytes("failed"), 7));
		mend();
		mmap.writeAt(bytes("next"), 7);
		mmap.writeAt(bytes("last"), 13);
		mmap.sync();
		assertThat(path()).hasContent("contentnextedlast");
	}

	@Test
	void appendTellsItsTruePlaceAfterAGrowthThatFailedHalfWay() throws IOException {
		Mmap mmap = openLocked();
		fail(this.after, "grow");
		assertThatIOException().isThrownBy(() -> mmap.truncate(100));
		mend();
		assertThat(mmap.size()).isEqualTo(7);
		assertThat(mmap.append(bytes("next"))).isEqualTo(100);
		mmap.sync();
		assertThat(mmap.size()).isEqualTo(104);
	}

	/**
	 * An access that met a fault is done again under the lock, with all that it calls.
	 */
	@Test
	void appendTellsItsTruePlaceAfterOneThatFailedHalfWayInTheSameAccess() throws IOException {
		Mmap mmap = openLocked();
		AtomicBoolean faulted = new AtomicBoolean();
		long place = mmap.<Long, IOException>access(0, 7, (view) -> {
			if (!faulted.getAndSet(true)) {
				throw FaultBarrier.fault();
			}
			fail(this.after, "append");
			assertThatIOException().isThrownBy(() -> mmap.append(bytes("failed")));
			mend();
			return mmap.append(bytes("next"));
		});
		assertThat(place).isEqualTo(13);
		mmap.sync();
		assertThat(path()).hasContent("contentfailednext");
	}

	@Test
	void endIsBelievedAgainOnceItWasAskedFor() throws IOException {
		Mmap mmap = openLocked();
		fail(this.after, "append");
		assertThatIOException().isThrownBy(() -> mmap.append(bytes("failed")));
		mend();
		mmap.append(bytes("next"));
		this.calls.clear();
		mmap.append(bytes("last"));
		assertThat(this.calls).doesNotContain("size", "end");
	}

	/** Without a lock another process may have appended more than is mapped. */
	@Test
	void appendThatCannotBeMappedTellsWhatStaysAndTheNextOneWritesNothing() throws IOException {
		Mmap mmap = open(MappingOptions.DEFAULT.withReserve(0));
		this.before.put("append", () -> {
			appendElsewhere(100_000);
			fail(this.before, "map");
		});
		assertThatIOException().isThrownBy(() -> mmap.append(bytes("failed")))
			.withMessageContaining("; 6 bytes at offset 100007 were written before it failed, and stay");
		this.before.remove("append");
		assertThat(mmap.size()).isEqualTo(7);
		assertThatIOException().isThrownBy(() -> mmap.append(bytes("again")));
		assertThat(path()).hasSize(100_013);
		mend();
		assertThat(mmap.append(bytes("next"))).isEqualTo(100_013);
		assertThat(mmap.size()).isEqualTo(100_017);
	}

	/** Otherwise pages behind the mapping would be populated or locked: of others. */
	@Test
	void onlyMappedPagesArePreparedIfOthersHaveAppended() throws IOException {
		Mmap mmap = open(MappingOptions.DEFAULT.withReserve(0).withPopulate(true));
		this.before.put("append", () -> {
			appendElsewhere(100_000);
			this.calls.clear();
		});
		assertThat(mmap.append(bytes("next"))).isEqualTo(100_007);
		assertThat(this.calls).containsSubsequence("map", "prepare");
		assertThat(mmap.size()).isEqualTo(100_011);
	}

	private void appendElsewhere(int length) throws IOException {
		Files.write(path(), new byte[length], StandardOpenOption.APPEND);
	}

	@Test
	void longSegmentThatCannotBeGivenItsPlaceIsTold() throws IOException {
		Mmap mmap = open(MappingOptions.DEFAULT);
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment zeros = zeros(LONGEST_COPY + 1, arena);
			this.before.put("grow", () -> {
				throw new FileSystemException("file");
			});
			assertThatIOException().isThrownBy(() -> mmap.writeAt(zeros, 7));
			assertThat(this.told).containsExactly("GROWTH OTHER 7");
			this.told.clear();
			Files.write(path(), new byte[3], StandardOpenOption.TRUNCATE_EXISTING);
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> mmap.writeAt(zeros, 7));
			assertThat(this.told).containsExactly("fault");
		}
	}

	private MemorySegment zeros(long length, Arena arena) throws IOException {
		try (FileChannel sparse = FileChannel.open(this.directory.resolve("zeros"), StandardOpenOption.CREATE,
				StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			return sparse.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
		}
	}

	/**
	 * Notes what it is told.
	 */
	private final class Recorder implements MmapListener {

		@Override
		public void failed(Mmap mmap, WriteOperation operation, FailureCause cause, IOException failure) {
			HalfWayFailureTests.this.told.add(operation + " " + cause + " " + mmap.size());
		}

		@Override
		public void faulted(Mmap mmap, MappedFaultException fault) {
			HalfWayFailureTests.this.told.add("fault");
		}

	}

}
