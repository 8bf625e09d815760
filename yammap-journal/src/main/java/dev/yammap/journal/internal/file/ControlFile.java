package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;

import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.format.HeaderFormat;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;

/**
 * The control file: the id of the journal, and which segments it has. The writer locks it
 * for as long as the journal is open. A change is durable when the call returns.
 */
public final class ControlFile implements AutoCloseable {

	private static final int SIZE = 4096;

	private static final DamageAction[] WAYS = { DamageAction.KEEP_WHOLE_PREFIX, DamageAction.SKIP };

	private final Mmap file;

	private final Snapshot found;

	private final SlotPair slots;

	private volatile ControlState state;

	private @Nullable Path aside;

	private ControlFile(Mmap file, Snapshot found) {
		this.file = file;
		this.found = found;
		this.slots = new SlotPair(SlotKind.CONTROL, found.journalId(), SlotFormat.SECTOR, found.slot());
		this.state = found.state();
	}

	/**
	 * Opens the control file for the one writer, or makes it.
	 * @param substitute says what to use in place of a file that is not whole
	 * @throws dev.yammap.FileLockedException if another writer has the journal open
	 * @throws JournalDamagedException if there are segments, the file is not whole, and
	 * the substitute refuses
	 */
	public static ControlFile openToWrite(JournalDirectory directory, boolean create, Substitute substitute)
			throws IOException {
		boolean lacking = isMissing(directory);
		if (lacking) {
			// Before the file is made: if the substitute refuses, nothing was changed.
			Snapshot _ = snapshot(directory, new byte[0], true, substitute);
		}
		requireNotLonger(directory.control(), SIZE);
		Mmap file = directory.openLocked(directory.control(), SIZE, create || lacking);
		try {
			byte[] bytes = new byte[SIZE];
			file.readAt(bytes, 0);
			boolean begun = directory.hasSegments();
			if (!begun && Zeros.fill(bytes, 0, bytes.length)) {
				directory.syncParent();
				return create(file);
			}
			ControlFile control = new ControlFile(file, snapshot(directory, bytes, begun, substitute));
			if (control.found.damage() != null) {
				control.restore(directory, bytes);
			}
			return control;
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, file::close);
			throw failure;
		}
	}

	/**
	 * Tells whether the control file is missing: there are segments, and it is always
	 * made before them.
	 */
	public static boolean isMissing(JournalDirectory directory) throws IOException {
		return directory.hasSegments() && Files.notExists(directory.control());
	}

	/**
	 * Locks a journal so that nobody writes to it.
	 * @return what to close to unlock it
	 * @throws dev.yammap.FileLockedException if a writer has it open
	 */
	public static Mmap lockToRead(JournalDirectory directory) throws IOException {
		return directory.openLocked(directory.control(), SIZE, LockMode.SHARED, StandardOpenOption.READ);
	}

	/**
	 * Reads what the control file says now, without a lock.
	 * @param substitute says what to use in place of a file that is not whole
	 */
	public static Snapshot read(JournalDirectory directory, Substitute substitute) throws IOException {
		byte[] bytes = bytes(directory);
		boolean begun = true;
		if (!isWhole(bytes)) {
			// A writer may be making it just now. It is whole before there are segments.
			begun = directory.hasSegments();
			bytes = bytes(directory);
			if (!begun && !isWhole(bytes)) {
				throw new NoSuchFileException(directory.control().toString(), null,
						"there is no journal in this directory. Check the path, or open it for writing first");
			}
		}
		return snapshot(directory, bytes, begun, substitute);
	}

	private static ControlFile create(Mmap file) throws IOException {
		long id = new SecureRandom().nextLong();
		if (file.size() < SIZE) {
			file.truncate(SIZE);
		}
		file.writeAt(HeaderFormat.CONTROL.encode(id), 0);
		ControlFile control = new ControlFile(file, Snapshot.of(id, ControlState.INITIAL));
		control.change((state) -> state);
		return control;
	}

	/** Makes the control file of a copy of a journal. */
	public static void createCopy(JournalDirectory directory, long journalId, ControlState state) throws IOException {
		Mmap file = directory.open(directory.control(), SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW);
		try (ControlFile control = new ControlFile(file, Snapshot.of(journalId, state))) {
			file.writeAt(HeaderFormat.CONTROL.encode(journalId), 0);
			control.change((same) -> same);
		}
	}

	/**
	 * Makes the file whole again. Before that, it puts a copy of what was left aside. A
	 * power cut in between leaves a file that is not whole.
	 */
	private void restore(JournalDirectory directory, byte[] bytes) throws IOException {
		if (!Zeros.fill(bytes, 0, bytes.length)) {
			this.aside = directory.keepAside(directory.control(), bytes);
		}
		if (this.file.size() < SIZE) {
			this.file.truncate(SIZE);
		}
		this.file.writeAt(HeaderFormat.CONTROL.encode(journalId()), 0);
		change((state) -> state);
	}

	private static byte[] bytes(JournalDirectory directory) throws IOException {
		// If this process may not enter the directory, the read says so.
		return Files.notExists(directory.control()) ? new byte[0] : directory.readLockable(directory.control(), SIZE);
	}

	/** Tells whether the header and a state are valid. */
	private static boolean isWhole(byte[] bytes) {
		return HeaderFormat.CONTROL.isValid(bytes) && slot(bytes, HeaderFormat.CONTROL.number(bytes, 0)) != null;
	}

	private static @Nullable SlotState slot(byte[] bytes, long journalId) {
		return SlotFormat.later(SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.CONTROL, journalId),
				SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.CLOSED, journalId));
	}

	/**
	 * Says what a file holds.
	 * @param bytes the content; none if there is no file
	 * @param begun whether there are segments: then the file was whole once
	 */
	private static Snapshot snapshot(JournalDirectory directory, byte[] bytes, boolean begun, Substitute substitute)
			throws IOException {
		Long id = HeaderFormat.CONTROL.isValid(bytes) ? HeaderFormat.CONTROL.number(bytes, 0) : null;
		SlotState slot = (id != null) ? slot(bytes, id) : null;
		if (id != null && (slot != null || !begun)) {
			return new Snapshot(id, stateOf(slot), slot, null);
		}
		if (!begun) {
			throw new JournalDamagedException(directory.control(), 0, -1, "its header is not valid",
					"Restore the file from a backup of the journal; if there never was a record, remove it");
		}
		String problem = (bytes.length == 0) ? "it is missing, and there are segments"
				: (id == null) ? "its header is not valid" : "neither of its two states is valid";
		JournalDamagedException damage = new JournalDamagedException(directory.control(),
				(id == null) ? 0 : SlotFormat.SECTOR, -1, problem,
				"Restore the file from a backup of the journal; or open it with whenDamaged(KEEP_WHOLE_PREFIX) or"
						+ " whenDamaged(SKIP), which make the file anew from what the segments say",
				WAYS);
		Snapshot instead = substitute.instead(damage, id);
		// A valid slot says more than the segments do, even if the header is lost.
		SlotState left = slot(bytes, instead.journalId());
		return new Snapshot(instead.journalId(), (left != null) ? stateOf(left) : instead.state(), left, damage);
	}

	private static ControlState stateOf(@Nullable SlotState slot) {
		return (slot != null) ? new ControlState(slot.value(0), slot.value(1), slot.value(2), slot.value(3),
				slot.value(4), slot.value(5), slot.kind() == SlotKind.CLOSED) : ControlState.INITIAL;
	}

	/** Insists that nobody added something to a file of fixed size. */
	static void requireNotLonger(Path file, int size) throws IOException {
		long actual = Files.exists(file) ? Files.size(file) : 0;
		if (actual > size) {
			throw new JournalDamagedException(file, size, -1,
					"it is " + actual + " bytes long, and was made with " + size,
					"Cut off what is behind its first " + size + " bytes, which the journal did not write");
		}
	}

	public long journalId() {
		return this.found.journalId();
	}

	/** Returns what was found when the file was opened. */
	public Snapshot found() {
		return this.found;
	}

	/** Returns the copy of a file that was not whole, or null. */
	public @Nullable Path aside() {
		return this.aside;
	}

	public ControlState state() {
		return this.state;
	}

	/** Changes the state, durably. */
	public synchronized void change(UnaryOperator<ControlState> change) throws IOException {
		ControlState next = change.apply(this.state);
		this.slots.writeDurably(this.file, next.isClosed() ? SlotKind.CLOSED : SlotKind.CONTROL, next.values());
		this.state = next;
	}

	/**
	 * Makes durable what was found, for what is done because of it. It may be in memory
	 * alone: where a flush failed, the kernel takes what it could not write for written.
	 */
	public synchronized void writeAnew() throws IOException {
		if (this.state.isClosed()) {
			// All but this state was durable before. A kill may have come before its
			// flush.
			Rewriting.write(this.file, 0, SIZE);
			this.file.sync();
		}
		else {
			Rewriting.run(this.file, 0, SIZE);
		}
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

	/**
	 * What the file says.
	 *
	 * @param journalId the id of the journal
	 * @param state what the control file says, or what stands in for it
	 * @param slot where that is from, or null
	 * @param damage why the file is not whole, or null if it is
	 */
	public record Snapshot(long journalId, ControlState state, @Nullable SlotState slot,
			@Nullable JournalDamagedException damage) {

		/** Returns a snapshot that was not read from a file. */
		public static Snapshot of(long journalId, ControlState state) {
			return new Snapshot(journalId, state, null, null);
		}

		/** Tells whether the state comes from the segments, as the file says nothing. */
		public boolean isGuessed() {
			return this.damage != null && this.slot == null;
		}

	}

	/**
	 * What to use in place of a control file that is not whole.
	 */
	public interface Substitute {

		/**
		 * Returns what the file would say.
		 * @param damage what is wrong with the file
		 * @param journalId the id of the journal, or null if the file does not say
		 * @throws JournalDamagedException if the settings refuse that, or if nothing says
		 * it
		 */
		Snapshot instead(JournalDamagedException damage, @Nullable Long journalId) throws IOException;

	}

}
