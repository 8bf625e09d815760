package dev.yammap.sample.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

import dev.yammap.journal.Journal;
import org.jspecify.annotations.Nullable;

/**
 * The identity under which the visits of a journal are shipped. It is kept in the file
 * {@code instance} in the directory of the journal.
 *
 * @param id a random id
 * @param first the number of the first visit that is shipped under this id
 * @param place the inode of the journal's control file; empty where there is no such
 * thing
 */
record Instance(String id, long first, String place) {

	private static final String FILE = "instance";

	private static final String CONTROL = "journal.control";

	/** In the header of each segment, behind its magic. */
	private static final int JOURNAL_ID_OFFSET = 8;

	/** Makes up another id. */
	static Instance create(Journal journal, long first) throws IOException {
		return new Instance(UUID.randomUUID().toString(), first, place(journal));
	}

	static @Nullable Instance load(Journal journal) throws IOException {
		try {
			String[] parts = Files.readString(journal.directory().resolve(FILE)).strip().split(" ", -1);
			return new Instance(parts[0], Long.parseLong(parts[1]), (parts.length > 2) ? parts[2] : "");
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		catch (ArrayIndexOutOfBoundsException | NumberFormatException ex) {
			throw new IOException("The file " + journal.directory().resolve(FILE)
					+ " does not say which instance this is: remove it to begin a new one", ex);
		}
	}

	/** Makes this the instance of a journal, durably. */
	void save(Journal journal) throws IOException {
		Path file = journal.directory().resolve(FILE);
		Path aside = journal.directory().resolve(FILE + ".new");
		String text = this.id + " " + this.first + " " + this.place + "\n";
		try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			channel.write(StandardCharsets.UTF_8.encode(text));
			channel.force(true);
		}
		Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
		try (FileChannel directory = FileChannel.open(journal.directory(), StandardOpenOption.READ)) {
			directory.force(true);
		}
	}

	/** Tells whether the journal is another one than that of the instance: a copy. */
	boolean isElsewhere(Journal journal) throws IOException {
		return !this.place.equals(place(journal));
	}

	/**
	 * The control file is made once and then changed in place, so only a copy has another
	 * inode.
	 */
	private static String place(Journal journal) throws IOException {
		try {
			return String.valueOf(Files.getAttribute(journal.directory().resolve(CONTROL), "unix:ino"));
		}
		catch (UnsupportedOperationException | IllegalArgumentException ex) {
			return "";
		}
	}

	/**
	 * Returns the random id of a journal, which copies of it have, too. It is read from a
	 * segment: to open and close the control file could give up the lock of the writer.
	 */
	static long journalId(Journal journal) throws IOException {
		Path segment = journal.segments().getFirst().file();
		try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
			ByteBuffer id = ByteBuffer.allocate(Long.BYTES);
			channel.read(id, JOURNAL_ID_OFFSET);
			return id.flip().getLong();
		}
	}

}
