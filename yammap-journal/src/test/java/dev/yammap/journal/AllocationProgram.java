package dev.yammap.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

import com.sun.management.ThreadMXBean;

import dev.yammap.Backend;

/**
 * A program that appends and reads records until the code is compiled, and writes to its
 * output how many bytes of the heap a record takes then, appended and read. Arguments:
 * the journal, the backend.
 */
final class AllocationProgram {

	/** It takes some of them until the compiler has made all of its decisions. */
	private static final int ROUNDS = 40;

	/** All records together are shorter than a segment. */
	private static final int RECORDS = 10_000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final byte[] content = new byte[64];

	private long sum;

	public static void main(String[] arguments) throws IOException {
		AllocationProgram program = new AllocationProgram();
		try (Journal journal = Journal.builder(Path.of(arguments[0])).backend(Backend.valueOf(arguments[1])).open()) {
			System.out.println("appended " + least(() -> program.append(journal)));
			try (JournalReader reader = journal.reader(0)) {
				System.out.println("read " + least(() -> program.read(reader)));
			}
			System.err.println("Of numbers and contents: " + program.sum);
		}
	}

	private void append(Journal journal) throws IOException {
		for (int i = 0; i < RECORDS; i++) {
			this.sum += journal.append(this.content);
		}
	}

	private void read(JournalReader reader) throws IOException {
		for (int i = 0; i < RECORDS; i++) {
			if (!reader.next()) {
				throw new IllegalStateException("There are no more records");
			}
			this.sum += reader.record().get(0);
		}
	}

	private static long least(Round round) throws IOException {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < ROUNDS; i++) {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			round.run();
			least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
		}
		return least / RECORDS;
	}

	private interface Round {

		void run() throws IOException;

	}

}
