package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;
import dev.yammap.spring.boot.MappedFile;

import org.springframework.stereotype.Component;

/**
 * The journal of all visits, an append-only file. Safe for use by any number of threads.
 * <p>
 * Readers see only durable records. So nothing that was read is lost in a power cut.
 */
@Component
public class VisitJournal {

	/**
	 * The greatest sequence that a journal can have.
	 */
	public static final long MAX_SEQUENCE = JournalFormat.MAX_SEQUENCE;

	private final Mmap file;

	private final InstantSource clock;

	private final Lock appending = new ReentrantLock();

	/** The number of records in the file; guarded by the lock. */
	private long appended;

	/** The number of records known to be durable; at most as many as were appended. */
	private final AtomicLong durable;

	private volatile boolean failed;

	/**
	 * Takes the file of the journal and recovers it.
	 * @param file the file, empty for a new journal
	 * @param clock the source of the time at which a visit is recorded
	 * @throws IOException if the file is not a journal, is damaged, or cannot be used
	 */
	public VisitJournal(@MappedFile("journal") Mmap file, InstantSource clock) throws IOException {
		this.file = file;
		this.clock = clock;
		this.appended = new JournalRecovery(file).run();
		this.durable = new AtomicLong(this.appended);
	}

	/**
	 * Appends a visit and waits until it is durable.
	 * @param ip the address
	 * @param country its country
	 * @return the visit
	 * @throws UncheckedIOException if the visit could not be written or made durable; if
	 * it could not be made durable, the journal takes no more visits
	 */
	public Visit append(Ipv4 ip, CountryCode country) {
		try {
			Visit visit = write(ip, country);
			// Outside of the lock, so that threads can share a sync.
			sync();
			this.durable.accumulateAndGet(visit.sequence() + 1, Math::max);
			return visit;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The visit could not be recorded", ex);
		}
	}

	private Visit write(Ipv4 ip, CountryCode country) throws IOException {
		this.appending.lock();
		try {
			if (this.failed) {
				throw new IOException("A sync of '" + this.file.name() + "' failed; restart to take visits again");
			}
			if (this.file.size() != JournalFormat.offsetOf(this.appended)) {
				// Recovery finds a record only at its own offset.
				throw new IOException("'" + this.file.name() + "' has " + this.file.size() + " bytes instead of "
						+ JournalFormat.offsetOf(this.appended) + "; restart to take visits again");
			}
			Visit visit = new Visit(this.appended, ip, country, this.clock.instant().truncatedTo(ChronoUnit.MICROS));
			this.file.write(JournalFormat.encode(visit));
			this.appended++;
			return visit;
		}
		finally {
			this.appending.unlock();
		}
	}

	private void sync() throws IOException {
		try {
			this.file.sync();
		}
		catch (IOException ex) {
			this.failed = true;
			throw ex;
		}
	}

	/**
	 * Returns the number of visits that are durable.
	 * @return the number of visits, which is also the sequence of the next one
	 */
	public long size() {
		return this.durable.get();
	}

	/**
	 * Reads visits.
	 * @param from the sequence of the first one, 0 or more
	 * @param limit how many at most, 0 or more
	 * @return the visits in the order of their sequence; none if {@code from} is at or
	 * past the end
	 * @throws UncheckedIOException if the file cannot be read, or a record is damaged
	 */
	public List<Visit> read(long from, int limit) {
		int count = Math.clamp(size() - from, 0, limit);
		byte[] records = new byte[count * JournalFormat.RECORD_SIZE];
		List<Visit> visits = new ArrayList<>(count);
		try {
			if (count > 0 && this.file.readAt(records, JournalFormat.offsetOf(from)) < records.length) {
				throw new IOException("'" + this.file.name() + "' has become shorter");
			}
			for (int i = 0; i < count; i++) {
				visits.add(JournalFormat.decode(records, i * JournalFormat.RECORD_SIZE, from + i));
			}
			return visits;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The visits from " + from + " on could not be read", ex);
		}
	}

}
