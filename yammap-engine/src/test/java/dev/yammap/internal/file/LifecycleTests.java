package dev.yammap.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.yammap.internal.os.BackendFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Lifecycle}, of a file whose views a native call may hold.
 */
@NullMarked
class LifecycleTests {

	private static final long LONG = TimeUnit.MINUTES.toNanos(1);

	private final List<String> calls = new ArrayList<>();

	/** Whether the thread was interrupted each time it tried to unmap. */
	private final List<Boolean> interrupts = new ArrayList<>();

	/** How often its mappings are still in use. */
	private int uses;

	private final BackendFile file = (BackendFile) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { BackendFile.class }, (proxy, method, arguments) -> {
				if ("toString".equals(method.getName())) {
					return "file.dat";
				}
				this.calls.add(method.getName());
				if ("unmap".equals(method.getName())) {
					this.interrupts.add(Thread.currentThread().isInterrupted());
				}
				if ("unmap".equals(method.getName()) && this.uses-- > 0) {
					throw new IllegalStateException("Session is acquired by 1 clients");
				}
				return null;
			});

	/** Calls with ever less stack, until there is none. */
	@Test
	void callAtTheEndOfTheStackKeepsNoFileFromItsEnd() throws Exception {
		Lifecycle life = new Lifecycle(this.file, LONG);
		FutureTask<@Nullable Void> deep = new FutureTask<>(() -> callAndDescend(life), null);
		Thread thread = new Thread(null, deep, "deep", 256 << 10);
		thread.start();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> deep.get(1, TimeUnit.MINUTES))
			.withCauseInstanceOf(StackOverflowError.class);
		FutureTask<@Nullable Void> end = new FutureTask<>(() -> {
			life.closeDescriptor();
			return null;
		});
		Thread.ofPlatform().daemon().start(end);
		end.get(1, TimeUnit.MINUTES);
		assertThat(this.calls).contains("close");
	}

	private static void callAndDescend(Lifecycle life) {
		try {
			if (life.whileOpen(() -> true)) {
				callAndDescend(life);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void unmappingWaitsForACallThatUsesAView() throws IOException {
		this.uses = 2;
		Lifecycle life = new Lifecycle(this.file, LONG);
		life.unmap();
		assertThat(this.calls).containsExactly("unmap", "unmap", "unmap");
		life.unmap();
		assertThat(this.calls).hasSize(3);
	}

	@Test
	void unmappingThatWaitedInVainCanBeRepeated() throws IOException {
		this.uses = 1;
		Lifecycle life = new Lifecycle(this.file, 0);
		assertThatExceptionOfType(IOException.class).isThrownBy(life::unmap)
			.withMessageContaining("Cannot unmap file.dat")
			.withMessageContaining("call close again")
			.withCauseInstanceOf(IllegalStateException.class);
		life.unmap();
		assertThat(this.calls).containsExactly("unmap", "unmap");
	}

	/** A thread that is interrupted cannot be parked: it would spin. */
	@Test
	void interruptedThreadSleepsWhileItWaits() throws IOException {
		this.uses = 3;
		Lifecycle life = new Lifecycle(this.file, LONG);
		Thread.currentThread().interrupt();
		life.unmap();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.interrupts).containsExactly(true, false, false, false);
	}

	@Test
	void descriptorIsClosedOnceAndNoCallComesAfter() throws IOException {
		Lifecycle life = new Lifecycle(this.file, LONG);
		assertThat(life.<String>whileOpen(() -> "open")).isEqualTo("open");
		life.closeDescriptor();
		life.closeDescriptor();
		assertThat(this.calls).containsExactly("close");
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> life.whileOpen(() -> "open"));
	}

	@Test
	void noLockIsHeldOnceACallIsOver() throws Exception {
		Lifecycle life = new Lifecycle(this.file, LONG);
		assertThat(life.<String>whileOpen(() -> "open")).isEqualTo("open");
		life.closeDescriptor();
		life.unmap();
		FutureTask<Boolean> others = new FutureTask<>(() -> {
			life.closeDescriptor();
			life.unmap();
			return true;
		});
		Thread.ofPlatform().start(others);
		assertThat(others.get(1, TimeUnit.MINUTES)).isTrue();
		assertThat(this.calls).containsExactly("close", "unmap");
	}

}
