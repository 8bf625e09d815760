package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link CallThreads}.
 */
@NullMarked
class CallThreadsTests {

	@TempDir
	private Path directory = Path.of("");

	private Path path() {
		return this.directory.resolve("file");
	}

	@Test
	void callThatIsRunForAnInterruptedThreadClosesNoChannel() throws IOException {
		try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
			Thread.currentThread().interrupt();
			assertThat(CallThreads.call(channel::size)).isZero();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(channel.isOpen()).isTrue();
		}
	}

	@Test
	void threadOfCallsKeepsNeitherTheProcessNorTheApplication() throws IOException {
		Thread thread = CallThreads.call(Thread::currentThread);
		assertThat(thread).isNotSameAs(Thread.currentThread());
		assertThat(thread.isDaemon()).isTrue();
		assertThat(thread.getContextClassLoader()).isNull();
	}

	@Test
	@SuppressWarnings("ThreadPriorityCheck")
	void threadHasTheOrdinaryPriorityWhateverItsMakerHas() {
		Thread.currentThread().setPriority(Thread.MAX_PRIORITY);
		try {
			Thread made = CallThreads.newThread(() -> {
			}, "made");
			assertThat(made.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
		}
		finally {
			Thread.currentThread().setPriority(Thread.NORM_PRIORITY);
		}
	}

	@Test
	void threadOfCallsIgnoresInterrupts() throws IOException {
		assertThat(CallThreads.call(() -> {
			Thread.currentThread().interrupt();
			return Thread.currentThread().isInterrupted();
		})).isFalse();
	}

	@Test
	void failureOfACallIsTheFailureOfItsCaller() {
		IOException failure = new IOException("as it was");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> CallThreads.call(() -> {
			throw failure;
		})).isSameAs(failure);
		assertThatIllegalStateException().isThrownBy(() -> CallThreads.call(() -> {
			throw new IllegalStateException();
		}));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> CallThreads.call(() -> {
			throw new AssertionError("as it was");
		})).withMessage("as it was");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> CallThreads.call(() -> {
			throw new TimeoutException("as it was");
		})).havingCause().isInstanceOf(TimeoutException.class).withMessage("as it was");
	}

	@Test
	void callerWithoutMemoryOrStackToSleepWaitsUntilTheCallHasEnded() throws IOException {
		assertThat(CallThreads.await(new Unwaitable(new OutOfMemoryError("as it was"), () -> "ended")))
			.isEqualTo("ended");
		assertThat(CallThreads.await(new Unwaitable(new StackOverflowError(), () -> "ended"))).isEqualTo("ended");
	}

	/** The result may be a descriptor. */
	@Test
	void callerWithoutMemoryGetsTheResultOfACallThatHasEnded() throws IOException {
		Unwaitable call = new Unwaitable(new OutOfMemoryError("as it was"), () -> "ended");
		call.run();
		assertThat(CallThreads.await(call)).isEqualTo("ended");
	}

	@Test
	void callerWhoCannotBeToldOfAFailureFailsItself() {
		OutOfMemoryError error = new OutOfMemoryError("as it was");
		Unwaitable call = new Unwaitable(error, () -> {
			throw new IOException("another");
		});
		call.run();
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> CallThreads.await(call)).isSameAs(error);
	}

	/** A call that ends while its caller tries to wait for it a third time. */
	private static final class Unwaitable extends FutureTask<String> {

		private final Error error;

		private int attempts;

		Unwaitable(Error error, Callable<String> call) {
			super(call);
			this.error = error;
		}

		@Override
		public String get() throws InterruptedException, ExecutionException {
			this.attempts++;
			if (this.attempts < 3) {
				throw this.error;
			}
			run();
			return super.get();
		}

	}

}
