package dev.yammap.sample.live;

import java.util.Map;

import dev.yammap.sample.visits.VisitCounters;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Reads the figures of the page.
 */
@Component
class LiveStates {

	private final ProcessFacts process;

	private final VisitCounters counters;

	private final SyncMeters syncs;

	private final Bursts bursts;

	private final TableSwaps swaps;

	LiveStates(ProcessFacts process, VisitCounters counters, SyncMeters syncs, Bursts bursts, TableSwaps swaps) {
		this.process = process;
		this.counters = counters;
		this.syncs = syncs;
		this.bursts = bursts;
		this.swaps = swaps;
	}

	LiveState read() {
		return new LiveState(this.process.facts(), this.counters.durable(), this.syncs.figures(), this.swaps.table(),
				this.bursts.state(), this.swaps.state());
	}

	/**
	 * The figures of the page.
	 *
	 * @param process facts about this process
	 * @param visits how many visits are durable
	 * @param syncs flushes by the name of the file or journal
	 * @param table the file of the table of countries
	 * @param burst the last burst, if there was one
	 * @param swap the last replacement of the table, if there was one
	 */
	record LiveState(ProcessFacts.Facts process, long visits, Map<String, SyncMeters.SyncFigures> syncs,
			TableSwaps.Table table, Bursts.@Nullable BurstState burst, TableSwaps.@Nullable SwapState swap) {

	}

}
