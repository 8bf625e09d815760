package dev.yammap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that meets faults within loops, which the compiler transforms: each must
 * arrive in the iteration that met it, before anything is computed with garbage.
 * Arguments: a directory, how often each loop warms up.
 */
final class LoopProgram {

	/** How many longs each loop reads before the one whose page cannot be had. */
	private static final int BAD = 500;

	private static final long FIRST = BadPages.HALF - BAD * Long.BYTES;

	private static final int ROUNDS = 3;

	private static final int FAULTS = 10;

	private final Mmap file;

	private final byte[] bytes = Probe.filled(8);

	private final int[] table = new int[256];

	/** Not a constant, so that a loop cannot be counted. */
	private int step = 1;

	private int reached;

	private long sum;

	private LoopProgram(Mmap file) {
		this.file = file;
	}

	public static void main(String[] arguments) throws Exception {
		Map<Loop, String> failures = new EnumMap<>(Loop.class);
		try (ShortenedFile pages = new ShortenedFile(Path.of(arguments[0]));
				Mmap file = Mmap.open(pages.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			for (Loop loop : Loop.values()) {
				List<String> found = new ArrayList<>();
				for (int round = 0; round < ROUNDS; round++) {
					new LoopProgram(file).run(loop, pages, Integer.parseInt(arguments[1]), found);
				}
				if (!found.isEmpty()) {
					failures.put(loop, found.getFirst());
				}
			}
		}
		if (!failures.isEmpty()) {
			throw new IllegalStateException(failures.toString());
		}
	}

	private void run(Loop loop, ShortenedFile pages, int warmUp, List<String> failures) throws IOException {
		for (int i = 0; i < warmUp; i++) {
			loop.body.run(this, BAD);
		}
		long expected = this.sum;
		pages.spoil();
		for (int i = 0; i < FAULTS; i++) {
			String end = end(loop);
			if (!end.equals("fault") || this.reached != BAD || this.sum != expected) {
				failures.add(end + " at " + this.reached + " of " + BAD + " with " + this.sum + " for " + expected);
			}
		}
		pages.mend();
	}

	private String end(Loop loop) {
		try {
			loop.body.run(this, 2 * BAD);
			return "returned";
		}
		catch (MappedFaultException ex) {
			return "fault";
		}
		catch (UncheckedIOException ex) {
			return (ex.getCause() instanceof MappedFaultException) ? "fault" : ex.toString();
		}
		catch (IOException | InternalError ex) {
			return ex.toString();
		}
	}

	private enum Loop {

		COUNTED((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					sum += program.file.get(ValueLayout.JAVA_LONG_UNALIGNED, place(i));
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		COUNTED_BY_A_LONG((program, end) -> {
			long sum = 0;
			long i = 0;
			try {
				for (; i < end; i++) {
					sum += program.file.get(ValueLayout.JAVA_INT_UNALIGNED, FIRST + i * Long.BYTES);
				}
			}
			finally {
				program.reached((int) i, sum);
			}
		}),

		NOT_COUNTED((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				while (i != end) {
					sum += program.file.get(ValueLayout.JAVA_LONG_UNALIGNED, place(i));
					i += program.step;
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		NESTED((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					for (int j = 0; j < 3; j++) {
						sum += program.file.get(ValueLayout.JAVA_BYTE, place(i) + j);
					}
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		OF_ONE_PLACE((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					sum += program.file.get(ValueLayout.JAVA_LONG_UNALIGNED, (i < BAD) ? FIRST : BadPages.HALF);
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		OF_STORES((program, end) -> {
			int i = 0;
			try {
				for (; i < end; i++) {
					program.file.set(ValueLayout.JAVA_LONG_UNALIGNED, place(i), Probe.LONG_FILL);
				}
			}
			finally {
				program.reached(i, 0);
			}
		}),

		OF_STORES_TO_ONE_PLACE((program, end) -> {
			int i = 0;
			try {
				for (; i < end; i++) {
					program.file.set(ValueLayout.JAVA_LONG_UNALIGNED, (i < BAD) ? FIRST : BadPages.HALF,
							Probe.LONG_FILL);
				}
			}
			finally {
				program.reached(i, 0);
			}
		}),

		WITH_AN_INDEX((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					sum += program.table[program.file.get(ValueLayout.JAVA_BYTE, place(i)) & 0xFF];
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		OF_READS((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					program.file.readAt(program.bytes, place(i));
					sum += program.bytes[0] + program.bytes[7];
				}
			}
			finally {
				program.reached(i, sum);
			}
		}),

		OF_WRITES((program, end) -> {
			int i = 0;
			try {
				for (; i < end; i++) {
					program.file.writeAt(program.bytes, place(i));
				}
			}
			finally {
				program.reached(i, 0);
			}
		}),

		OF_UPDATES((program, end) -> {
			long sum = 0;
			int i = 0;
			try {
				for (; i < end; i++) {
					sum += program.file.atomics().getAndAddLong(place(i), 0);
				}
			}
			finally {
				program.reached(i, sum);
			}
		});

		// A lambda that captures nothing.
		@SuppressWarnings("ImmutableEnumChecker")
		private final Body body;

		Loop(Body body) {
			this.body = body;
		}

	}

	private static long place(int index) {
		return FIRST + (long) index * Long.BYTES;
	}

	private void reached(int index, long sum) {
		this.reached = index;
		this.sum = sum;
	}

	@FunctionalInterface
	private interface Body {

		void run(LoopProgram program, int end) throws IOException;

	}

}
