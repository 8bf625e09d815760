package dev.yammap.journal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.yammap.Backend;
import dev.yammap.journal.internal.JournalOpener;

/**
 * Records with sequence numbers, 0, 1, 2 and so on without gaps, in a directory of
 * memory-mapped segment files.
 *
 * {@snippet :
 * try (Journal journal = Journal.open(Path.of("orders"))) {
 * 	long sequence = journal.appendAndSync(order);
 * 	journal.forEach(0, (record) -> handle(record.toByteArray()));
 * }
 * }
 *
 * <b>Threads.</b> Any number of threads may append, sync and read at the same time.
 * Readers see the records in the order of their numbers.
 * <p>
 * <b>Durability.</b> {@link #append(byte[])} copies the record into memory that the
 * operating system writes to the disk in its own time: the record survives the end of
 * this process, but not a power cut. After {@link #sync()} it survives that too. A power
 * cut may take back records from {@link #durableSequence()} on. It leaves no gap: if a
 * record is there afterwards, so are all before it.
 * <p>
 * <b>Processes.</b> One process writes, and holds a lock for that. Any number of other
 * processes may open the journal for reading at the same time, with
 * {@link java.nio.file.StandardOpenOption#READ} alone.
 * <p>
 * <b>Failures.</b> An append that fails has changed nothing, and later ones may succeed.
 * If a sync fails, or if a record cannot be written after a later one got its number, it
 * is unknown what is on the disk. So every later append and sync throws a
 * {@link JournalFailedException} until the journal is opened again.
 * <p>
 * After {@link #close()} every call that reads or changes records throws a
 * {@link java.nio.channels.ClosedChannelException}.
 */
public interface Journal extends AutoCloseable {

	/**
	 * Opens a journal for reading and writing, and makes it if there is none.
	 * @param directory its directory, which is made if it does not exist; its parent must
	 * exist
	 * @return the journal
	 * @throws dev.yammap.FileLockedException if it is open for writing already; the
	 * message names the process that has it
	 * @throws JournalDamagedException if a record that was durable is damaged, which no
	 * crash can do
	 * @throws IOException if it cannot be opened
	 */
	static Journal open(Path directory) throws IOException {
		return builder(directory).open();
	}

	/**
	 * Returns a builder, to open a journal with other settings than the usual ones.
	 * @param directory its directory
	 * @return a builder
	 */
	static Builder builder(Path directory) {
		return new JournalOpener(directory);
	}

	/**
	 * Returns the directory of the journal.
	 * @return the path it was opened with
	 */
	Path directory();

	/**
	 * Returns the backend that this journal was opened with, also after {@link #close()}.
	 * @return {@link Backend#NATIVE} or {@link Backend#PORTABLE}, never {@code AUTO}
	 */
	Backend backend();

	/**
	 * Appends a record.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IllegalArgumentException if the content is longer than
	 * {@link Builder#maxRecordLength(int)}
	 * @throws JournalFullException if the record needs another segment, and the
	 * {@linkplain Builder#sizeLimit(long) size limit} or a
	 * {@linkplain Builder#whenHeldUp(HeldUpAction) named reader} does not let the journal
	 * make one
	 * @throws JournalFailedException if the journal failed before
	 * @throws IOException if the record cannot be written; nothing was appended. If
	 * {@linkplain Builder#syncOnAppend(boolean) each append syncs} and the sync fails,
	 * the record was appended but may be lost
	 */
	default long append(byte[] content) throws IOException {
		return append(content, 0, content.length);
	}

	/**
	 * Appends a part of an array as a record; see {@link #append(byte[])}.
	 * @param content holds the content
	 * @param index where it begins
	 * @param length how long it is
	 * @return the record's sequence number
	 * @throws IndexOutOfBoundsException if the part is not within the array
	 * @throws IOException as {@link #append(byte[])}
	 */
	long append(byte[] content, int index, int length) throws IOException;

	/**
	 * Appends what remains in a buffer as a record; see {@link #append(byte[])}. The
	 * position of the buffer moves to its limit.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IOException as {@link #append(byte[])}; the position of the buffer stays if
	 * nothing was appended
	 */
	long append(ByteBuffer content) throws IOException;

