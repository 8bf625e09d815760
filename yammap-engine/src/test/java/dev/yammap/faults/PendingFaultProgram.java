package dev.yammap.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that updates one file while a fault of another is pending, as a function of
 * {@link Mmap#accessLong} should not. The fault must arrive where it belongs, and the
 * update must be over: the file that is updated can be made shorter. Argument: a
 * directory.
 */
final class PendingFaultProgram {

	private static final int SIZE = 64 << 10;

	private static final int PAGE = 4096;

	private static final int CALLS = 20_000;

	private final Mmap shortened;

	private final Mmap updated;

	private PendingFaultProgram(Mmap shortened, Mmap updated) {
		this.shortened = shortened;
		this.updated = updated;
	}

	public static void main(String[] arguments) throws Exception {
		Path path = Path.of(arguments[0], "shortened.dat");
		try (Mmap shortened = create(path); Mmap updated = create(Path.of(arguments[0], "updated.dat"))) {
			new PendingFaultProgram(shortened, updated).run(path);
		}
	}

	private static Mmap create(Path path) throws IOException {
		return Mmap.create(path, SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private void run(Path path) throws IOException {
		for (int i = 0; i < 5 * CALLS; i++) {
			readAndUpdate();
		}
		try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
			other.setLength(PAGE);
		}
		int faults = 0;
		for (int i = 0; i < CALLS; i++) {
			try {
				readAndUpdate();
			}
			catch (MappedFaultException ex) {
				faults++;
			}
		}
		this.updated.truncate(PAGE);
		if (faults != CALLS) {
			throw new IllegalStateException("Of " + CALLS + " faults " + faults + " were reported");
		}
	}

	private void readAndUpdate() throws IOException {
		this.shortened.accessLong(0, SIZE, this::readAndUpdate);
	}

	private long readAndUpdate(MemorySegment view) {
		long read = view.get(ValueLayout.JAVA_LONG, 2 * PAGE);
		this.updated.getAndAddLong(0, 1);
		return read;
	}

}
