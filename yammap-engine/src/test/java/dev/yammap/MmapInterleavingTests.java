package dev.yammap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What changes a file is linearizable: whatever several threads were told could also have
 * been told to one that made the calls one after the other. Few threads run on chosen
 * schedules, with a switch possible at every step but within a call of the operating
 * system; more of them as the machine schedules them.
 */
@Tag("interleavings")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class MmapInterleavingTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@BeforeEach
	void prepare(@TempDir Path directory) {
		Calls.backend = this.backend;
		Calls.path = directory.resolve("file.dat");
	}

	@Test
	void appendsGrowthsAndReadsAreLinearizableOnChosenSchedules() {
		chosen().check(Growing.class);
	}

	@Test
	void appendsGrowthsAndReadsAreLinearizable() {
		stress().check(Growing.class);
	}

	@Test
	void appendsAndTruncationsAreLinearizableOnChosenSchedules() {
		chosen().check(Truncating.class);
	}

	@Test
	void appendsAndTruncationsAreLinearizable() {
		stress().check(Truncating.class);
	}

	private static ModelCheckingOptions chosen() {
		return new ModelCheckingOptions().iterations(6)
			.invocationsPerIteration(150)
			.threads(2)
			.actorsBefore(1)
			.actorsPerThread(2)
			.actorsAfter(2)
			.loopBound(1_000)
			.addGuarantee(systemCalls())
			.sequentialSpecification(Model.class);
	}

	/**
	 * Each call of the backend is one step, and so is what goes by the identity of
	 * objects, which differs from run to run. What takes stack would count as a loop that
	 * does not end.
	 */
	private static ManagedStrategyGuarantee systemCalls() {
		return ManagedStrategyGuaranteeKt
			.forClasses((String name) -> name.startsWith("dev.yammap.internal.os.")
					|| name.equals("dev.yammap.internal.file.ResizeNotifier")
					|| name.equals("dev.yammap.internal.fault.StackReserve") || name.startsWith("java.util.WeakHashMap")
					|| name.startsWith("jdk.internal.foreign.") || name.startsWith("java.nio."))
			.allMethods()
			.treatAsAtomic();
	}

	private static StressOptions stress() {
		return new StressOptions().iterations(10)
			.invocationsPerIteration(500)
			.threads(3)
			.actorsBefore(1)
			.actorsPerThread(3)
			.actorsAfter(2)
			.sequentialSpecification(Model.class);
	}

	/** The calls, on a file that is opened anew for each schedule. */
	public abstract static class Calls {

		static @Nullable Path path;

		static Backend backend = Backend.AUTO;

		final Mmap file;

		Calls() {
			try {
				Path used = Files.write(Objects.requireNonNull(path), new byte[0]);
				this.file = Mmap.builder(used)
					.options(StandardOpenOption.READ, StandardOpenOption.APPEND)
					.preallocate(false)
					.reserve(4096)
					.backend(backend)
					.open();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Operation
		public String append() {
			return told(() -> this.file.write(new byte[] { 1, 2, 3 }));
		}

		/** Once, or what it makes longer might be shorter by then. */
		@Operation(runOnce = true)
		public String lengthen() {
			return told(() -> {
				this.file.truncate(Model.GROWN);
				return 0;
			});
		}

		@Operation
		public long size() {
			return this.file.size();
		}

		@Operation
		public String sync() {
			return told(() -> {
				this.file.sync();
				return 0;
			});
		}

		@Operation(runOnce = true)
		public String close() {
			return told(() -> {
				this.file.close();
				return 0;
			});
		}

		static String told(Call call) {
			try {
				return String.valueOf(call.run());
			}
			catch (ClosedChannelException ex) {
				return Model.CLOSED;
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}

		@Validate
		public void end() throws IOException {
			this.file.close();
		}

		interface Call {

			Object run() throws IOException;

		}

	}

	/** Nothing is ever shortened, so what is read was there at one moment. */
	public static class Growing extends Calls {

		@Operation
		public String content() {
			return told(() -> {
				byte[] bytes = new byte[Model.MOST];
				int read = this.file.readAt(bytes, 0);
				return Arrays.toString(Arrays.copyOf(bytes, Math.max(read, 0)));
			});
		}

	}

	/** The file grows and shrinks. */
	public static class Truncating extends Calls {

		@Operation
		public String shorten() {
			return told(() -> {
				this.file.truncate(1);
				return 0;
			});
		}

	}

	/** What the calls do, one after the other. */
	public static class Model {

		static final int GROWN = 50;

		static final int MOST = 100;

		static final String CLOSED = "closed";

		private byte[] bytes = new byte[0];

		private boolean closed;

		public String append() {
			int end = this.bytes.length;
			return told(() -> {
				this.bytes = Arrays.copyOf(this.bytes, end + 3);
				this.bytes[end] = 1;
				this.bytes[end + 1] = 2;
				this.bytes[end + 2] = 3;
				return 3;
			});
		}

		public String lengthen() {
			return resize(GROWN);
		}

		public String shorten() {
			return resize(1);
		}

		private String resize(int size) {
			return told(() -> {
				this.bytes = Arrays.copyOf(this.bytes, size);
				return 0;
			});
		}

		public long size() {
			return this.bytes.length;
		}

		public String content() {
			return told(() -> Arrays.toString(this.bytes));
		}

		public String sync() {
			return told(() -> 0);
		}

		public String close() {
			this.closed = true;
			return "0";
		}

		private String told(Step step) {
			return this.closed ? CLOSED : String.valueOf(step.run());
		}

		interface Step {

			Object run();

		}

	}

}
