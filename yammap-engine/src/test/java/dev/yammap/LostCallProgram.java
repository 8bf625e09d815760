package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.yammap.internal.OnBackend;
import dev.yammap.internal.os.linux.FaultyLibrary;

/**
 * A program that makes each call on a file that nobody holds any more by then, while
 * garbage is collected, and fails if the file is taken for lost before the call has
 * ended. It must run compiled: an interpreter keeps the object of every method that it is
 * in. Arguments: a directory, the backend.
 */
final class LostCallProgram {

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	/** Enough with a {@code CompileThresholdScaling} of 0.01. */
	private static final int WARM_UP_ROUNDS = 60;

	private final Path directory;

	private int count;

	private LostCallProgram(Path directory) {
		this.directory = directory;
	}

	public static void main(String[] arguments) throws Exception {
		LostCallProgram program = new LostCallProgram(Path.of(arguments[0]));
		LeakReports reports = new LeakReports(program.directory);
		reports.listen();
		if (Backend.valueOf(arguments[1]) == Backend.NATIVE) {
			program.collectWithinEachNativeCall(reports);
		}
		else {
			program.collectWithinAccess(reports);
		}
	}

	private void collectWithinEachNativeCall(LeakReports reports) throws Exception {
		Thread caller = Thread.currentThread();
		FaultyLibrary library = new FaultyLibrary();
		for (int round = 0; round < WARM_UP_ROUNDS; round++) {
			callAll((path) -> OnBackend.open(library.backend(), path, READ_WRITE));
		}
		reports.afterCollections(3);
		callAll((path) -> {
			library.mend();
			Mmap file = OnBackend.open(library.backend(), path, READ_WRITE);
			library.beforeAll(() -> {
				if (Thread.currentThread() == caller) {
					requireNotLost(path, reports);
				}
			});
			return file;
		});
	}

	private static void requireNotLost(Path path, LeakReports reports) {
		try {
			List<String> lost = reports.afterCollections(2);
			if (lost.stream().anyMatch((report) -> report.contains(path.toString()))) {
				throw new AssertionError("Taken for lost");
			}
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/** Here no native call can be met, but a function over a view can. */
	private void collectWithinAccess(LeakReports reports) throws Exception {
		Opener opener = (path) -> Mmap.builder(path).backend(Backend.PORTABLE).options(READ_WRITE).open();
		for (int round = 0; round < WARM_UP_ROUNDS; round++) {
			callAll(opener);
			accessLast(opener, newFile(), (view) -> 1);
			accessLongLast(opener, newFile(), (view) -> 1);
		}
		reports.afterCollections(3);
		Path first = newFile();
		accessLast(opener, first, (view) -> firstAfterCollection(view, first, reports));
		Path second = newFile();
		accessLongLast(opener, second, (view) -> firstAfterCollection(view, second, reports));
	}

	private static long firstAfterCollection(MemorySegment view, Path path, LeakReports reports) {
		requireNotLost(path, reports);
		return view.get(ValueLayout.JAVA_BYTE, 0) + 1L;
	}

	private static void accessLast(Opener opener, Path path, ToLongFunction<MemorySegment> body) throws IOException {
		requireOne(opener.open(path).access(0, Call.SIZE, body::applyAsLong));
	}

	private static void accessLongLast(Opener opener, Path path, ToLongFunction<MemorySegment> body)
			throws IOException {
		requireOne(opener.open(path).accessLong(0, Call.SIZE, body));
	}

	private static void requireOne(long result) {
		if (result != 1) {
			throw new AssertionError("Read " + result);
		}
	}

	private void callAll(Opener opener) throws IOException {
		for (Call call : Call.values()) {
			Path path = newFile();
			try {
				callLast(call, opener, path);
			}
			catch (IOException | RuntimeException | Error failure) {
				throw new AssertionError(call + " on a file that nobody holds", failure);
			}
			Files.delete(path);
		}
	}

	private Path newFile() throws IOException {
		return Files.write(this.directory.resolve("file" + this.count++ + ".dat"), new byte[Call.SIZE]);
	}

	/** What is opened is given away, and nothing here refers to it any more. */
	private static void callLast(Call call, Opener opener, Path path) throws IOException {
		call.on(opener.open(path));
	}

	/** A way to open a file. */
	private interface Opener {

		Mmap open(Path path) throws IOException;

	}

}
