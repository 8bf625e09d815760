package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A journal is damaged: something that was durable is not whole. No crash does that; a
 * disk, a person or a program did. Nothing was changed.
 */
public class JournalDamagedException extends IOException {

	private static final long serialVersionUID = 1L;

	/** The damaged file, as a string, as a path cannot be serialized. */
	private final String file;

	/** Where in the file. */
	private final long offset;

	/** Which record. */
	private final long sequence;

	/**
	 * Creates a new exception.
	 * @param file the damaged file
	 * @param offset where in it, in bytes
	 * @param sequence the number of the record, or -1 if no single record is damaged
	 * @param what what is not as it should be
	 * @param remedy what to do about it
	 */
	public JournalDamagedException(Path file, long offset, long sequence, String what, String remedy) {
		super(file + " is damaged at offset " + offset + ": " + what + ". Nothing was changed. " + remedy);
		this.file = file.toString();
		this.offset = offset;
		this.sequence = sequence;
	}

	/**
	 * Returns the damaged file.
	 * @return its path
	 */
	public Path file() {
		return Path.of(this.file);
	}

	/**
	 * Returns where in the file the damage begins.
	 * @return the offset in bytes
	 */
	public long offset() {
		return this.offset;
	}

	/**
	 * Returns which record is damaged.
	 * @return its number, or -1 if no single record is
	 */
	public long sequence() {
		return this.sequence;
	}

}
