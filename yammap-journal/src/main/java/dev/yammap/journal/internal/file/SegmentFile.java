package dev.yammap.journal.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.internal.format.HeaderFormat;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import org.jspecify.annotations.Nullable;

/**
 * A segment: a file of fixed size with records from offset {@link #DATA} on. It is mapped
 * while somebody {@linkplain #acquire() holds} it. So a reader can finish a segment that
 * was removed meanwhile, and a long journal does not have a mapping for each segment.
 */
public final class SegmentFile {

	/** Where the first record begins. */
	public static final int DATA = 4096;

	/** The end of a segment that is not sealed. */
	public static final long OPEN = Long.MAX_VALUE;

	private static final int COPIED = 1 << 16;

	private static final int CHUNK = 1 << 20;

	/** Enough to give a hold back, which may unmap the file. */
	private static final int STACK_LEVELS = 64;

	private final JournalDirectory directory;

	private final Path path;

	private final long id;

	private final long index;

	private final long size;

	private final boolean writable;

	private final SlotPair progress;

	private final SlotPair life;

	private final SparseIndex places = new SparseIndex();

	private volatile long first;

	private volatile long end = OPEN;

	private volatile long sealedAt;

	/** Changed under the lock alone. */
	private volatile @Nullable Mmap file;

	private int holders;

	/**
	 * Creates the segment that a file holds.
	 * @param head what its first page says
	 * @param writable whether it is opened for writing
	 */
	public SegmentFile(JournalDirectory directory, SegmentHead head, boolean writable) {
		this.directory = directory;
		this.path = directory.segment(head.index());
		this.id = head.id();
		this.index = head.index();
		this.size = head.size();
		this.writable = writable;
		this.progress = new SlotPair(SlotKind.PROGRESS, this.id, SegmentHead.PROGRESS, head.progress());
		this.life = new SlotPair(SlotKind.LIFE, this.id, SegmentHead.LIFE, head.life());
		this.first = head.first();
		this.sealedAt = head.sealedAt();
	}

	/**
	 * Makes a segment. The file and its name are durable when this returns.
	 * @param size of the file, in bytes
	 */
	public static SegmentFile create(JournalDirectory directory, long journalId, long index, long size)
			throws IOException {
		Path path = directory.segment(index);
		if (Files.exists(path)) {
			// An earlier attempt may have left it on a full disk. It never held a record.
			if (!isBlank(path)) {
				throw new FileAlreadyExistsException(path.toString(), null,
						"a segment is to be made under this name, and the file holds something that the journal"
								+ " did not write. Move it to another directory");
			}
			Files.delete(path);
		}
		long id = new SecureRandom().nextLong();
		try (Mmap file = directory.open(path, size, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW)) {
			file.writeAt(HeaderFormat.SEGMENT.encode(journalId, id, index, size), 0);
			file.sync();
		}
		catch (IOException failure) {
			CleanUp.after(failure, () -> Files.deleteIfExists(path));
			throw failure;
		}
		return new SegmentFile(directory, new SegmentHead(id, journalId, index, size, null, null), true);
	}

	/**
	 * Tells whether a file holds only zeros behind its first page: a segment that never
	 * had a record does.
	 */
	public static boolean isBlank(Path file) throws IOException {
		long offset = DATA;
		byte[] bytes;
		do {
			bytes = JournalDirectory.read(file, offset, CHUNK);
			if (!Zeros.fill(bytes, 0, bytes.length)) {
				return false;
			}
			offset += bytes.length;
		}
		while (bytes.length == CHUNK);
		return true;
	}

