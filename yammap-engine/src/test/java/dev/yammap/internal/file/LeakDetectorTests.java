package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.NativeResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What remains of the watch over a file that its user closed: nothing, though what is
 * watched may live on in a view.
 */
@NullMarked
class LeakDetectorTests {

	private static final int MOST_COLLECTIONS = 100;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void closeEndsTheWatchAtOnce(boolean canUnmap) throws IOException {
		Object user = new Object();
		try (Arena arena = Arena.ofShared()) {
			WeakReference<NativeResources> kept = watchAndClose(user, arena.scope(), canUnmap, false);
			WeakReference<NativeResources> lent = watchAndClose(user, arena.scope(), canUnmap, true);
			for (int i = 0; i < MOST_COLLECTIONS && !(kept.refersTo(null) && lent.refersTo(null)); i++) {
				System.gc();
			}
			assertThat(kept.get()).isNull();
			assertThat(lent.get()).isNull();
		}
		finally {
			Reference.reachabilityFence(user);
		}
	}

	private static WeakReference<NativeResources> watchAndClose(Object user, MemorySegment.Scope scope,
			boolean canUnmap, boolean lend) throws IOException {
		NativeResources remains = new FakeRemains(canUnmap);
		LeakDetector watch = new LeakDetector(Path.of("file"), fake(remains, scope), user);
		if (lend) {
			watch.lend();
		}
		watch.closing();
		watch.ended();
		return new WeakReference<>(remains);
	}

	/** A file that has the two and nothing else. */
	private static BackendFile fake(NativeResources remains, MemorySegment.Scope scope) {
		return (BackendFile) Proxy.newProxyInstance(BackendFile.class.getClassLoader(),
				new Class<?>[] { BackendFile.class },
				(proxy, method, arguments) -> method.getName().equals("scope") ? scope : remains);
	}

	private record FakeRemains(boolean canUnmap) implements NativeResources {

		@Override
		public void close() {
			throw new AssertionError("Closed already");
		}

		@Override
		public void unmap() {
			throw new AssertionError("Unmapped already");
		}

	}

}
