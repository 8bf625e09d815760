package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * A file was made shorter.
 */
@Name("yammap.Shrink")
@Label("Mapped File Shrinking")
@Description("A memory-mapped file was made shorter: by truncate, or by opening with TRUNCATE_EXISTING")
@SuppressWarnings("unused")
public final class ShrinkEvent extends FileEvent {

	@Label("Old Size")
	@DataAmount
	private final long oldSize;

	@Label("New Size")
	@DataAmount
	private final long newSize;

	private ShrinkEvent(long oldSize, long newSize) {
		this.oldSize = oldSize;
		this.newSize = newSize;
	}

	public static void commit(Path path, long oldSize, long newSize) {
		new ShrinkEvent(oldSize, newSize).commitFor(path);
	}

}
