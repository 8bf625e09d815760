package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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

	/** The numbers of the journal that have no visit. */
	private final List<Gap> gaps;

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
		this.gaps = count(journal, visits);
		this.corrected = recover(visits);
	}

	/**
	 * Counts the visits, and returns which numbers have none: that is so if the journal
	 * was opened with {@code recovery: skip}.
	 */
	private static List<Gap> count(VisitJournal journal, long[] visits) {
		List<Gap> gaps = new ArrayList<>();
		long end = journal.nextSequence();
		long next = 0;
		List<Visit> block = journal.read(next, BLOCK);
		while (!block.isEmpty()) {
			for (Visit visit : block) {
				visits[visit.country().index()]++;
				if (next < visit.sequence()) {
					gaps.add(new Gap(next, visit.sequence()));
				}
				next = visit.sequence() + 1;
			}
			block = journal.read(next, BLOCK);
		}
		if (next < end) {
			gaps.add(new Gap(next, end));
		}
		return gaps;
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
	 * Returns how many visits the journal has before a number.
	 * @param sequence the sequence of a visit
	 */
	public long before(long sequence) {
		return sequence - this.gaps.stream().mapToLong((gap) -> gap.before(sequence)).sum();
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

	/**
	 * Numbers that have no visit.
	 *
	 * @param first the first of them
	 * @param end the first behind them
	 */
	private record Gap(long first, long end) {

		/** Returns how many of them are before a number. */
		long before(long sequence) {
			return Math.clamp(sequence, this.first, this.end) - this.first;
		}

	}

}
