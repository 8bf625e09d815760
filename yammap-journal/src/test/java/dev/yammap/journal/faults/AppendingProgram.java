package dev.yammap.journal.faults;

import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.yammap.journal.Journal;

/**
 * A program that appends records until it is killed. Once a record was appended its
 * number and key are written to the standard output. Arguments: the journal, the first
 * key.
 */
final class AppendingProgram {

	private static final int THREADS = 4;

	private AppendingProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		DataOutputStream acknowledgements = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
		AtomicLong keys = new AtomicLong(Long.parseLong(arguments[1]));
		try (Journal journal = Journal.builder(Path.of(arguments[0])).segmentSize(64 << 10).open();
				ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
			List<Future<?>> appenders = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				boolean syncs = i % 2 == 0;
				appenders.add(threads.submit(() -> append(journal, keys, syncs, acknowledgements)));
			}
			for (Future<?> appender : appenders) {
				appender.get();
			}
		}
	}

	private static Void append(Journal journal, AtomicLong keys, boolean syncs, DataOutputStream acknowledgements)
			throws IOException {
		while (true) {
			long key = keys.getAndIncrement();
			long number = journal.append(Workload.content(key));
			if (syncs) {
				journal.sync();
				synchronized (acknowledgements) {
					acknowledgements.writeLong(number);
					acknowledgements.writeLong(key);
				}
			}
			if (key % 500 == 0) {
				journal.removeBefore(number - 5000);
			}
		}
	}

}
