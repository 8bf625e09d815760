package dev.yammap.faults;

import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.yammap.Mmap;

/**
 * A program that appends records until it is killed. Once a record is appended and
 * counted its number is written to the standard output. Arguments: the journal, a file
 * with one counter, the first number.
 */
final class AppendingProgram {

	static final int RECORD = 72;

	private static final int THREADS = 3;

	private final Mmap journal;

	private final Mmap counter;

	private final DataOutputStream acknowledgements = new DataOutputStream(new FileOutputStream(FileDescriptor.out));

	private AppendingProgram(Mmap journal, Mmap counter) {
		this.journal = journal;
		this.counter = counter;
	}

	public static void main(String[] arguments) throws Exception {
		long first = Long.parseLong(arguments[2]);
		try (Mmap journal = Mmap.open(Path.of(arguments[0]), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
				Mmap counter = Mmap.create(Path.of(arguments[1]), Long.BYTES);
				ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
			AppendingProgram program = new AppendingProgram(journal, counter);
			List<Future<?>> appenders = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				long number = first + i;
				appenders.add(threads.submit(() -> program.append(number)));
			}
			for (Future<?> appender : appenders) {
				appender.get();
			}
		}
	}

	private Void append(long first) throws IOException {
		for (long number = first;; number += THREADS) {
			this.journal.write(record(number));
			this.counter.atomics().getAndAddLong(0, 1);
			synchronized (this.acknowledgements) {
				this.acknowledgements.writeLong(number);
			}
		}
	}

	/**
	 * Returns a record all of which depends on its number.
	 */
	static byte[] record(long number) {
		ByteBuffer record = ByteBuffer.allocate(RECORD);
		for (long i = 1; record.hasRemaining(); i++) {
			record.putLong(number * i);
		}
		return record.array();
	}

}
