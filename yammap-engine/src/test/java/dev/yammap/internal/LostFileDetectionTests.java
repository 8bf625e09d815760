package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Backend;
import dev.yammap.LoggedMessages;
import dev.yammap.Mmap;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.NativeResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a {@link LeakDetector} does when nobody can reach what it watches.
 */
@NullMarked
class LostFileDetectionTests {

	private static final String TRACKING = "yammap.leak-tracking";

	private static final int MOST_COLLECTIONS = 1_000;

	private static final Path PATH = Path.of("lost.dat");

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final LoggedMessages log = new LoggedMessages(PATH.toString());

	private boolean failing;

	private boolean heapIsFull;

	@BeforeEach
	void doNotTrack() {
		System.clearProperty(TRACKING);
	}

	@AfterEach
	void close() {
		this.log.close();
		System.clearProperty(TRACKING);
	}

	private static void collectUntil(BooleanSupplier condition) {
		for (int i = 0; i < MOST_COLLECTIONS && !condition.getAsBoolean(); i++) {
			System.gc();
			Thread.onSpinWait();
		}
	}

	/** Loses both what is watched before a view is handed out and what is after that. */
	private void lose(boolean canUnmap, boolean lend, boolean closing) throws IOException {
		Object user = new Object();
		MemorySegment.Scope scope = Arena.ofAuto().scope();
		LeakDetector watch = new LeakDetector(PATH, file(canUnmap, scope), user);
		if (lend) {
			watch.lend();
		}
		if (closing) {
			watch.closing();
		}
	}

	private BackendFile file(boolean canUnmap, MemorySegment.Scope scope) {
		NativeResources remains = new RecordedRemains("remains", canUnmap);
		NativeResources whole = new RecordedRemains("file", true);
		return (BackendFile) Proxy.newProxyInstance(BackendFile.class.getClassLoader(),
				new Class<?>[] { BackendFile.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "scope" -> {
						if (this.heapIsFull) {
							throw new OutOfMemoryError("Java heap space");
						}
						yield scope;
					}
					case "remains" -> remains;
					case "close" -> {
						whole.close();
						yield true;
					}
					case "unmap" -> {
						whole.unmap();
						yield true;
					}
					default -> whole.canUnmap();
				});
	}

	@ParameterizedTest
	@CsvSource({ "true, false, remains", "true, true, remains", "false, false, file", "false, true, remains" })
	void lostFileIsReportedOnceAndGivenBack(boolean canUnmap, boolean lend, String what) throws IOException {
		lose(canUnmap, lend, false);
		collectUntil(() -> !this.log.messages().isEmpty());
		assertThat(this.calls).containsExactly(what + " closed", what + " unmapped");
		assertThat(this.log.messages()).singleElement()
			.asString()
			.startsWith("WARNING " + PATH + " was lost without being closed, and is closed now"
					+ ((canUnmap || !lend) ? "." : ", except its memory, which stays mapped"))
			.contains("-D" + TRACKING + "=true");
	}

	@Test
	void reportSaysWhereTheFileWasOpenedIfThatIsTracked() throws IOException {
		System.setProperty(TRACKING, "true");
		lose(true, false, false);
		collectUntil(() -> !this.log.messages().isEmpty());
		assertThat(this.log.messages()).singleElement().asString().endsWith("It was opened here");
	}

	@Test
	void lostFileThatCannotBeClosedIsUnmappedAndReportedAllTheSame() throws IOException {
		this.failing = true;
		lose(true, false, false);
		collectUntil(() -> this.log.messages().size() > 1);
		assertThat(this.calls).containsExactly("remains closed", "remains unmapped");
		assertThat(this.log.messages()).hasSize(2)
			.first()
			.asString()
			.contains("Cannot release all that the lost file " + PATH + " held");
	}

