package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import dev.yammap.Mmap;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.format.HeaderFormat;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;

/**
 * The position of a named reader, in a file of its own. Whoever reads under the name has
 * locked the file. Positions are read from the files each time, as other processes move
 * them, too.
 */
public final class ReaderPosition implements AutoCloseable {

	private static final int SIZE = 2048;

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

	private final Mmap file;

	private final SlotPair slots;

	private volatile long position;

	private ReaderPosition(Mmap file, SlotPair slots, long position) {
		this.file = file;
		this.slots = slots;
		this.position = position;
	}

	/**
	 * Opens the position of a reader, or makes it.
	 * @param first the number where a new reader begins
	 * @throws dev.yammap.FileLockedException if somebody reads under this name
	 * @throws JournalDamagedException if there was a position, and it is lost
	 */
	public static ReaderPosition open(JournalDirectory directory, long journalId, String name, long first)
			throws IOException {
		if (!isName(name)) {
			throw new IllegalArgumentException("'" + name
					+ "' is not a valid name for a reader: use at most 100 letters, digits, '.', '_' and '-', and begin with"
					+ " a letter or a digit");
		}
		ControlFile.requireNotLonger(directory.reader(name), SIZE);
		Mmap file = directory.openLocked(directory.reader(name), SIZE, true);
		try {
			byte[] bytes = new byte[SIZE];
			file.readAt(bytes, 0);
			SlotState state = SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.READER, journalId);
			SlotPair slots = new SlotPair(SlotKind.READER, journalId, SlotFormat.SECTOR, state);
			ReaderPosition opened = new ReaderPosition(file, slots, (state != null) ? state.value(0) : first);
			requireNotLost(directory.reader(name), bytes, journalId);
			if (!Zeros.fill(bytes, 0, bytes.length)) {
				// It may be in memory alone, and the next state goes over the one before.
				Rewriting.run(file, 0, SIZE);
			}
			if (state == null) {
				file.writeAt(HeaderFormat.READER.encode(journalId), 0);
				opened.move(first);
			}
			return opened;
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, file::close);
			throw failure;
		}
	}

	/**
	 * Insists that no position was lost. In a file that was just being made the slot of
	 * the second state is still empty.
	 */
	private static void requireNotLost(Path file, byte[] bytes, long journalId) throws JournalDamagedException {
		boolean isOther = isOther(bytes, journalId);
		if (isLost(bytes, journalId)) {
			throw new JournalDamagedException(file, isOther ? 0 : SlotFormat.SECTOR, -1,
					isOther ? "it holds the position of a reader of another journal"
							: "neither of its two states is valid, so the position of the reader is lost",
					"Restore the file from a backup; or move it away: a new reader of this name begins at the first"
							+ " record, and reads again what this one has read");
		}
	}

	private static boolean isOther(byte[] bytes, long journalId) {
		return HeaderFormat.READER.isValid(bytes) && HeaderFormat.READER.number(bytes, 0) != journalId;
	}

	private static boolean isLost(byte[] bytes, long journalId) {
		return SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.READER, journalId) == null
				&& (isOther(bytes, journalId) || !Zeros.fill(bytes, Math.min(SlotFormat.SECTOR, bytes.length),
						Math.min(2 * SlotFormat.SECTOR, bytes.length)));
	}

	/**
	 * Returns the positions of all readers of a journal by their names. A reader without
	 * one yet is at 0. So is one whose file cannot be read, whose position is lost, or is
	 * one in another journal: nobody knows what it still needs.
	 * @throws IOException if the directory cannot be listed
	 */
	public static Map<String, Long> of(JournalDirectory directory, long journalId) throws IOException {
		return of(directory, journalId, (_) -> {
		});
	}

	/**
	 * The same for whoever removes what no reader needs. Each of these positions is
	 * durable: after a power cut no reader is at an earlier one, whose records are gone.
	 * @throws IOException if the directory cannot be listed
	 */
	public static Map<String, Long> durable(JournalDirectory directory, long journalId) throws IOException {
		return of(directory, journalId, directory::syncLockable);
	}

	private static Map<String, Long> of(JournalDirectory directory, long journalId, Step behind) throws IOException {
		Map<String, Long> positions = new LinkedHashMap<>();
		for (Map.Entry<String, Path> entry : directory.readers().entrySet()) {
			try {
				byte[] bytes = read(directory, entry.getValue());
				if (bytes != null) {
					behind.with(entry.getValue());
				}
				put(positions, entry.getKey(), bytes, journalId);
			}
			catch (IOException ex) {
				positions.put(entry.getKey(), 0L);
			}
		}
		return positions;
	}

	/**
	 * The same where it matters how far each reader was: for a recovery that gives
	 * numbers a second time, or must not.
	 * @throws IOException if a file cannot be read
	 */
	public static Map<String, Long> known(JournalDirectory directory, long journalId) throws IOException {
		Map<String, Long> positions = new LinkedHashMap<>();
		for (Map.Entry<String, Path> entry : directory.readers().entrySet()) {
			try {
				put(positions, entry.getKey(), read(directory, entry.getValue()), journalId);
			}
			catch (IOException ex) {
				throw new IOException("It is not known how far the reader '" + entry.getKey() + "' was: "
						+ entry.getValue() + " cannot be read: " + ex.getMessage()
						+ ". Make it readable, restore it from a backup, or move it away", ex);
			}
		}
		return positions;
	}

	private static void put(Map<String, Long> positions, String name, byte @Nullable [] bytes, long journalId) {
		if (bytes != null) {
			positions.put(name, position(bytes, journalId));
		}
	}

	/**
	 * Says why nobody knows what a reader still needs.
	 * @return a sentence without its full stop, or null if its position is known
	 */
	public static @Nullable String problem(JournalDirectory directory, long journalId, String name) {
		try {
			byte[] bytes = read(directory, directory.reader(name));
			if (bytes != null) {
				directory.syncLockable(directory.reader(name));
			}
			return (bytes != null && isLost(bytes, journalId))
					? "its file holds no position in this journal, so nobody knows what it still needs."
							+ " Restore the file from a backup, or move it away"
					: null;
		}
		catch (IOException ex) {
			return "its file cannot be read or flushed, so nobody knows what it still needs (" + ex.getMessage()
					+ "). Make it readable, restore it from a backup, or move it away";
		}
	}

	/** Tells whether a reader can have this name: others may have files beside theirs. */
	public static boolean isName(String name) {
		return NAME.matcher(name).matches();
	}

	/**
	 * Returns the greatest position of all readers of a journal: all records before it
	 * were durable.
	 * @throws IOException if one of them cannot be read
	 */
	public static long greatest(JournalDirectory directory, long journalId) throws IOException {
		return known(directory, journalId).values().stream().mapToLong(Long::longValue).max().orElse(0);
	}

	private static long position(byte[] bytes, long journalId) {
		SlotState state = SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.READER, journalId);
		return (state != null) ? state.value(0) : 0;
	}

	private static byte @Nullable [] read(JournalDirectory directory, Path file) throws IOException {
		try {
			return directory.readLockable(file, SIZE);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	public long position() {
		return this.position;
	}

	/**
	 * Tells whether the position never moved since it was made: nobody has read anything
	 * under this name.
	 */
	public boolean isUnused() {
		return this.slots.turn() == 1;
	}

	/**
	 * Moves the position, durably, unless that would be backwards.
	 * @return whether it was moved
	 */
	public synchronized boolean advance(long number) throws IOException {
		boolean isAhead = number >= this.position;
		if (isAhead) {
			move(number);
		}
		return isAhead;
	}

	/** Moves the position, durably. */
	public synchronized void move(long number) throws IOException {
		this.slots.writeDurably(this.file, SlotKind.READER, number);
		this.position = number;
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

	/**
	 * What is done with a file that was read.
	 */
	private interface Step {

		void with(Path file) throws IOException;

	}

}
