package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;

import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.format.HeaderFormat;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;

/**
 * The control file: who the journal is, and which segments it has. The writer holds its
 * lock for as long as the journal is open. Every change is durable when it returns.
 */
public final class ControlFile implements AutoCloseable {

	private static final int SIZE = 4096;

	private final Mmap file;

	private final long journalId;

	private final SlotPair slots;

	private volatile ControlState state;

	private ControlFile(Mmap file, long journalId, @Nullable SlotState slot) {
		this.file = file;
		this.journalId = journalId;
		this.slots = new SlotPair(SlotKind.CONTROL, journalId, SlotFormat.SECTOR, slot);
		this.state = stateOf(slot);
	}

	/**
	 * Opens the control file for the one writer, or makes it.
	 * @throws dev.yammap.FileLockedException if another writer has the journal open
	 * @throws JournalDamagedException if it is not valid and there are segments
	 */
	public static ControlFile openToWrite(JournalDirectory directory, boolean create) throws IOException {
		Mmap file = create
				? directory.openLocked(directory.control(), SIZE, LockMode.EXCLUSIVE, StandardOpenOption.READ,
						StandardOpenOption.WRITE, StandardOpenOption.CREATE)
				: directory.openLocked(directory.control(), SIZE, LockMode.EXCLUSIVE, StandardOpenOption.READ,
						StandardOpenOption.WRITE);
		try {
			byte[] bytes = new byte[SIZE];
			file.readAt(bytes, 0);
			boolean fresh = directory.segments().isEmpty();
			if (fresh && Zeros.fill(bytes, 0, bytes.length)) {
				return create(file);
			}
			return new ControlFile(file, idOf(directory, bytes), slotOf(directory, bytes, fresh));
		}
		catch (IOException | RuntimeException | Error failure) {
			closeAfter(failure, file);
			throw failure;
		}
	}

	/**
	 * Locks a journal so that nobody writes to it.
	 * @return what to close to unlock it
	 * @throws dev.yammap.FileLockedException if a writer has it open
	 */
	public static Mmap lockToRead(JournalDirectory directory) throws IOException {
		return directory.openLocked(directory.control(), SIZE, LockMode.SHARED, StandardOpenOption.READ);
	}

	/** Reads what the control file says now, without a lock. */
	public static Snapshot read(JournalDirectory directory) throws IOException {
		byte[] bytes = bytes(directory);
		if (!isWhole(bytes)) {
			// A writer may just be making it. Once there are segments, it is whole.
			boolean begun = directory.exists() && !directory.segments().isEmpty();
			bytes = bytes(directory);
			if (!begun && !isWhole(bytes)) {
				throw new NoSuchFileException(directory.control().toString(), null,
						"there is no journal in this directory. Check the path, or open it for writing first");
			}
		}
		return new Snapshot(idOf(directory, bytes), stateOf(slotOf(directory, bytes, false)));
	}

	private static ControlFile create(Mmap file) throws IOException {
		long id = new SecureRandom().nextLong();
		file.writeAt(HeaderFormat.CONTROL.encode(id), 0);
		ControlFile control = new ControlFile(file, id, null);
		control.change((state) -> state);
		return control;
	}

	/** Makes the control file of a copy of a journal. */
	public static void createCopy(JournalDirectory directory, long journalId, ControlState state) throws IOException {
		Mmap file = directory.open(directory.control(), SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW);
		try (ControlFile control = new ControlFile(file, journalId, null)) {
			file.writeAt(HeaderFormat.CONTROL.encode(journalId), 0);
			control.change((_) -> state);
		}
	}

	private static long idOf(JournalDirectory directory, byte[] bytes) throws JournalDamagedException {
		if (!HeaderFormat.CONTROL.isValid(bytes)) {
			throw new JournalDamagedException(directory.control(), 0, -1, "its header is not valid",
					"Restore the file from a backup of the journal; if there never was a record, remove it");
		}
		return HeaderFormat.CONTROL.number(bytes, 0);
	}

	private static byte[] bytes(JournalDirectory directory) throws IOException {
		// Whether it exists is not known where the directory may not be entered.
		return Files.notExists(directory.control()) ? new byte[0] : directory.readLockable(directory.control(), SIZE);
	}

	/** Tells whether this is a file whose first state was written. */
	private static boolean isWhole(byte[] bytes) {
		return HeaderFormat.CONTROL.isValid(bytes) && slot(bytes) != null;
	}

	private static @Nullable SlotState slot(byte[] bytes) {
		long owner = HeaderFormat.CONTROL.number(bytes, 0);
		return SlotFormat.later(SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.CONTROL, owner),
				SlotFormat.decode(bytes, SlotFormat.SECTOR, SlotKind.CLOSED, owner));
	}

	private static @Nullable SlotState slotOf(JournalDirectory directory, byte[] bytes, boolean fresh)
			throws JournalDamagedException {
		SlotState slot = slot(bytes);
		if (slot == null && !fresh) {
			throw new JournalDamagedException(directory.control(), SlotFormat.SECTOR, -1,
					"neither of its two states is valid", "Restore the file from a backup of the journal");
		}
		return slot;
	}

	private static ControlState stateOf(@Nullable SlotState slot) {
		return (slot != null) ? new ControlState(slot.value(0), slot.value(1), slot.value(2), slot.value(3),
				slot.value(4), slot.value(5), slot.kind() == SlotKind.CLOSED) : ControlState.INITIAL;
	}

	/** Closes what a failed opening leaves; its own failure is added to the first. */
	static void closeAfter(Throwable failure, Mmap file) {
		try {
			file.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	public long journalId() {
		return this.journalId;
	}

	public ControlState state() {
		return this.state;
	}

	/** Changes the state. It is durable when this returns. */
	public synchronized void change(UnaryOperator<ControlState> change) throws IOException {
		ControlState next = change.apply(this.state);
		this.slots.write(this.file, next.isClosed() ? SlotKind.CLOSED : SlotKind.CONTROL, next.values());
		this.file.sync();
		this.state = next;
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

	/**
	 * What a process reads that holds no lock.
	 *
	 * @param journalId the id of the journal
	 * @param state what the control file says
	 */
	public record Snapshot(long journalId, ControlState state) {

	}

}
