package dev.yammap.sample.kafka;

import java.io.IOException;
import java.util.Map;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.sample.visits.Visit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.core.ConsumerFactory;

/**
 * Finds out under which id the visits of this journal are shipped.
 * <p>
 * <b>A journal that goes back in time needs another id.</b> A restored backup ends
 * earlier than the journal that it was copied from. Its next visits get numbers that
 * other visits had before. Under the old id everybody would drop them. Nothing in a
 * journal tells a copy from the original: a copy has the ids of the journal and of its
 * segments, too, as each record is tied to them. So an id is given up as soon as one of
 * these holds:
 * <ul>
 * <li>There is no file {@code instance}. {@link Journal#copyTo} does not copy it.</li>
 * <li>The journal's control file has another inode than the file says: all files were
 * copied.</li>
 * <li>The last visit that the topic has under this id is not in the journal, or another
 * one has its number: a snapshot of the whole file system was restored, or the files were
 * overwritten in place.</li>
 * </ul>
 * <b>The new id begins where the journal and the topic part.</b> What the topic has of
 * this journal, under whatever id, was counted and is not shipped again. The id of the
 * journal, which copies share, finds these visits; a visit is the same if number and
 * content are. So a doubt that was none costs a pass over the topic, and no more.
 * <p>
 * A copy that runs beside its original is not a restored backup: each may ship what the
 * original had not shipped yet when it was copied.
 */
final class Identity {

	private static final Logger logger = LoggerFactory.getLogger(Identity.class);

	private final Journal journal;

	private final VisitTopic topic;

	private final ConsumerFactory<String, byte[]> consumers;

	private final Totals totals;

	private volatile @Nullable Instance instance;

	Identity(Journal journal, VisitTopic topic, ConsumerFactory<String, byte[]> consumers, Totals totals) {
		this.journal = journal;
		this.topic = topic;
		this.consumers = consumers;
		this.totals = totals;
	}

	@Nullable Instance current() {
		return this.instance;
	}

	/**
	 * Returns the instance that ships this journal. Call it when all that is in the topic
	 * was counted.
	 * @throws IOException if the journal cannot be read, or the file not be written
	 */
	Instance establish() throws IOException {
		Instance known = Instance.load(this.journal);
		if (known == null || known.isElsewhere(this.journal) || !agrees(known)) {
			Instance next = Instance.create(this.journal, shipped());
			next.save(this.journal);
			logger.info("Visits from {} on are shipped as instance {}{}", next.first(), next.id(),
					(known != null) ? ", as the journal is not that of instance " + known.id() : "");
			known = next;
		}
		this.instance = known;
		return known;
	}

	private boolean agrees(Instance known) throws IOException {
		Totals.Progress progress = this.totals.progress(known.id());
		if (progress == null || progress.next() == known.first() || progress.next() <= this.journal.firstSequence()) {
			return true;
		}
		long last = progress.next() - 1;
		if (last >= this.journal.durableSequence()) {
			return false;
		}
		try (JournalReader reader = this.journal.durableReader(last)) {
			return reader.next() && ShippedVisit.checksum(Visit.decode(reader.record())) == progress.checksum();
		}
	}

	/** Returns the first number of the journal that is not in the topic. */
	private long shipped() throws IOException {
		if (this.journal.durableSequence() == this.journal.firstSequence()) {
			return this.journal.firstSequence();
		}
		long journalId = Instance.journalId(this.journal);
		long shipped = this.journal.firstSequence();
		try (Consumer<String, byte[]> consumer = this.consumers.createConsumer(null, null);
				Comparison comparison = new Comparison()) {
			consumer.assign(this.topic.partitions());
			consumer.seekToBeginning(this.topic.partitions());
			Map<TopicPartition, Long> ends = consumer.endOffsets(this.topic.partitions());
			while (!TotalsReader.isAt(consumer, ends)) {
				for (ConsumerRecord<String, byte[]> record : consumer.poll(TotalsReader.POLL)) {
					ShippedVisit visit = ShippedVisit.of(record);
					if (visit.journal() == journalId && visit.sequence() >= shipped && comparison.has(visit)) {
						shipped = visit.sequence() + 1;
					}
				}
			}
		}
		return shipped;
	}

	/** Compares visits of the topic with those of the journal. */
	private final class Comparison implements AutoCloseable {

		private @Nullable JournalReader reader;

		boolean has(ShippedVisit visit) throws IOException {
			if (visit.sequence() >= Identity.this.journal.durableSequence()) {
				return false;
			}
			JournalReader current = this.reader;
			if (current == null || current.nextSequence() != visit.sequence()) {
				close();
				current = Identity.this.journal.durableReader(visit.sequence());
				this.reader = current;
			}
			return current.next() && Visit.decode(current.record()).equals(visit.visit());
		}

		@Override
		public void close() throws IOException {
			if (this.reader != null) {
				this.reader.close();
			}
		}

	}

}
