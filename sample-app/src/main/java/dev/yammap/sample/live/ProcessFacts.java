package dev.yammap.sample.live;

import java.time.Instant;

import dev.yammap.journal.Journal;
import dev.yammap.sample.visits.VisitCounters;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What is known of this process: its number, since when it runs, and what it found when
 * it started.
 */
@Component
class ProcessFacts {

	private final Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);

	private final long visits;

	private final int correctedCounters;

	private final long tornBytes;

	private volatile @Nullable Long startMillis;

	ProcessFacts(VisitCounters counters, @Qualifier("journal") ObjectProvider<Journal> journal) {
		this.visits = counters.durable();
		this.correctedCounters = counters.corrected();
		this.tornBytes = journal.stream().mapToLong((it) -> it.recovery().tornBytes()).sum();
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		if (event.getTimeTaken() != null) {
			this.startMillis = event.getTimeTaken().toMillis();
		}
	}

	Facts facts() {
		return new Facts(ProcessHandle.current().pid(), this.started, this.startMillis, this.visits,
				this.correctedCounters, this.tornBytes);
	}

	/**
	 * Facts about this process.
	 *
	 * @param pid its number
	 * @param started when it was started
	 * @param startMillis how long it took until requests were answered
	 * @param recoveredVisits how many visits it found in the journal, whole and durable
	 * @param correctedCounters how many counters differed from the journal, and were
	 * corrected
	 * @param tornBytes how many bytes behind the last whole record were put aside
	 */
	record Facts(long pid, Instant started, @Nullable Long startMillis, long recoveredVisits, int correctedCounters,
			long tornBytes) {

	}

}
