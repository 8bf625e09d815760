package dev.yammap.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What changes a journal is linearizable: whatever several threads were told could also
 * have been told to one that made the calls one after the other.
 */
@Tag("interleavings")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class JournalInterleavingTests {

	@BeforeEach
	void prepare(@TempDir Path directory) {
		Calls.directory = directory;
	}

	@Test
	void appendsRollsSyncsReadsAndCloseAreLinearizable() {
		new StressOptions().iterations(6)
			.invocationsPerIteration(30)
			.threads(3)
			.actorsBefore(1)
			.actorsPerThread(3)
			.actorsAfter(2)
			.sequentialSpecification(Model.class)
			.check(Calls.class);
	}

	/** The calls, on a journal that is made anew for each schedule. */
	public static class Calls {

		static @Nullable Path directory;

		private final Journal journal;

		public Calls() {
			try {
				Path path = Files.createTempDirectory(Objects.requireNonNull(directory), "journal");
				this.journal = Journal.builder(path).segmentSize(8192).open();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** Long enough that some do not fit the segment. */
		@Operation
		public String append() {
			return told(() -> this.journal.append(new byte[1500]));
		}

		@Operation
		public String appendAndSync() {
			return told(() -> {
				long number = this.journal.appendAndSync(new byte[10]);
				return (this.journal.durableSequence() > number) ? number : -1;
			});
		}

		/** What had a number before is durable after. */
		@Operation
		public String sync() {
			return told(() -> {
				long next = this.journal.nextSequence();
				this.journal.sync();
				return (this.journal.durableSequence() >= next) ? 0 : -1;
			});
		}

		@Operation
		public String roll() {
			return told(() -> {
				this.journal.roll();
				return 0;
			});
		}

		/** Each record that is read has the number that follows. */
		@Operation
		public String read() {
			return told(() -> {
				long next = 0;
				try (JournalReader reader = this.journal.reader(0)) {
					while (reader.next()) {
						next = (reader.record().sequence() == next) ? next + 1 : -1000;
					}
				}
				return (next >= 0) ? 0 : next;
			});
		}

		@Operation(runOnce = true)
		public String close() {
			return told(() -> {
				this.journal.close();
				return 0;
			});
		}

		private static String told(Call call) {
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
			this.journal.close();
		}

		interface Call {

			Object run() throws IOException;

		}

	}

	/** What the calls do, one after the other. */
	public static class Model {

		static final String CLOSED = "closed";

		private final List<Long> records = new ArrayList<>();

		private boolean closed;

		public String append() {
			return told(this::add);
		}

		public String appendAndSync() {
			return told(this::add);
		}

		private long add() {
			this.records.add((long) this.records.size());
			return this.records.getLast();
		}

		public String sync() {
			return told(() -> 0);
		}

		public String roll() {
			return told(() -> 0);
		}

		public String read() {
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
