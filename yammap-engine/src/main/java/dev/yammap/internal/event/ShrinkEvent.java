package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * A file was made shorter.
 */
@Name("yammap.Shrink")
@Label("Mapped File Shrinking")
@Description("A memory-mapped file was made shorter: by truncate, or by opening with TRUNCATE_EXISTING")
public final class ShrinkEvent extends SizeEvent {

	private ShrinkEvent(long oldSize, long newSize) {
		super(oldSize, newSize);
	}

	/** Records the event. */
	public static void commit(Path path, long oldSize, long newSize) {
		new ShrinkEvent(oldSize, newSize).commitFor(path);
	}

}
