package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/**
 * A file, or a range of it, was synced; lasts as long as the operating system took.
 */
@Name("yammap.Sync")
@Label("Mapped File Sync")
@Description("The operating system synced a memory-mapped file, or failed to")
@SuppressWarnings("unused")
public final class SyncEvent extends FileEvent {

	@Label("Offset")
	@Description("The offset of the range that was synced")
	@DataAmount
	private final long offset;

	@Label("Length")
	@Description("The length of the range that was synced; -1 for the whole file")
	@DataAmount
	private final long length;

	@Label("Callers")
	@Description("How many threads this sync served at once")
	private final int callers;

	@Label("Outcome")
	@Description("success or failure")
	private String outcome = "success";

	@Label("Failure")
	@Description("The reason of the failure")
	private @Nullable String failure;

	public SyncEvent(long offset, long length, int callers) {
		this.offset = offset;
		this.length = length;
		this.callers = callers;
	}

	public void commit(Path path, @Nullable Throwable failure) {
		if (failure != null) {
			this.outcome = "failure";
			this.failure = failure.getMessage();
		}
		commitFor(path);
	}

}
