package dev.yammap.internal.os.portable;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Knows the names that Linux has for what is open: {@code /proc/self/fd} and the number
 * of the descriptor ({@code proc(5)}). Opened by that name, it is the same file, whatever
 * is at its path by now, and none is created.
 * <p>
 * Java tells no number. But Linux tells the offset of every descriptor of the process,
 * and a channel can be moved: the descriptor that is twice where the channel was moved to
 * is the one of the channel.
 */
final class DescriptorNames implements HandleOpener.Naming {

	/** Few files are used at offsets from here on, which every file system allows. */
	private static final long FIRST_OFFSET = 1L << 30;

	/** How far from the last one the next number is looked for first. */
	private static final int NEIGHBOURHOOD = 32;

	private static final File[] NONE = {};

	private final File names;

	private final File offsets;

	private final RandomGenerator random;

	/** A hint: the kernel gives the lowest number that is free, mostly the same again. */
	private volatile int last;

	/**
	 * Creates the names of descriptors.
	 * @param proc where {@code proc(5)} is mounted, or may be
	 */
	DescriptorNames(Path proc) {
		this(proc, new Random());
	}

	/**
	 * Creates the names of descriptors.
	 * @param random where offsets come from; used by any number of threads
	 */
	DescriptorNames(Path proc, RandomGenerator random) {
		this.random = random;
		this.names = proc.resolve("self/fd").toFile();
		this.offsets = proc.resolve("self/fdinfo").toFile();
	}

	@Override
	public @Nullable Path of(FileChannel channel) throws IOException {
		if (!this.offsets.isDirectory()) {
			return null;
		}
		int found;
		do {
			found = numberAt(move(channel));
		}
		// Another one may be there by chance; to open it would be to write to that file.
		while (!isAt(found, move(channel)));
		this.last = found;
		return new File(this.names, Integer.toString(found)).toPath();
	}

	/** Moves to an offset; returns how the description of the descriptor starts then. */
	private String move(FileChannel channel) throws IOException {
		long offset = this.random.nextLong(FIRST_OFFSET, 2 * FIRST_OFFSET);
		boolean interrupted = Thread.interrupted();
		try {
			channel.position(offset);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		return "pos:\t" + offset + "\n";
	}

	private int numberAt(String start) throws IOException {
		int hint = this.last;
		for (int distance = 0; distance < NEIGHBOURHOOD; distance++) {
			if (isAt(hint + distance, start)) {
				return hint + distance;
			}
			if (isAt(hint - distance, start)) {
				return hint - distance;
			}
		}
		for (File description : Objects.requireNonNullElse(this.offsets.listFiles(), NONE)) {
			if (startsWith(description, start)) {
				return Integer.parseInt(description.getName());
			}
		}
		// Listed with a descriptor of their own: else there is none left to read with.
		throw new IOException(
				(this.offsets.list() == null) ? "Too many open files" : "Only regular files can be mapped");
	}

	private boolean isAt(int number, String start) {
		File description = new File(this.offsets, Integer.toString(number));
		return description.exists() && startsWith(description, start);
	}

	/** Reads by a stream, which no interrupt disturbs. */
	private static boolean startsWith(File description, String start) {
		try (FileInputStream input = new FileInputStream(description)) {
			byte[] bytes = input.readNBytes(start.length());
			return new String(bytes, StandardCharsets.ISO_8859_1).equals(start);
		}
		catch (IOException ex) {
			// Closed meanwhile, be it between opening and reading its description.
			return false;
		}
	}

}
