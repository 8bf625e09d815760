package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Measures how much processor time the threads that append or read a record take for it:
 * in a journal and in Chronicle Queue, in turn in one virtual machine. Other work of the
 * machine changes these figures little. They include neither the time that a thread
 * waits, nor the time of other threads that work for it.
 */
public final class ProcessorTimes {

	private static final long BYTES = 160L << 20;

	private static final int FRAMING = 24;

	private static final int WARM_UP = 4;

	private static final int ROUNDS = 11;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final byte[] content;

	private final int count;

	private final int records;

	private final List<Double> journalAppend = new ArrayList<>();

	private final List<Double> queueAppend = new ArrayList<>();

	private final List<Double> journalRead = new ArrayList<>();

	private final List<Double> queueRead = new ArrayList<>();

	private ProcessorTimes(int length, int count) {
		this.content = new byte[length];
		this.count = count;
		this.records = (int) (BYTES / (length + FRAMING) / count);
	}

	public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
		for (int length : new int[] { 64, 1024 }) {
			for (int count : new int[] { 1, 16 }) {
				ProcessorTimes times = new ProcessorTimes(length, count);
				for (int round = 0; round < WARM_UP + ROUNDS; round++) {
					times.run(round >= WARM_UP);
				}
				times.print();
			}
		}
		// The queue has threads that would not end.
		System.exit(0);
	}

	private void run(boolean counts) throws IOException, InterruptedException, ExecutionException {
		try (TemporaryDirectory directory = TemporaryDirectory.create();
				ExecutorService executor = Executors.newFixedThreadPool(this.count)) {
			try (Journal journal = Journal.open(directory.resolve("journal"))) {
				double appended = time(executor, () -> append(journal));
				double read = time(() -> read(journal));
				if (counts) {
					this.journalAppend.add(appended);
					this.journalRead.add(read);
				}
			}
			try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.resolve("queue")).build()) {
				double appended = time(executor, () -> append(queue));
				double read = time(() -> read(queue));
				if (counts) {
					this.queueAppend.add(appended);
					this.queueRead.add(read);
				}
			}
		}
	}

	/** Returns the nanoseconds for each record. */
	private double time(ExecutorService executor, Work work) throws InterruptedException, ExecutionException {
		List<Future<Double>> all = new ArrayList<>();
		for (int i = 0; i < this.count; i++) {
			all.add(executor.submit(() -> time(work)));
		}
		double sum = 0;
		for (Future<Double> one : all) {
			sum += one.get();
		}
		return sum / this.count;
	}

	private double time(Work work) throws IOException {
		long begin = this.threads.getCurrentThreadCpuTime();
		long done = work.run();
		return (double) (this.threads.getCurrentThreadCpuTime() - begin) / done;
	}

	private long append(Journal journal) throws IOException {
		for (int i = 0; i < this.records; i++) {
			journal.append(this.content);
		}
		return this.records;
	}

	private static long read(Journal journal) throws IOException {
		long done = 0;
		try (JournalReader reader = journal.reader(0)) {
			while (reader.next()) {
				done++;
			}
		}
		return done;
	}

	private long append(ChronicleQueue queue) {
		try (ExcerptAppender appender = queue.createAppender()) {
			Bytes<?> bytes = Bytes.wrapForRead(this.content);
			for (int i = 0; i < this.records; i++) {
				appender.writeBytes(bytes);
			}
		}
		return this.records;
	}

	private static long read(ChronicleQueue queue) {
		Bytes<?> bytes = Bytes.allocateElasticOnHeap();
		long done = 0;
		try (ExcerptTailer tailer = queue.createTailer()) {
			while (tailer.readBytes(bytes.clear())) {
				done++;
			}
		}
		return done;
	}

	private void print() {
		System.out.printf(Locale.ROOT, "| append, %d bytes, %d threads | %s | %s |%n", this.content.length, this.count,
				median(this.journalAppend), median(this.queueAppend));
		System.out.printf(Locale.ROOT, "| read, %d bytes | %s | %s |%n", this.content.length, median(this.journalRead),
				median(this.queueRead));
	}

	/** Returns the median and the quartiles. */
	private static String median(List<Double> times) {
		Collections.sort(times);
		int size = times.size();
		return "%.0f ns (%.0f–%.0f)".formatted(times.get(size / 2), times.get(size / 4), times.get(3 * size / 4));
	}

	/** What is measured; it returns how many records there were. */
	private interface Work {

		long run() throws IOException;

	}

}
