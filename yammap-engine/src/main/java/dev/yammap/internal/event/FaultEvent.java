package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/**
 * An access met an unavailable page.
 */
@Name("yammap.Fault")
@Label("Mapped File Fault")
@Description("An access to a memory-mapped file met an unavailable page")
@SuppressWarnings("unused")
public final class FaultEvent extends FileEvent {

	@Label("Message")
	@Description("The message of the exception that the caller got")
	private final @Nullable String message;

	private FaultEvent(@Nullable String message) {
		this.message = message;
	}

	public static void commit(Path path, @Nullable String message) {
		new FaultEvent(message).commitFor(path);
	}

}
