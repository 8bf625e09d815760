package dev.yammap.internal.backend.portable;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * Knows the names that Linux has for what is open: {@code /proc/self/fd} and the number
 * of the descriptor ({@code proc(5)}). Opened by that name, it is the same file, whatever
 * is at its path by now, and none is created.
 * <p>
 * Java tells no number. But a channel can be moved to an offset where nothing else is,
 * and Linux tells the offset of every descriptor of the process.
 */
final class DescriptorNames implements DescriptorNaming {

	/** Of those that no file is used at by chance, and every file system allows. */
	private static final long FIRST_OFFSET = 1L << 30;

	/** How far from the last one the next number is looked for first. */
	private static final int NEIGHBOURHOOD = 32;

	private static final File[] NONE = {};

	private final File names;

	private final File offsets;

	/** A hint: the kernel gives the lowest number that is free, mostly the same again. */
	private volatile int last;

	/**
	 * Creates the names of descriptors.
	 * @param proc where {@code proc(5)} is mounted, or may be
	 */
	DescriptorNames(Path proc) {
		this.names = proc.resolve("self/fd").toFile();
		this.offsets = proc.resolve("self/fdinfo").toFile();
	}

	@Override
	public @Nullable Path of(FileChannel channel) throws IOException {
		if (!this.offsets.isDirectory()) {
			return null;
		}
		long offset = ThreadLocalRandom.current().nextLong(FIRST_OFFSET, 2 * FIRST_OFFSET);
		move(channel, offset);
		int found = numberAt("pos:\t" + offset + "\n");
		this.last = found;
		return new File(this.names, Integer.toString(found)).toPath();
	}

	private static void move(FileChannel channel, long offset) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			channel.position(offset);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
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