	@Test
	void fileThatWasClosedButNotUnmappedIsUnmappedWithoutAReport() throws IOException {
		lose(true, false, true);
		collectUntil(() -> !this.calls.isEmpty());
		assertThat(this.calls).containsExactly("remains unmapped");
		assertThat(this.log.messages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fileIsNotLostWhileWhatIsWatchedIsInUse(boolean lend) throws IOException {
		Object user = new Object();
		MemorySegment.Scope scope = Arena.ofAuto().scope();
		LeakDetector watch = new LeakDetector(PATH, file(false, scope), user);
		if (lend) {
			watch.lend();
			watch.lend();
			user = scope;
		}
		try {
			lose(true, false, true);
			collectUntil(() -> !this.calls.isEmpty());
			assertThat(this.calls).containsExactly("remains unmapped");
			watch.closing();
			watch.ended();
			assertThat(this.calls).hasSize(1);
			assertThat(this.log.messages()).isEmpty();
		}
		finally {
			Reference.reachabilityFence(user);
		}
	}

	@Test
	void fileWhoseViewCannotBeHandedOutForLackOfMemoryIsNotReportedOnceClosed() throws IOException {
		LeakDetector watch = new LeakDetector(PATH, file(false, Arena.ofAuto().scope()), this);
		this.heapIsFull = true;
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(watch::lend);
		this.heapIsFull = false;
		watch.closing();
		watch.ended();
		assertThat(this.calls).isEmpty();
		assertThat(this.log.messages()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fileThatItsUserClosedIsNotReported(boolean unmapped) throws IOException {
		closeAndLose(unmapped);
		for (int others = 1; others <= 2; others++) {
			lose(false, false, true);
			int expected = others;
			collectUntil(() -> Collections.frequency(this.calls, "file unmapped") == expected);
		}
		assertThat(Collections.frequency(this.calls, "remains unmapped")).isEqualTo(unmapped ? 0 : 1);
		assertThat(this.calls).doesNotContain("remains closed");
		assertThat(this.log.messages()).isEmpty();
	}

	private void closeAndLose(boolean unmap) throws IOException {
		Lifecycle life = new Lifecycle(file(true, Arena.ofAuto().scope()));
		life.watch(PATH);
		life.closeDescriptor();
		if (unmap) {
			life.unmap();
		}
		this.calls.clear();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void viewOfALostFileIsWatchedInItsStead(boolean whole, @TempDir Path directory) throws IOException {
		viewAndLose(Files.write(directory.resolve(PATH), new byte[10]), whole);
		collectUntil(() -> !this.log.messages().isEmpty());
		assertThat(this.log.messages()).singleElement()
			.asString()
			.contains(PATH + " was lost", "except its memory, which stays mapped because a view of it was handed out");
	}

	private static void viewAndLose(Path path, boolean whole) throws IOException {
		Mmap file = OnBackend.open(Backends.get(Backend.PORTABLE), path, StandardOpenOption.READ);
		MemorySegment view = whole ? file.segment() : file.segment(0, 1);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isZero();
	}

	@Test
	void threadThatFindsLostFilesKeepsNeitherTheProcessNorTheApplication() throws IOException {
		new LeakDetector(PATH, file(true, Arena.global().scope()), this).ended();
		assertThat(Thread.getAllStackTraces().keySet())
			.filteredOn((thread) -> thread.getName().equals("yammap-cleaner"))
			.singleElement()
			.satisfies((thread) -> {
				assertThat(thread.isDaemon()).isTrue();
				assertThat(thread.getContextClassLoader()).isNull();
				assertThat(thread.getThreadGroup().getParent()).isNull();
				assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
			});
	}

	/**
	 * Notes what is done with it.
	 */
	private final class RecordedRemains implements NativeResources {

		private final String name;

		private final boolean canUnmap;

		RecordedRemains(String name, boolean canUnmap) {
			this.name = name;
			this.canUnmap = canUnmap;
		}

		@Override
		public boolean canUnmap() {
			return this.canUnmap;
		}

		@Override
		public void close() throws IOException {
			LostFileDetectionTests.this.calls.add(this.name + " closed");
			if (LostFileDetectionTests.this.failing) {
				throw new IOException("Input/output error");
			}
		}

		@Override
		public void unmap() {
			LostFileDetectionTests.this.calls.add(this.name + " unmapped");
		}

	}

}
