package dev.yammap.sample.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.sample.kafka.ShippingStatus.Part;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

import org.springframework.kafka.core.ConsumerFactory;

/**
 * Counts the visits of all instances, this one among them. It reads all partitions, in no
 * group: a group would share them out among the instances, and keep offsets that do not
 * fit the counts after a crash.
 */
final class TotalsReader {

	static final Duration POLL = Duration.ofMillis(500);

	/** How often to see whether the broker answers while it sends nothing. */
	private static final Duration CHECK = Duration.ofSeconds(2);

	/**
	 * Between two records of the totals; the visits since the last one are read again.
	 */
	private static final Duration SAVE = Duration.ofMillis(250);

	private final Totals totals;

	private final VisitTopic topic;

	private final ConsumerFactory<String, byte[]> consumers;

	private final ShippingStatus status;

	private final GapWatch gaps;

	/** How often somebody asked to be told when all is counted; guarded by this. */
	private long asked;

	/** Up to which of these it is, with what was in the topic then; guarded by this. */
	private long answered;

	TotalsReader(Totals totals, VisitTopic topic, ConsumerFactory<String, byte[]> consumers, ShippingStatus status,
			ShippingProperties properties) {
		this.totals = totals;
		this.topic = topic;
		this.consumers = consumers;
		this.status = status;
		this.gaps = new GapWatch(properties.gapAlarm());
	}

	/** Waits until everything is counted that is in the topic now. */
	synchronized void awaitEnd() throws InterruptedException {
		long mine = ++this.asked;
		while (this.answered < mine) {
			wait();
		}
	}

	private synchronized long asked() {
		return this.asked;
	}

	private synchronized void answer(long question) {
		this.answered = question;
		notifyAll();
	}

	/** Returns the number of the visit of an instance that is counted next. */
	long next(Instance instance) {
		Totals.Progress progress = this.totals.progress(instance.id());
		return (progress != null) ? progress.next() : instance.first();
	}

	/**
	 * Counts visits until something fails.
	 */
	void run() throws IOException, InterruptedException {
		this.totals.setTopic(this.topic.ensure());
		try (Consumer<String, byte[]> consumer = this.consumers.createConsumer(null, null)) {
			seek(consumer);
			read(consumer);
		}
		catch (OffsetOutOfRangeException ex) {
			throw new AlarmException("The topic does not have the visits that are to be counted next. "
					+ this.totals.countAnew() + ". The Kafka client says: " + ex.getMessage());
		}
		finally {
			this.totals.save();
		}
	}

	private void seek(Consumer<String, byte[]> consumer) {
		consumer.assign(this.topic.partitions());
		for (TopicPartition partition : this.topic.partitions()) {
			Long offset = this.totals.offset(partition.partition());
			if (offset != null) {
				consumer.seek(partition, offset);
			}
			else {
				consumer.seekToBeginning(List.of(partition));
			}
		}
	}

	private void read(Consumer<String, byte[]> consumer) throws IOException {
		long question = -1;
		Map<TopicPartition, Long> ends = Map.of();
		long checked = System.nanoTime() - CHECK.toNanos();
		long saved = checked;
		while (true) {
			ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
			for (ConsumerRecord<String, byte[]> record : records) {
				this.totals.apply(record.partition(), record.offset(), ShippedVisit.of(record));
			}
			long now = System.nanoTime();
			long asking = asked();
			if (asking != question || now - checked >= CHECK.toNanos()) {
				// The broker answers this, or it is away.
				ends = consumer.endOffsets(this.topic.partitions());
				question = asking;
				checked = now;
				this.status.works(Part.TOTALS);
				this.gaps.check(this.totals.gaps(), this.status);
			}
			if (isAt(consumer, ends)) {
				answer(question);
			}
			if (records.isEmpty() || now - saved >= SAVE.toNanos()) {
				this.totals.save();
				saved = now;
			}
		}
	}

	/** Tells whether a consumer has read everything up to the given offsets. */
	static boolean isAt(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
		return ends.entrySet().stream().allMatch((end) -> consumer.position(end.getKey()) >= end.getValue());
	}

	/**
	 * Raises the alarm if a visit stays missing.
	 */
	static final class GapWatch {

		private final long nanos;

		private final Map<String, Gap> known = new HashMap<>();

		GapWatch(Duration alarm) {
			this.nanos = alarm.toNanos();
		}

		void check(Map<String, Long> missing, ShippingStatus status) {
			long now = System.nanoTime();
			this.known.keySet().retainAll(missing.keySet());
			missing.forEach((instance, sequence) -> this.known.compute(instance,
					(key, gap) -> (gap != null && gap.sequence() == sequence) ? gap : new Gap(sequence, now)));
			for (Map.Entry<String, Gap> entry : this.known.entrySet()) {
				if (now - entry.getValue().since() > this.nanos) {
					status.fails(Part.GAPS,
							new AlarmException("Visit " + entry.getValue().sequence() + " of instance " + entry.getKey()
									+ " is missing in the topic, and later ones are there. None of that "
									+ "instance is counted from there on"));
					return;
				}
			}
			status.works(Part.GAPS);
		}

		/** The visit that is missing, and since when. */
		private record Gap(long sequence, long since) {

		}

	}

}
