package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for a control file that was lost or damaged: what the segments say. They
 * do not say whether there were others before the first or behind the last of them.
 */
public final class ControlFromSegments implements ControlFile.Substitute {

	private final JournalDirectory directory;

	private final DamageAction action;

	private final Chunk chunk = new Chunk();

	/**
	 * Creates a substitute.
	 * @param action what to do about damage: it is not refused unless this says so
	 */
	public ControlFromSegments(JournalDirectory directory, DamageAction action) {
		this.directory = directory;
		this.action = action;
	}

	@Override
	public ControlFile.Snapshot instead(JournalDamagedException damage, @Nullable Long journalId) throws IOException {
		// Looked for in any case: what cannot be done is not recommended.
		ControlFile.Snapshot found = find(damage, (journalId != null) ? journalId : journalId(damage));
		if (this.action == DamageAction.REFUSE) {
			throw damage;
		}
		return found;
	}

	private long journalId(JournalDamagedException damage) throws IOException {
		Long journalId = null;
		for (Path file : this.directory.segments().values()) {
			SegmentHead head = SegmentHead.read(file);
			if (head != null && journalId != null && head.journalId() != journalId) {
				throw unknown(damage, "the segments are of several journals", "Move those of others away");
			}
			journalId = (head != null) ? Long.valueOf(head.journalId()) : journalId;
		}
		if (journalId == null) {
			throw unknown(damage, "no segment says which journal this was", "Restore the journal from a backup");
		}
		return journalId;
	}

	private ControlFile.Snapshot find(JournalDamagedException damage, long journalId) throws IOException {
		long firstSegment = -1;
		long firstNumber = -1;
		long ready = 0;
		long highest = 0;
		NavigableMap<Long, Path> files = this.directory.segments();
		for (Map.Entry<Long, Path> entry : files.entrySet()) {
			SegmentHead head = SegmentHead.read(entry.getValue(), journalId, entry.getKey());
			if (head != null) {
				long first = first(head);
				highest = head.index();
				if (firstSegment < 0) {
					firstSegment = head.index();
				}
				if (firstNumber < 0) {
					firstNumber = first;
				}
				if (first >= 0 || head.progress() != null) {
					ready = head.index();
				}
			}
		}
		if (firstNumber < 0) {
			throw unknown(damage, "no segment says which number its first record had",
					"Restore the journal from a backup");
		}
		// There is none that is not used yet without all those before it.
		ready = Math.max(ready, highest - 1);
		while (isDamaged(files.get(ready + 1))) {
			ready++;
		}
		return ControlFile.Snapshot.of(journalId,
				new ControlState(firstSegment, firstNumber, ready, firstNumber, firstSegment, SegmentFile.DATA, false));
	}

	/** Tells whether there is a file that may have been a segment with records. */
	private static boolean isDamaged(@Nullable Path file) throws IOException {
		return file != null && SegmentHead.read(file) == null && !SegmentFile.isBlank(file);
	}

	/** Returns the first number of a segment, or -1 if it does not say. */
	private long first(SegmentHead head) throws IOException {
		if (head.life() != null) {
			return head.first();
		}
		// That of the first segment that was ever made needs no record.
		return (head.index() == 1) ? 0 : this.chunk.firstNumber(new SegmentFile(this.directory, head, false));
	}

	private static JournalDamagedException unknown(JournalDamagedException damage, String what, String remedy) {
		return new JournalDamagedException(damage.file(), damage.offset(), -1,
				"it is not whole, and cannot be made anew, as " + what, remedy);
	}

}
