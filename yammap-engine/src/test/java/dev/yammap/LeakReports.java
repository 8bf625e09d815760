package dev.yammap;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Receives what the engine logs of files that were lost. The garbage collector is asked
 * to run until it has found them, so nothing here depends on when it does.
 */
final class LeakReports extends Handler {

	private static final Logger LOGGER = Logger.getLogger("dev.yammap");

	private static final int MOST_COLLECTIONS = 1000;

	private final Path directory;

	private final LinkedBlockingQueue<LogRecord> received = new LinkedBlockingQueue<>();

	/**
	 * Makes a receiver.
	 * @param directory where the files are; those of others may be lost meanwhile
	 */
	LeakReports(Path directory) {
		this.directory = directory;
	}

	void listen() {
		LOGGER.setUseParentHandlers(false);
		LOGGER.addHandler(this);
	}

	@Override
	public void publish(LogRecord record) {
		if (record.getMessage().contains(this.directory.toString())) {
			this.received.add(record);
		}
	}

	/**
	 * Returns what was logged, or collects garbage until something is.
	 */
	LogRecord next() throws InterruptedException {
		LogRecord report = this.received.poll();
		for (int i = 0; report == null && i < MOST_COLLECTIONS; i++) {
			System.gc();
			report = this.received.poll(10, TimeUnit.MILLISECONDS);
		}
		if (report != null) {
			return report;
		}
		throw new AssertionError("Nothing was logged");
	}

	/**
	 * Has the collector find whatever can be found, and returns what was logged of it.
	 */
	List<String> afterCollection() throws IOException, InterruptedException {
		return afterCollections(3);
	}

	/**
	 * The same, with more or less certainty: a file that is lost now is found by it, and
	 * those that were lost before with it or before.
	 */
	List<String> afterCollections(int count) throws IOException, InterruptedException {
		List<String> others = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Path path = this.directory.resolve("lost" + i);
			lose(path);
			String report = next().getMessage();
			while (!report.contains(path.toString())) {
				others.add(report);
				report = next().getMessage();
			}
		}
		this.received.forEach((record) -> others.add(record.getMessage()));
		return others;
	}

	private static void lose(Path path) throws IOException {
		Mmap.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE).truncate(10);
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		LOGGER.removeHandler(this);
		LOGGER.setUseParentHandlers(true);
	}

}
