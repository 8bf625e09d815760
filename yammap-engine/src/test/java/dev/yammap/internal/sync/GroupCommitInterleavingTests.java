package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every way in which the steps of a few callers can follow each other, up to some number
 * of switches between them: each caller returns, and finds its write covered. A wake-up
 * that is lost is a caller that hangs, and is found however rarely the schedule occurs.
 */
@NullMarked
@Tag("interleavings")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class GroupCommitInterleavingTests {

	/** The fewest that find a wake-up lost between three switches of two threads. */
	private static final int SCHEDULES = 10_000;

	@Test
	void twoCallersReturnWithTheirWritesCovered() {
		check(Impatient.class, 2, 1, SCHEDULES);
	}

	@Test
	void twoCallersThatComeAgainReturnWithTheirWritesCovered() {
		check(Impatient.class, 2, 2, SCHEDULES);
	}

	@Test
	void threeCallersReturnWithTheirWritesCovered() {
		check(Impatient.class, 3, 1, SCHEDULES);
	}

	@Test
	void callersThatWaitForCompanyReturnWithTheirWritesCovered() {
		check(Patient.class, 2, 1, SCHEDULES);
	}

	@Test
	void callersThatWaitForMoreCompanyThanComesReturnWithTheirWritesCovered() {
		check(Patient.class, 3, 1, SCHEDULES);
	}

	@Test
	void everyCallerLearnsOfAFailure() {
		check(Failing.class, 3, 1, SCHEDULES);
	}

	@Test
	void callersForWhomAHelperLeadsReturnWithTheirWritesCovered() {
		checkHelped(() -> new Callers(new CommitDelay(), Integer.MAX_VALUE, new LedByOthers()));
	}

	@Test
	void callersForWhomAHelperGathersReturnWithTheirWritesCovered() {
		checkHelped(() -> new Callers(Patient.patience(), Integer.MAX_VALUE, new LedByOthers()));
	}

	@Test
	void everyCallerForWhomAHelperLeadsLearnsOfAFailure() {
		checkHelped(() -> new Callers(new CommitDelay(), 2, new LedByOthers()));
	}

	/** A helper is a thread more, which the options above do not know. */
	private static void checkHelped(Supplier<Callers> setup) {
		Lincheck.runConcurrentTest(SCHEDULES, () -> {
			Callers callers = setup.get();
			Thread other = new Thread(() -> require(callers));
			other.start();
			require(callers);
			require(callers);
			join(other);
			LedByOthers helpers = (LedByOthers) callers.helpers;
			while (!helpers.started.isEmpty()) {
				join(helpers.started.remove());
			}
		});
	}

	private static void require(Callers callers) {
		if (!callers.isCommitted()) {
			throw new AssertionError("A write is not covered");
		}
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void check(Class<?> callers, int threads, int calls, int schedules) {
		new ModelCheckingOptions().iterations(1)
			.threads(threads)
			.actorsBefore(0)
			.actorsPerThread(calls)
			.actorsAfter(0)
			.invocationsPerIteration(schedules)
			// What takes stack would count as a loop that does not end, and the name of a
			// file as a call of the system.
			.addGuarantee(ManagedStrategyGuaranteeKt
				.forClasses((String name) -> name.equals("dev.yammap.internal.fault.StackReserve")
						|| name.equals("dev.yammap.internal.os.Printable"))
				.allMethods()
				.treatAsAtomic())
			.check(callers);
	}

	/** Callers that share a group. */
	public static class Callers {

		private final AtomicInteger written = new AtomicInteger();

		private final GroupCommit group;

		private final Helpers helpers;

		private final AtomicBoolean flushing = new AtomicBoolean();

		private volatile int durable;

		private volatile boolean failed;

		Callers(CommitDelay patience, int failing, Helpers helpers) {
			this.helpers = helpers;
			this.group = new GroupCommit(Path.of("journal"), new GroupCommit.Target() {

				private int flushes;

				@Override
				public void flush(long from, long to, int callers) throws IOException {
					Callers.this.flush(++this.flushes == failing);
				}

				@Override
				public void flushed(long nanos, int callers, @Nullable Throwable failure) {
				}

			}, patience, clock(), helpers);
		}

		/** Goes on a bit each time somebody looks, and so ends every wait. */
		private static LongSupplier clock() {
			AtomicLong nanos = new AtomicLong();
			return () -> nanos.addAndGet(TimeUnit.MICROSECONDS.toNanos(400));
		}

		private void flush(boolean failing) throws IOException {
			if (this.flushing.getAndSet(true)) {
				throw new AssertionError("Two flushes at a time");
			}
			int seen = this.written.get();
			this.flushing.set(false);
			if (failing) {
				this.failed = true;
				throw new IOException("No disk");
			}
			this.durable = seen;
		}

		@Operation
		public boolean isCommitted() {
			int mine = this.written.incrementAndGet();
			boolean late = this.failed;
			try {
				this.group.commit(0, 1);
				return !late && this.durable >= mine;
			}
			catch (IOException ex) {
				return this.failed;
			}
		}

	}

	/** Nobody waits for company. */
	public static class Impatient extends Callers {

		public Impatient() {
			super(new CommitDelay(), Integer.MAX_VALUE, new LedByOneself());
		}

	}

	/** The first to come waits for another. */
	public static class Patient extends Callers {

		public Patient() {
			super(patience(), Integer.MAX_VALUE, new LedByOneself());
		}

		static CommitDelay patience() {
			CommitDelay patience = new CommitDelay();
			patience.flushed(TimeUnit.MILLISECONDS.toNanos(10), 1, 1);
			return patience;
		}

	}

	/** The second flush fails. */
	public static class Failing extends Callers {

		public Failing() {
			super(new CommitDelay(), 2, new LedByOneself());
		}

	}

	/** Every caller may lead. */
	private static final class LedByOneself implements Helpers {

		@Override
		public boolean areNeeded() {
			return false;
		}

		@Override
		public boolean start(Runnable help) {
			throw new AssertionError("Not needed");
		}

	}

	/** No caller may lead. */
	private static final class LedByOthers implements Helpers {

		private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

		@Override
		public boolean areNeeded() {
			return true;
		}

		@Override
		public boolean start(Runnable help) {
			Thread thread = new Thread(help);
			this.started.add(thread);
			thread.start();
			return true;
		}

	}

}
