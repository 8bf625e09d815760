package dev.yammap.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that counts in each page of a file whose pages need a new block for that, in
 * one page by this call and in the next by another, and fails unless each call either
 * counts or is an exception. Arguments: a directory, how that comes.
 */
final class CountingProgram {

	private static final int PAGES = 512;

	private static final int PAGE = 4096;

	private final long[] counted = new long[PAGES];

	private final Set<Update> failed = EnumSet.noneOf(Update.class);

	private final Mmap file;

	private final Path filler;

	private CountingProgram(Mmap file) {
		this.file = file;
		this.filler = file.path().resolveSibling("filler");
	}

	public static void main(String[] arguments) throws IOException {
		Path directory = Path.of(arguments[0]);
		Cause cause = Cause.valueOf(arguments[1]);
		try (Mmap file = Mmap.builder(directory.resolve("counters"))
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.size((long) PAGES * PAGE)
			.preallocate(cause != Cause.QUOTA)
			.open()) {
			new CountingProgram(file).run(directory, cause);
		}
	}

	private void run(Path directory, Cause cause) throws IOException {
		if (cause == Cause.QUOTA) {
			// What is there already is more than may be.
			Files.write(this.filler, new byte[1 << 20]);
			Command.run("sync", "-f", directory);
			Command.run("btrfs", "quota", "enable", directory);
			Command.run("btrfs", "qgroup", "limit", "512k", directory);
		}
		else {
			check(countAll() == PAGES, "Updates failed before the disk was full");
			spoil(cause);
		}
		this.failed.clear();
		countAll();
		check(this.failed.equals(EnumSet.allOf(Update.class)), "Only " + this.failed + " found no block");
		mend(directory, cause);
		// The kernel may give the space back later. If it is never had, the test ends
		// this.
		while (countAll() < PAGES) {
			Command.run("sync", "-f", directory);
		}
		for (int page = 0; page < PAGES; page++) {
			check(this.file.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) page * PAGE) == this.counted[page],
					"Page " + page + " is counted wrong");
		}
	}

	private void spoil(Cause cause) throws IOException {
		Path path = this.file.path();
		if (cause == Cause.WRITEBACK) {
			Command.run("sync", "-f", path);
		}
		else {
			Command.run("cp", "--reflink=always", path, path.resolveSibling("copy"));
		}
		fill(1 << 20);
		Command.run("sync", "-f", path);
		fill(PAGE);
	}

	/** Pages are enough, and bytes would take long: each is a commit. */
	private void fill(int block) throws IOException {
		try (OutputStream stream = Files.newOutputStream(this.filler, StandardOpenOption.CREATE,
				StandardOpenOption.APPEND)) {
			while (true) {
				stream.write(new byte[block]);
			}
		}
		catch (IOException ex) {
			check(String.valueOf(ex.getMessage()).contains("No space left on device"), ex.toString());
		}
	}

	private void mend(Path directory, Cause cause) throws IOException {
		if (cause == Cause.QUOTA) {
			Command.run("btrfs", "quota", "disable", directory);
		}
		Files.delete(this.filler);
		Command.run("sync", "-f", directory);
	}

	/** Returns how many pages could be counted in. */
	private int countAll() throws IOException {
		int successes = 0;
		for (int page = 0; page < PAGES; page++) {
			try {
				long before = update(page).count(this.file, (long) page * PAGE, this.counted[page]);
				check(before == this.counted[page], "Page " + page + " had " + before);
				this.counted[page]++;
				successes++;
			}
			catch (MappedFaultException ex) {
				this.failed.add(update(page));
			}
			catch (UncheckedIOException ex) {
				check(ex.getCause() instanceof MappedFaultException, ex.toString());
				this.failed.add(update(page));
			}
		}
		return successes;
	}

	private static Update update(int page) {
		return Update.values()[page % Update.values().length];
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	/**
	 * A call that counts. Returns what it found.
	 */
	private enum Update {

		GET_AND_ADD {
			@Override
			long count(Mmap file, long offset, long counted) {
				return file.atomics().getAndAddLong(offset, 1);
			}
		},

		SET {
			@Override
			long count(Mmap file, long offset, long counted) {
				long before = file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, counted + 1);
				return before;
			}
		},

		WRITE_AT {
			@Override
			long count(Mmap file, long offset, long counted) throws IOException {
				long before = file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
				byte[] bytes = new byte[Long.BYTES];
				MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, counted + 1);
				file.writeAt(bytes, offset);
				return before;
			}
		};

		abstract long count(Mmap file, long offset, long counted) throws IOException;

	}

	/**
	 * Why a page that was written to before needs another block.
	 */
	enum Cause {

		/** The kernel has written the page back, to a file system that copies. */
		WRITEBACK,

		/** Another file shares its block. */
		REFLINK,

		/** It has none, and a quota is full. */
		QUOTA

	}

}
