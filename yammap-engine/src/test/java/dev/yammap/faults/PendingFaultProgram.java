package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.Whence;
import dev.yammap.internal.os.CallThreads;

/**
 * A program that calls one file while a fault of a view of another is pending. It is
 * thrown on by every call, which neither takes it for a fault of its own nor does
 * anything. Arguments: a directory, how often each call warms up.
 */
final class PendingFaultProgram {

	private static final int SIZE = 64 << 10;

	private static final int PAGE = 4096;

	private static final int FAULTS = 200;

	private final Mmap shortened;

	private final MemorySegment view;

	private final Mmap other;

	private final Mmap log;

	private final byte[] bytes = new byte[100];

	private long sum;

	private PendingFaultProgram(Mmap shortened, Mmap other, Mmap log) {
		this.shortened = shortened;
		this.view = shortened.segment();
		this.other = other;
		this.log = log;
	}

	public static void main(String[] arguments) throws Exception {
		Path directory = Path.of(arguments[0]);
		try (Mmap shortened = create(directory.resolve("shortened"));
				Mmap other = create(directory.resolve("other"));
				Mmap log = Mmap.open(directory.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
				FileChannel channel = FileChannel.open(directory.resolve("shortened"), StandardOpenOption.WRITE)) {
			new PendingFaultProgram(shortened, other, log).run(channel, Integer.parseInt(arguments[1]));
		}
	}

	private static Mmap create(Path path) throws IOException {
		return Mmap.create(path, SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private void run(FileChannel channel, int warmUp) throws IOException {
		List<String> failures = new ArrayList<>();
		for (Call call : Call.values()) {
			for (int i = 0; i < (call.isSystemCall ? warmUp / 10 : warmUp); i++) {
				call.body.run(this);
			}
			check(call, channel, failures);
		}
		if (!failures.isEmpty()) {
			throw new IllegalStateException(String.join("\n", failures));
		}
	}

	private void check(Call call, FileChannel channel, List<String> failures) throws IOException {
		String before = state();
		Map<String, Integer> ends = new TreeMap<>();
		channel.truncate(PAGE);
		for (int i = 0; i < FAULTS; i++) {
			ends.merge(end(call), 1, Integer::sum);
		}
		channel.write(ByteBuffer.allocate(1), SIZE - 1);
		if (!ends.equals(Map.of(call.expected(), FAULTS))) {
			failures.add(call + " " + ends);
		}
		if (!state().equals(before)) {
			failures.add(call + " changed " + before + " to " + state());
		}
		// Of another thread, which finds no lock held.
		CallThreads.run(() -> call.body.run(this));
	}

	private String state() throws IOException {
		return this.other.size() + " " + this.other.offset() + " " + this.other.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)
				+ " " + this.other.get(ValueLayout.JAVA_INT_UNALIGNED, 8) + " " + this.log.size();
	}

	private String end(Call call) {
		try {
			call.body.run(this);
			return "returned";
		}
		catch (InternalError | IOException | RuntimeException ex) {
			return ex.getClass().getSimpleName();
		}
	}

	/** What a function does that should not: it calls another file. */
	private long readAndUpdate(MemorySegment part) {
		long read = part.get(ValueLayout.JAVA_LONG, 2 * PAGE);
		this.other.atomics().getAndAddLong(0, 1);
		return read;
	}

	/** Each reads from the view first, and is one method for the compiler. */
	private enum Call {

		GET_LONG((program) -> program.sum += program.viewed() + program.other.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)),

		GET_LONG_OF_THE_SAME_FILE((program) -> program.sum += program.viewed()
				+ program.shortened.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)),

		PUT_INT((program) -> {
			int seen = (int) program.viewed();
			program.other.set(ValueLayout.JAVA_INT_UNALIGNED, 8,
					program.other.get(ValueLayout.JAVA_INT_UNALIGNED, 8) + 1);
			program.sum += seen;
		}),

		UPDATE((program) -> program.sum += program.viewed() + program.other.atomics().getAndAddLong(0, 1)),

		COMPARE_AND_SET((program) -> {
			long seen = program.viewed();
			if (program.other.atomics()
				.compareAndSetLong(0, program.other.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), 1)) {
				program.sum += seen;
			}
		}),

		READ_AT((program) -> program.sum += program.viewed() + program.other.readAt(program.bytes, 16)),

		WRITE_AT((program) -> program.sum += program.viewed() + program.other.writeAt(program.bytes, 16)),

		READ((program) -> {
			long seen = program.viewed();
			program.sum += seen + program.other.read(program.bytes);
			program.other.seek(0, Whence.START);
		}),

		WRITE((program) -> {
			long seen = program.viewed();
			program.sum += seen + program.other.write(program.bytes, 0, 1);
			program.other.seek(0, Whence.START);
		}),

		ACCESS((program) -> program.sum += program.viewed()
				+ program.other.accessLong(0, 8, (view) -> view.get(ValueLayout.JAVA_LONG, 0))),

		CALL_WITHIN_ACCESS((program) -> program.sum += program.shortened.accessLong(0, SIZE, program::readAndUpdate)),

		APPEND(true, (program) -> {
			long seen = program.viewed();
			program.log.write(program.bytes);
			program.sum += seen;
		}),

		SYNC(true, (program) -> {
			long seen = program.viewed();
			program.other.sync();
			program.sum += seen;
		}),

		SYNC_OF_A_RANGE(true, (program) -> {
			long seen = program.viewed();
			program.other.sync(0, 8);
			program.sum += seen;
		}),

		TRUNCATE(true, (program) -> {
			long seen = program.viewed();
			program.other.truncate((program.other.size() == SIZE) ? SIZE + 1 : SIZE);
			program.sum += seen;
		}),

		REFRESH(true, (program) -> program.sum += program.viewed() + program.other.refresh());

		private final boolean isSystemCall;

		// A lambda that captures nothing.
		@SuppressWarnings("ImmutableEnumChecker")
		private final Body body;

		Call(Body body) {
			this(false, body);
		}

		Call(boolean isSystemCall, Body body) {
			this.isSystemCall = isSystemCall;
			this.body = body;
		}

		/** A function over the view is guarded, and its fault one of that file. */
		private String expected() {
			return ((this == CALL_WITHIN_ACCESS) ? MappedFaultException.class : InternalError.class).getSimpleName();
		}

	}

	private long viewed() {
		return this.view.get(ValueLayout.JAVA_LONG, 2 * PAGE);
	}

	@FunctionalInterface
	private interface Body {

		void run(PendingFaultProgram program) throws IOException;

	}

}