	/**
	 * Appends a memory segment as a record; see {@link #append(byte[])}.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IllegalStateException if the segment's arena is closed; nothing was
	 * appended
	 * @throws IOException as {@link #append(byte[])}
	 */
	long append(MemorySegment content) throws IOException;

	/**
	 * Appends a record and makes it durable, with all before it. If the sync fails, the
	 * record was appended but may be lost.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IOException as {@link #append(byte[])} and {@link #sync()}
	 */
	default long appendAndSync(byte[] content) throws IOException {
		long sequence = append(content);
		sync();
		return sequence;
	}

	/**
	 * Appends a record and makes it durable; see {@link #appendAndSync(byte[])}.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IOException as {@link #append(ByteBuffer)} and {@link #sync()}
	 */
	default long appendAndSync(ByteBuffer content) throws IOException {
		long sequence = append(content);
		sync();
		return sequence;
	}

	/**
	 * Appends a record and makes it durable; see {@link #appendAndSync(byte[])}.
	 * @param content the content, which is copied
	 * @return the record's sequence number
	 * @throws IOException as {@link #append(MemorySegment)} and {@link #sync()}
	 */
	default long appendAndSync(MemorySegment content) throws IOException {
		long sequence = append(content);
		sync();
		return sequence;
	}

	/**
	 * Makes every record durable whose append has returned. It also waits for appends
	 * under way that already have a number. Threads that call this at the same time share
	 * a flush.
	 * @throws JournalFailedException if the journal failed before
	 * @throws IOException if the operating system could not write everything; then the
	 * journal has failed
	 */
	void sync() throws IOException;

	/**
	 * Returns the number of the first record that was not removed.
	 * @return a sequence number
	 * @throws IOException if it cannot be read
	 */
	long firstSequence() throws IOException;

	/**
	 * Returns the number that the next record gets.
	 * @return a sequence number
	 * @throws IOException if it cannot be read
	 */
	long nextSequence() throws IOException;

	/**
	 * Returns the first number whose record a power cut may take back.
	 * @return a sequence number
	 * @throws IOException if it cannot be read
	 */
	long durableSequence() throws IOException;

	/**
	 * Opens a reader of all records from a number on.
	 * @param from the number of the first record to read, no more than
	 * {@link #nextSequence()}
	 * @return a reader
	 * @throws IllegalArgumentException if there is no such number yet
	 * @throws RecordsRemovedException if the record was removed
	 * @throws IOException if the journal cannot be read
	 */
	JournalReader reader(long from) throws IOException;

	/**
	 * Opens a reader that shows records only once a power cut cannot take them back.
	 * @param from the number of the first record to read, no more than
	 * {@link #nextSequence()}
	 * @return a reader
	 * @throws IllegalArgumentException if there is no such number yet
	 * @throws RecordsRemovedException if the record was removed
	 * @throws IOException if the journal cannot be read
	 */
	JournalReader durableReader(long from) throws IOException;

	/**
	 * Opens the reader of a name, or makes it. A new reader begins at
	 * {@link #firstSequence()}. The journal removes no segment that the reader still
	 * needs, even while the reader is not open. (While a new reader is made in another
	 * process, the writer may remove segments that it does not know the reader needs.
	 * Then the reader throws a {@link RecordsRemovedException}, and begins at the first
	 * record that is left once it is opened again.)
	 * @param name letters, digits, '.', '_' and '-', 100 at most
	 * @return the reader
	 * @throws dev.yammap.FileLockedException if the reader is open already
	 * @throws JournalDamagedException if the position of the reader is lost. Move its
	 * file away to begin at the first record
	 * @throws IllegalArgumentException if the name is not valid
	 * @throws IOException if the journal cannot be read, or the position of the reader
	 * cannot be stored
	 */
	NamedReader reader(String name) throws IOException;

	/**
	 * Returns the positions of all named readers. A reader lags behind by
	 * {@link #nextSequence()} less its position, but for numbers that have no record; see
	 * {@link JournalSegment#recordsFrom(long)}.
	 * @return the number of the record that each reader needs next, by name; 0 if its
	 * file cannot be read, or its position is lost, or is one in another journal
	 * @throws IOException if the directory cannot be read
	 */
	Map<String, Long> readerPositions() throws IOException;