	/**
	 * Gives a segment that was cut short, and that nobody holds, its size back, durably.
	 */
	public void restoreSize() throws IOException {
		try (Mmap mapped = this.directory.open(this.path, this.size, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			mapped.truncate(this.size);
			mapped.sync();
		}
	}

	/**
	 * Maps the file, unless it is mapped. Each call needs one of {@link #release()}, for
	 * which there is enough stack where this returns.
	 */
	public synchronized Mmap acquire() throws IOException {
		StackReserve.require(STACK_LEVELS);
		Mmap mapped = this.file;
		if (mapped == null) {
			mapped = this.writable
					? this.directory.openSegment(this.path, this.size, StandardOpenOption.READ,
							StandardOpenOption.WRITE)
					: this.directory.openSegment(this.path, this.size, StandardOpenOption.READ);
			this.file = mapped;
		}
		this.holders++;
		return mapped;
	}

	/** Unmaps the file, unless somebody else holds it. */
	public synchronized void release() throws IOException {
		this.holders--;
		if (this.holders == 0) {
			Mmap mapped = Objects.requireNonNull(this.file);
			this.file = null;
			mapped.close();
		}
	}

	/**
	 * Unmaps the file although others may hold it: their reads fail from now on, and so
	 * do writes that come late. Each holder must still call {@link #release()}.
	 */
	public synchronized void unmap() throws IOException {
		Mmap mapped = this.file;
		if (mapped != null) {
			mapped.close();
		}
	}

	/** Returns how much address space the segment takes now. Waits for nobody. */
	public long mappedSize() {
		Mmap mapped = this.file;
		return (mapped != null) ? mapped.mappedSize() : 0;
	}

	public Path path() {
		return this.path;
	}

	public long id() {
		return this.id;
	}

	public long index() {
		return this.index;
	}

	public long size() {
		return this.size;
	}

	/** Returns the number of its first record, or -1 if it has no first number yet. */
	public long first() {
		return this.first;
	}

	/** Returns the first number behind it, or {@link #OPEN}. */
	public long end() {
		return this.end;
	}

	/**
	 * Returns when it was sealed, in milliseconds since 1970, or 0 if that is not known.
	 */
	public long sealedAt() {
		return this.sealedAt;
	}

	/** Tells whether the file says where the segment begins. */
	public boolean hasLife() {
		return this.life.turn() > 0;
	}

	/** Returns where its records are, as far as is known. */
	public SparseIndex places() {
		return this.places;
	}

	/** Sets a first number that the segment itself does not say. */
	public void adoptFirst(long number) {
		this.first = number;
	}

	/** Sets the number that the next segment begins with. */
	public void adoptEnd(long number) {
		this.end = number;
	}

	/** Sets when its writer sealed it: 0 if it is appended to again. */
	public void adoptSealing(long time) {
		this.sealedAt = time;
	}

	/** Writes down where the segment begins. Flushes nothing. */
	public void begin(long number) throws IOException {
		writeLife(number, 0);
		this.first = number;
		this.sealedAt = 0;
	}

	/** Writes down when the segment was sealed. Flushes nothing. */
	public void seal(long time) throws IOException {
		writeLife(this.first, time);
		this.sealedAt = time;
	}

	private synchronized void writeLife(long number, long time) throws IOException {
		Mmap mapped = acquire();
		try (Closeable _ = this::release) {
			this.life.write(mapped, number, time);
		}
	}

	/**
	 * Writes down below which number all is durable, unless nobody holds the segment any
	 * more. Flushes nothing.
	 * @param over whether to write over what was written last
	 */
	public synchronized void writeProgressIfHeld(long number, long offset, boolean over) throws IOException {
		Mmap mapped = this.file;
		if (mapped == null || !mapped.isOpen()) {
			return;
		}
		if (over) {
			this.progress.writeOver(mapped, number, offset);
		}
		else {
			this.progress.write(mapped, number, offset);
		}
	}

	/** Writes down below which number all is durable. Flushes nothing. */
	public synchronized void writeProgress(long number, long offset) throws IOException {
		Mmap mapped = acquire();
		try (Closeable _ = this::release) {
			this.progress.write(mapped, number, offset);
		}
	}

	/**
	 * Sets a part to zeros, durably. Its last bytes, which are less than a record, stay
	 * until all before them is durable: if that fails, the next opening finds them, and
	 * does it again. A file that was cut short gets no longer by that.
	 * @param end where the last byte ends that is not zero
	 * @param withProgress whether what is known to be durable is forgotten too
	 */
	public synchronized void cut(long offset, long end, boolean withProgress) throws IOException {
		Mmap mapped = acquire();
		try (Closeable _ = this::release) {
			if (withProgress) {
				this.progress.clear(mapped);
				mapped.sync();
			}
			long last = Math.max(offset, (end - 1) & -Long.BYTES);
			zero(mapped, offset, last);
			zero(mapped, last, end);
		}
	}

	/** What is zero already is written, too: the disk may hold something else. */
	private static void zero(Mmap mapped, long from, long to) throws IOException {
		byte[] zeros = new byte[COPIED];
		long there = Math.min(to, mapped.size());
		for (long at = from; at < there; at += COPIED) {
			mapped.writeAt(zeros, 0, (int) Math.min(COPIED, there - at), at);
		}
		Rewriting.run(mapped, from, there);
	}

	/**
	 * Copies this segment up to an offset, durably.
	 * @param from the mapping of this segment, which the caller holds
	 * @param number the number of the record that begins at that offset, or in the next
	 * segment
	 */
	public void copyTo(JournalDirectory target, Mmap from, long offset, long number) throws IOException {
		try (Mmap file = target.open(target.segment(this.index), this.size, StandardOpenOption.READ,
				StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
			byte[] head = new byte[SlotFormat.SECTOR];
			from.readAt(head, 0);
			file.writeAt(head, 0);
			new SlotPair(SlotKind.LIFE, this.id, SegmentHead.LIFE, null).write(file, this.first, this.sealedAt);
			new SlotPair(SlotKind.PROGRESS, this.id, SegmentHead.PROGRESS, null).write(file, number, offset);
			byte[] bytes = new byte[COPIED];
			for (long at = DATA; at < offset; at += COPIED) {
				int count = (int) Math.min(COPIED, offset - at);
				// Where somebody cut the file, zeros follow.
				int there = Math.max(0, from.readAt(bytes, 0, count, at));
				if (!Zeros.fill(bytes, 0, there)) {
					file.writeAt(bytes, 0, there, at);
				}
			}
			file.sync();
		}
	}

	/**
	 * Flushes the segment, unless nobody holds it any more: the writer holds each segment
	 * until it is durable. After that it may have been removed.
	 * @return whether somebody holds it
	 */
	public boolean syncIfHeld() throws IOException {
		StackReserve.require(STACK_LEVELS);
		Mmap held;
		synchronized (this) {
			held = this.file;
			if (held != null) {
				this.holders++;
			}
		}
		if (held != null) {
			syncAndRelease(held);
		}
		return held != null;
	}

	/** Flushes the segment. */
	public void sync() throws IOException {
		syncAndRelease(acquire());
	}

	private void syncAndRelease(Mmap held) throws IOException {
		try (Closeable _ = this::release) {
			held.sync();
		}
	}

	/** Removes the file. Holders can still read it. */
	public void delete() throws IOException {
		Files.deleteIfExists(this.path);
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
