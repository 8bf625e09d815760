package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * A file was made longer.
 */
@Name("yammap.Grow")
@Label("Mapped File Growth")
@Description("A memory-mapped file was made longer: by truncate, by opening, by another process as refresh found out,"
		+ " or by a write that outgrew the mapping")
@SuppressWarnings("unused")
public final class GrowEvent extends FileEvent {

	@Label("Old Size")
	@DataAmount
	private final long oldSize;

	@Label("New Size")
	@DataAmount
	private final long newSize;

	private GrowEvent(long oldSize, long newSize) {
		this.oldSize = oldSize;
		this.newSize = newSize;
	}

	public static void commit(Path path, long oldSize, long newSize) {
		new GrowEvent(oldSize, newSize).commitFor(path);
	}

}