	/**
	 * Hands the records that are there now to a function, in order.
	 * @param from the number of the first record
	 * @param body gets each record, as a view that is valid until the function returns
	 * @throws IllegalArgumentException as {@link #reader(long)}
	 * @throws IOException as {@link JournalReader#next()}
	 */
	void forEach(long from, Consumer<? super JournalRecord> body) throws IOException;

	/**
	 * Returns the records that are there now, as copies, in order. A stream keeps a
	 * segment mapped, so close one that is not read to its end. If reading fails, the
	 * stream throws an {@link java.io.UncheckedIOException}.
	 * @param from the number of the first record
	 * @return a sequential stream
	 * @throws IllegalArgumentException as {@link #reader(long)}
	 * @throws IOException as {@link #reader(long)}
	 */
	Stream<JournalRecord> stream(long from) throws IOException;

	/**
	 * Begins a new segment, unless the last one is empty.
	 * @throws IOException if the segment cannot be made; nothing was changed
	 */
	void roll() throws IOException;

	/**
	 * Removes the segments all of whose records are below a number. The last segment
	 * stays, and so do those that are not durable, or that a named reader still needs. If
	 * the file of a reader cannot be read, all stay, and a warning says so.
	 * @param sequence the first number to keep
	 * @return the new {@link #firstSequence()}
	 * @throws IOException if segments cannot be removed. A file that cannot be deleted is
	 * none of the journal's records any more, but counts in its size limits; the next
	 * removal tries again
	 */
	long removeBefore(long sequence) throws IOException;

	/**
	 * Removes segments that are too old or too many, as the settings say. The journal
	 * does that by itself whenever it makes a segment. Call it if the journal may be idle
	 * for long.
	 * @throws IOException if segments cannot be removed
	 */
	void applyRetention() throws IOException;

	/**
	 * Syncs the journal, and copies all records that were appended before. The journal
	 * may be written to in the meantime. The copy is durable when this returns, and can
	 * be opened as it is; the positions of named readers are not copied.
	 * @param target a directory that does not exist, or is empty
	 * @return the number of the first record that is not in the copy
	 * @throws java.nio.file.FileAlreadyExistsException if there is something in the
	 * target
	 * @throws IOException if the copy cannot be made; the target then holds no journal
	 */
	long copyTo(Path target) throws IOException;

	/**
	 * Returns the segments.
	 * @return the segments, the oldest first
	 * @throws IOException if they cannot be read
	 */
	List<JournalSegment> segments() throws IOException;

	/**
	 * Returns how much address space this journal takes. A segment is mapped while it is
	 * written to, is not durable yet, or is read. Address space is not memory.
	 * @return the length of all mappings of segments in bytes; 0 after {@link #close()}
	 * and the end of all readers
	 * @throws IOException as {@link #segments()}
	 */
	long mappedSize() throws IOException;

	/**
	 * Returns what was found, and done, when the journal was opened.
	 * @return a report
	 */
	RecoveryReport recovery();

	/**
	 * Tells whether the journal is open.
	 * @return {@code false} once it was closed
	 */
	boolean isOpen();

	/**
	 * Returns the failure that ended appends and syncs.
	 * @return the failure, empty if there was none
	 */
	Optional<Throwable> failure();

	/**
	 * Makes everything durable and closes the journal. Waits for appends that already
	 * have a number. Even if this throws, the journal is closed. A second call does
	 * nothing.
	 * <p>
	 * If the journal has {@linkplain #failure() failed} before, this makes nothing
	 * durable, waits for nobody, and does not throw for that reason. The next opening
	 * finds out which records are left.
	 * @throws JournalFailedException if one of these appends fails, and one behind it
	 * does not: the record of that one is lost
	 * @throws IOException if something could not be made durable
	 */
	@Override
	void close() throws IOException;

	/**
	 * Describes a journal to be opened. The settings of an existing journal may be others
	 * each time.
	 */
	interface Builder {

