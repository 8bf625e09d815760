package dev.yammap.sample.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.visits.CountryVisits;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The visits of all instances: how many from each country, up to which number of each
 * instance, and up to which offset of each partition. Safe for use by any number of
 * threads.
 * <p>
 * All three are saved together, in one record of a journal of their own. So they fit each
 * other after a crash: every visit in the counts is also behind the offsets. A record
 * need not be durable at once. If a power cut takes the last ones back, the one before
 * counts, and the visits since then are read from the topic once more.
 */
final class Totals {

	private static final int VERSION = 1;

	private final Journal journal;

	private final long[] visits = new long[CountryCode.COUNT];

	private final Map<String, Progress> instances = new TreeMap<>();

	private final Map<Integer, Long> offsets = new TreeMap<>();

	/** The topic that is counted; {@code null} if none was yet. */
	private @Nullable Uuid topic;

	private boolean isChanged;

	/**
	 * Goes on from the last record.
	 */
	Totals(Journal journal) throws IOException {
		this.journal = journal;
		if (journal.nextSequence() > journal.firstSequence()) {
			try (JournalReader reader = journal.reader(journal.nextSequence() - 1)) {
				reader.next();
				load(reader.record().buffer());
			}
		}
	}

	/**
	 * Makes sure that the offsets belong to this topic.
	 * @throws AlarmException if another topic was counted until now
	 */
	synchronized void setTopic(Uuid topic) {
		if (this.topic != null && !this.topic.equals(topic)) {
			throw new AlarmException("The topic is not the one that was counted until now: it was deleted and made "
					+ "again. " + countAnew());
		}
		this.topic = topic;
	}

	/** Says what to do if the topic does not fit what was counted. */
	String countAnew() {
		return "To count anew what the topic has, stop this instance and remove " + this.journal.directory();
	}

	/** Returns where to go on in a partition; {@code null} at its beginning. */
	synchronized @Nullable Long offset(int partition) {
		return this.offsets.get(partition);
	}

	/**
	 * Counts a visit if it is the one after the last of its instance. A visit that was
	 * counted before is dropped: a relay sends it again if it did not hear that it had
	 * arrived. A visit is also dropped if others before it are missing: after a failed
	 * send, a relay goes on from the first visit that failed, and sends this one again,
	 * too.
	 * @param partition where it is from
	 * @param offset where it is in it
	 */
	synchronized void apply(int partition, long offset, ShippedVisit visit) {
		Progress progress = this.instances.getOrDefault(visit.instance(), new Progress(visit.first(), 0, 0));
		if (visit.sequence() == progress.next()) {
			this.visits[visit.visit().country().index()]++;
			progress = new Progress(visit.sequence() + 1, progress.seen(), visit.checksum());
		}
		this.instances.put(visit.instance(), progress.withSeen(visit.sequence() + 1));
		this.offsets.put(partition, offset + 1);
		this.isChanged = true;
	}

	/** Returns how far the visits of an instance are counted; {@code null} if none is. */
	synchronized @Nullable Progress progress(String instance) {
		return this.instances.get(instance);
	}

	/** Returns the first missing visit of each instance that has later visits. */
	synchronized Map<String, Long> gaps() {
		Map<String, Long> gaps = new TreeMap<>();
		this.instances.forEach((instance, progress) -> {
			if (progress.next() < progress.seen()) {
				gaps.put(instance, progress.next());
			}
		});
		return gaps;
	}

	synchronized int instances() {
		return this.instances.size();
	}

	synchronized long visits() {
		long sum = 0;
		for (long count : this.visits) {
			sum += count;
		}
		return sum;
	}

	synchronized List<CountryVisits> top(int limit) {
		return CountryVisits.top((index) -> this.visits[index], limit);
	}

	/** Appends a record, if anything has changed since the last one. */
	synchronized void save() throws IOException {
		if (this.isChanged) {
			this.journal.append(encode());
			this.isChanged = false;
		}
	}

	private ByteBuffer encode() {
		List<CountryVisits> counted = top(CountryCode.COUNT);
		int size = 64 + 12 * this.offsets.size() + 10 * counted.size();
		List<byte[]> ids = new ArrayList<>();
		for (String id : this.instances.keySet()) {
			ids.add(id.getBytes(StandardCharsets.UTF_8));
			size += 24 + ids.getLast().length;
		}
		Uuid id = (this.topic != null) ? this.topic : Uuid.ZERO_UUID;
		ByteBuffer record = ByteBuffer.allocate(size)
			.putInt(VERSION)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.putInt(this.offsets.size());
		this.offsets.forEach((partition, offset) -> record.putInt(partition).putLong(offset));
		record.putInt(ids.size());
		int i = 0;
		for (Progress progress : this.instances.values()) {
			byte[] name = ids.get(i++);
			record.putInt(name.length)
				.put(name)
				.putLong(progress.next())
				.putLong(progress.seen())
				.putInt(progress.checksum());
		}
		record.putInt(counted.size());
		counted.forEach((country) -> record.putShort((short) country.country().index()).putLong(country.visits()));
		return record.flip();
	}

	private void load(ByteBuffer record) {
		int version = record.getInt();
		if (version != VERSION) {
			throw new UncheckedIOException(new IOException("The totals in " + this.journal.directory()
					+ " have version " + version + " and not " + VERSION + ". Remove them to count anew"));
		}
		this.topic = new Uuid(record.getLong(), record.getLong());
		for (int left = record.getInt(); left > 0; left--) {
			this.offsets.put(record.getInt(), record.getLong());
		}
		for (int left = record.getInt(); left > 0; left--) {
			byte[] id = new byte[record.getInt()];
			record.get(id);
			this.instances.put(new String(id, StandardCharsets.UTF_8),
					new Progress(record.getLong(), record.getLong(), record.getInt()));
		}
		for (int left = record.getInt(); left > 0; left--) {
			this.visits[record.getShort()] = record.getLong();
		}
	}

	/**
	 * How far the visits of an instance are counted.
	 *
	 * @param next the number of the visit that is counted next
	 * @param seen the first number above all that were seen
	 * @param checksum of the last visit that was counted
	 */
	record Progress(long next, long seen, int checksum) {

		private Progress withSeen(long number) {
			return new Progress(this.next, Math.max(this.seen, number), this.checksum);
		}

	}

}
