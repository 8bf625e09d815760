package dev.yammap.internal.event;

import java.nio.file.Path;
import java.util.Collection;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/**
 * An event of the Flight Recorder, and what all of them have in common. An event begins
 * when it is created. The recorder takes no private field of a superclass.
 */
@Category("Yammap")
@SuppressWarnings("unused")
public abstract class FileEvent extends Event {

	@Label("Path")
	String path = "";

	FileEvent() {
		begin();
	}

	/** Ends the event, and commits it if events of its type are recorded. */
	void commitFor(Path path) {
		end();
		if (shouldCommit()) {
			this.path = path.toString();
			commit();
		}
	}

	/**
	 * A file was opened; lasts as long as that took.
	 */
	@Name("yammap.Open")
	@Label("Mapped File Open")
	@Description("A memory-mapped file was opened")
	public static final class Open extends FileEvent {

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

	/** The size of a file was changed. */
	abstract static class Resize extends FileEvent {

		@Label("Old Size")
		@DataAmount
		final long oldSize;

		@Label("New Size")
		@DataAmount
		final long newSize;

		Resize(long oldSize, long newSize) {
			this.oldSize = oldSize;
			this.newSize = newSize;
		}

	}

	/**
	 * A file was made longer.
	 */
	@Name("yammap.Grow")
	@Label("Mapped File Growth")
	@Description("A memory-mapped file was made longer: by truncate, by opening, by another process as refresh found out,"
			+ " or by a write that outgrew the mapping")
	static final class Grow extends Resize {

		Grow(long oldSize, long newSize) {
			super(oldSize, newSize);
		}

	}

	/**
	 * A file was made shorter.
	 */
	@Name("yammap.Shrink")
	@Label("Mapped File Shrinking")
	@Description("A memory-mapped file was made shorter: by truncate, or by opening with TRUNCATE_EXISTING")
	static final class Shrink extends Resize {

		Shrink(long oldSize, long newSize) {
			super(oldSize, newSize);
		}

	}

	/**
	 * A file, or a range of it, was synced; lasts as long as the operating system took.
	 */
	@Name("yammap.Sync")
	@Label("Mapped File Sync")
	@Description("The operating system synced a memory-mapped file, or failed to")
	public static final class Sync extends FileEvent {

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

		public Sync(long offset, long length, int callers) {
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

	/**
	 * An access met an unavailable page.
	 */
	@Name("yammap.Fault")
	@Label("Mapped File Fault")
	@Description("An access to a memory-mapped file met an unavailable page")
	static final class Fault extends FileEvent {

		@Label("Message")
		@Description("The message of the exception that the caller got")
		private final @Nullable String message;

		Fault(@Nullable String message) {
			this.message = message;
		}

	}

	/**
	 * A file was closed; lasts as long as that took.
	 */
	@Name("yammap.Close")
	@Label("Mapped File Close")
	@Description("A memory-mapped file was closed and unmapped")
	public static final class Close extends FileEvent {

		@Label("Size")
		@DataAmount
		private long size;

		public void commit(Path path, long size) {
			this.size = size;
			commitFor(path);
		}

	}

}