		/**
		 * Sets how to open the journal: {@code READ}, {@code WRITE}, {@code CREATE} and
		 * {@code CREATE_NEW} of {@link java.nio.file.StandardOpenOption}. Unless set,
		 * {@code READ}, {@code WRITE} and {@code CREATE}. With {@code READ} alone this
		 * process changes nothing, and another one may write.
		 * @param options the options
		 * @return this builder
		 * @throws IllegalArgumentException for any other option, or if an option needs
		 * {@code WRITE} and that is missing
		 */
		Builder options(OpenOption... options);

		/**
		 * Sets the size of segments that are made from now on. 64 MiB unless set.
		 * @param bytes from 8 KiB to 8 GiB; rounded up to a multiple of 4 KiB
		 * @return this builder
		 * @throws IllegalArgumentException if it is less or more
		 */
		Builder segmentSize(long bytes);

		/**
		 * Sets the maximum length of a record. 16 MiB unless set. A record must also fit
		 * into a segment and into an array.
		 * @param bytes 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if it is negative
		 */
		Builder maxRecordLength(int bytes);

		/**
		 * Sets the maximum size of all segments together. When a further segment would
		 * exceed it, the oldest ones are removed. A segment that is not durable, and the
		 * last one, always stay. No limit unless set.
		 * @param bytes at least 1
		 * @return this builder
		 * @throws IllegalArgumentException if it is less
		 */
		Builder maxSize(long bytes);

		/**
		 * Sets a limit to the size of all segments together. If a further segment would
		 * exceed it, and nothing may be removed to make room, appends throw a
		 * {@link JournalFullException}. No limit unless set.
		 * @param bytes at least 1
		 * @return this builder
		 * @throws IllegalArgumentException if it is less
		 */
		Builder sizeLimit(long bytes);

		/**
		 * Sets the age at which a segment is removed. It counts from when the next
		 * segment was begun. If the clock jumps while the journal is open, nothing is
		 * removed early. No limit unless set.
		 * @param age longer than 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not
		 */
		Builder maxAge(Duration age);

		/**
		 * Sets what happens when a named reader still needs what {@link #maxSize(long)}
		 * would remove. {@link HeldUpAction#WARN} unless set.
		 * @param action the action
		 * @return this builder
		 */
		Builder whenHeldUp(HeldUpAction action);

		/**
		 * Sets what happens if the journal is damaged. {@link DamageAction#REFUSE} unless
		 * set.
		 * @param action the action
		 * @return this builder
		 */
		Builder whenDamaged(DamageAction action);

		/**
		 * Sets whether {@link Journal#append(byte[])} and its variants return only once
		 * the record is durable, as {@link Journal#appendAndSync(byte[])}. They do not
		 * unless set.
		 * @param syncs whether they sync
		 * @return this builder
		 */
		Builder syncOnAppend(boolean syncs);

		/**
		 * Adds a listener that is told what happens to the journal.
		 * @param listener the listener
		 * @return this builder
		 */
		Builder listener(JournalListener listener);

		/**
		 * Sets the permissions of files that are made. {@code rw-------} unless set.
		 * @param permissions the permissions
		 * @return this builder
		 */
		Builder permissions(Set<PosixFilePermission> permissions);

		/**
		 * Sets how the files are opened and mapped. {@link Backend#AUTO} unless set.
		 * @param backend the backend
		 * @return this builder
		 */
		Builder backend(Backend backend);

		/**
		 * Opens the journal. If it is to be written, it is recovered first; see
		 * {@link Journal#recovery()}.
		 * @return the journal
		 * @throws dev.yammap.FileLockedException if another writer has it open
		 * @throws JournalDamagedException if a record that was durable is damaged, which
		 * no crash can do, unless {@link #whenDamaged(DamageAction)} says otherwise
		 * @throws java.nio.file.NoSuchFileException if there is no journal, and the
		 * options do not let this call make one
		 * @throws java.nio.file.FileAlreadyExistsException if there is a journal, and the
		 * option {@code CREATE_NEW} is set
		 * @throws IOException if it cannot be opened
		 */
		Journal open() throws IOException;

	}

}
