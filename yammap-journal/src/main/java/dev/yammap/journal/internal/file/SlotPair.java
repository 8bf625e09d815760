package dev.yammap.journal.internal.file;

import java.io.IOException;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;

/**
 * Writes states into two slots in turn. Not for use by several threads at a time.
 */
final class SlotPair {

	private final SlotKind kind;

	private final long owner;

	private final long offset;

	private long turn;

	/**
	 * Creates a pair.
	 * @param offset where in the file its first slot begins; the second is a sector later
	 * @param last what was read last, or null if neither slot is valid
	 */
	SlotPair(SlotKind kind, long owner, long offset, @Nullable SlotState last) {
		this.kind = kind;
		this.owner = owner;
		this.offset = offset;
		this.turn = (last != null) ? last.turn() : 0;
	}

	/** Returns how many states were written. */
	long turn() {
		return this.turn;
	}

	/** Writes the next state over the one before the last. Flushes nothing. */
	void write(Mmap file, long... values) throws IOException {
		write(file, this.kind, values);
	}

	/** Writes a state over the one that was written last. Flushes nothing. */
	void writeOver(Mmap file, long... values) throws IOException {
		write(file, this.kind, this.turn, values);
	}

	/** Writes the next state, of another kind. Flushes nothing. */
	void write(Mmap file, SlotKind as, long... values) throws IOException {
		write(file, as, this.turn + 1, values);
	}

	private void write(Mmap file, SlotKind as, long its, long[] values) throws IOException {
		file.writeAt(SlotFormat.encode(as, this.owner, its, values), place(its));
		this.turn = its;
	}

	private long place(long its) {
		return this.offset + (its & 1) * SlotFormat.SECTOR;
	}

	/**
	 * Writes the next state, and flushes. If that fails, others read the state before,
	 * and the next state goes to the same slot again, as the other one may hold the only
	 * state that is durable.
	 */
	void writeDurably(Mmap file, SlotKind as, long... values) throws IOException {
		write(file, as, values);
		try {
			file.sync();
		}
		catch (IOException | RuntimeException | Error failure) {
			long failed = this.turn;
			this.turn--;
			CleanUp.after(failure, () -> file.writeAt(new byte[SlotFormat.SIZE], place(failed)));
			throw failure;
		}
	}

	/** Sets both to zeros. Flushes nothing. */
	void clear(Mmap file) throws IOException {
		file.writeAt(new byte[2 * SlotFormat.SECTOR], this.offset);
		this.turn = 0;
	}

}
