package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.LongStream;

import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.spring.boot.MappedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * The number of visits from each country: one 64-bit counter for each possible code, side
 * by side in a file of fixed size. The counters are shared memory and not durable: each
 * start counts them anew from the journal. Safe for use by any number of threads.
 */
@Component
public class VisitCounters {

	/**
	 * The size of the file in bytes.
	 */
	static final long FILE_SIZE = (long) CountryCode.COUNT * Long.BYTES;

	private static final int BLOCK = 1024;

	private static final Logger logger = LoggerFactory.getLogger(VisitCounters.class);

	private final Mmap file;

	private final VisitJournal journal;

	private final int corrected;

	/** How many numbers of the journal have no visit. */
	private final long missing;

	/**
	 * Takes the file of the counters and makes them equal to the journal.
	 * @param file the file
	 * @param journal the journal whose visits are counted
	 * @throws IOException if the file has another size
	 * @throws UncheckedIOException if one of the files cannot be read or written, or a
	 * record of the journal is damaged
	 */
	public VisitCounters(@MappedFile("counters") Mmap file, VisitJournal journal) throws IOException {
		if (file.size() != FILE_SIZE) {
			throw new IOException("'" + file.name() + "' should have " + FILE_SIZE + " bytes, one counter of 8 bytes "
					+ "for each country code, but has " + file.size());
		}
		this.file = file;
		this.journal = journal;
		long[] visits = new long[CountryCode.COUNT];
		this.missing = count(journal, visits);
		this.corrected = recover(visits);
	}

	/** Counts the visits, and returns how many numbers before the next have none. */
	private static long count(VisitJournal journal, long[] visits) {
		long next = journal.nextSequence();
		List<Visit> block = journal.read(0, BLOCK);
		while (!block.isEmpty()) {
			block.forEach((visit) -> visits[visit.country().index()]++);
			// Numbers are missing if the journal was opened with `recovery: skip`.
			block = journal.read(block.getLast().sequence() + 1, BLOCK);
		}
		return next - LongStream.of(visits).sum();
	}

	private int recover(long[] visits) {
		int corrected = 0;
		for (int index = 0; index < visits.length; index++) {
			if (this.file.atomics().getLongVolatile(offsetOf(index)) != visits[index]) {
				this.file.atomics().setLongVolatile(offsetOf(index), visits[index]);
				corrected++;
			}
		}
		logger.info("Counted {} visits in the journal; {} counters were corrected", LongStream.of(visits).sum(),
				corrected);
		return corrected;
	}

	/**
	 * Returns the number of counters that were not equal to the journal at the start.
	 * @return the number, 0 or more
	 */
	public int corrected() {
		return this.corrected;
	}

	/**
	 * Returns how many visits of the journal are durable.
	 * @throws UncheckedIOException if the journal cannot be used
	 */
	public long durable() {
		return before(this.journal.nextSequence());
	}

	/**
	 * Returns how many visits the journal has before a number. If some of those that are
	 * missing have greater numbers, the result is too small.
	 * @param sequence the sequence of a visit
	 */
	public long before(long sequence) {
		return Math.max(0, sequence - this.missing);
	}

	/**
	 * Counts one visit.
	 * @param country the country it came from
	 * @throws UncheckedIOException if the file cannot be written
	 */
	public void increment(CountryCode country) {
		this.file.atomics().getAndAddLong(offsetOf(country.index()), 1);
	}

	/**
	 * Returns the countries with the most visits.
	 * @param limit how many at most, 0 or more
	 * @return the countries with visits, the most frequent first; countries with the same
	 * number in alphabetical order
	 * @throws UncheckedIOException if the file cannot be read
	 */
	public List<CountryVisits> top(int limit) {
		return CountryVisits.top((index) -> this.file.atomics().getLongVolatile(offsetOf(index)), limit);
	}

	private static long offsetOf(int index) {
		return (long) index * Long.BYTES;
	}

}
