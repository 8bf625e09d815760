package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * A file was closed; lasts as long as that took.
 */
@Name("yammap.Close")
@Label("Mapped File Close")
@Description("A memory-mapped file was closed and unmapped")
@SuppressWarnings("unused")
public final class CloseEvent extends FileEvent {

	@Label("Size")
	@DataAmount
	private long size;

	public void commit(Path path, long size) {
		this.size = size;
		commitFor(path);
	}

}
