package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A journal is damaged: something that was durable is not whole. No crash does that, so a
 * disk, a person or a program did it. Nothing was changed.
 */
public class JournalDamagedException extends IOException {

	private static final long serialVersionUID = 1L;

	/** The damaged file, as a string, as a path cannot be serialized. */
	private final String file;

	/** Where in the file. */
	private final long offset;

	/** Which record. */
	private final long sequence;

	/** The message without what to do. */
	private final String problem;

	/** What opens the journal all the same. */
	private final EnumSet<DamageAction> ways;

	/**
	 * Creates a new exception.
	 * @param file the damaged file
	 * @param offset where in it, in bytes
	 * @param sequence the number of the record, or -1 if no single record is damaged
	 * @param what what is wrong
	 * @param remedy what to do about it
	 * @param ways the actions with which the journal can be opened all the same
	 */
	public JournalDamagedException(Path file, long offset, long sequence, String what, String remedy,
			DamageAction... ways) {
		super(problem(file, offset, what) + ". Nothing was changed. " + remedy);
		this.file = file.toString();
		this.offset = offset;
		this.sequence = sequence;
		this.problem = problem(file, offset, what);
		this.ways = EnumSet.noneOf(DamageAction.class);
		this.ways.addAll(Arrays.asList(ways));
	}

	private static String problem(Path file, long offset, String what) {
		return file + " is damaged at offset " + offset + ": " + what;
	}

	/**
	 * Returns what is damaged, and how: the message without what to do about it.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Returns the actions with which the journal can be opened all the same.
	 * @return values for {@link Journal.Builder#whenDamaged(DamageAction)}; empty if none
	 * of them helps
	 */
	public Set<DamageAction> ways() {
		return EnumSet.copyOf(this.ways);
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
