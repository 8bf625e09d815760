package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.journal.internal.format.HeaderFormat;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;

/**
 * What the first page of a segment says, read without mapping the file.
 *
 * @param id the random id of the segment
 * @param journalId the id of the journal it belongs to
 * @param index its place among the segments
 * @param size how long the file must be
 * @param progress how far it is durable, or null
 * @param life where it begins and when it was sealed, or null
 */
public record SegmentHead(long id, long journalId, long index, long size, @Nullable SlotState progress,
		@Nullable SlotState life) {

	static final int PROGRESS = SlotFormat.SECTOR;

	static final int LIFE = 3 * SlotFormat.SECTOR;

	/**
	 * Reads the first page of a file.
	 * @return null if the file has no valid header
	 */
	public static @Nullable SegmentHead read(Path file) throws IOException {
		byte[] bytes = JournalDirectory.read(file, 0, SegmentFile.DATA);
		if (!HeaderFormat.SEGMENT.isValid(bytes)) {
			return null;
		}
		long id = HeaderFormat.SEGMENT.number(bytes, 1);
		return new SegmentHead(id, HeaderFormat.SEGMENT.number(bytes, 0), HeaderFormat.SEGMENT.number(bytes, 2),
				HeaderFormat.SEGMENT.number(bytes, 3), SlotFormat.decode(bytes, PROGRESS, SlotKind.PROGRESS, id),
				SlotFormat.decode(bytes, LIFE, SlotKind.LIFE, id));
	}

	/**
	 * Reads the first page of a segment of a journal.
	 * @param file the segment, or null if there is no such file
	 * @return null if it is not a segment of this journal with this index
	 */
	public static @Nullable SegmentHead read(@Nullable Path file, long journalId, long index) throws IOException {
		SegmentHead head = (file != null) ? read(file) : null;
		return (head != null && head.journalId == journalId && head.index == index) ? head : null;
	}

	/** Returns the first number, or -1 if the segment does not say. */
	public long first() {
		return (this.life != null) ? this.life.value(0) : -1;
	}

	/** Returns when it was sealed, in milliseconds since 1970, or 0. */
	public long sealedAt() {
		return (this.life != null) ? this.life.value(1) : 0;
	}

	/** Returns the number below which this segment says that all is durable, or -1. */
	public long durable() {
		return (this.progress != null) ? this.progress.value(0) : -1;
	}

	/** Returns where in this segment that number begins. */
	public long durableOffset() {
		return (this.progress != null) ? this.progress.value(1) : SegmentFile.DATA;
	}

}
