package dev.yammap.internal.event;

import java.nio.file.Path;
import java.util.Collection;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * A file was opened; lasts as long as that took.
 */
@Name("yammap.Open")
@Label("Mapped File Open")
@Description("A memory-mapped file was opened")
@SuppressWarnings("unused")
public final class OpenEvent extends FileEvent {

	@Label("Size")
	@DataAmount
	private long size;

	@Label("Options")
	@Description("The open options, in alphabetical order")
	private String options = "";

	@Label("Mode")
	@Description("SHARED, or PRIVATE for copy-on-write")
	private String mode = "";

	public void commit(Path path, long size, Collection<?> options, Enum<?> mode) {
		this.size = size;
		this.options = String.join(", ", options.stream().map(Object::toString).sorted().toList());
		this.mode = mode.name();
		commitFor(path);
	}

}
