package dev.yammap.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found, and done, when a journal was opened.
 *
 * @param durableSequence the number before which all records were known to be durable
 * @param nextSequence the number of the first record that was appended afterwards
 * @param tornBytes how many bytes behind the last whole record were cut off, 0 after a
 * close in good order
 * @param putAside the files that hold what was cut off
 * @param skippedRecords how many numbers have no record, as their records were passed
 * over; where the last segments are missing, as many as they may have had; see
 * {@link DamageAction#SKIP}
 */
public record RecoveryReport(long durableSequence, long nextSequence, long tornBytes, List<Path> putAside,
		long skippedRecords) {

	/**
	 * Tells whether the journal had a torn end.
	 * @return whether something was put aside
	 */
	public boolean wasTorn() {
		return !this.putAside.isEmpty();
	}

}
