package dev.yammap.internal.os.portable;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Finds the name that Linux gives an open file: {@code /proc/self/fd} and the number of
 * the descriptor ({@code proc(5)}). Whoever opens that name gets the same file, whatever
 * is at its path by now, and creates none.
 * <p>
 * Java does not tell the number. But Linux tells the offset of every descriptor of the
 * process, and a channel can be moved. So the channel is moved twice: the descriptor that
 * is at the right offset both times is that of the channel.
 */
final class DescriptorNames implements HandleOpener.Naming {

	/** Offsets begin here: few files are used so far, and every file system allows it. */
	private static final long FIRST_OFFSET = 1L << 30;

	/** The search begins among the numbers that are this close to the last one. */
	private static final int NEIGHBOURHOOD = 32;

	private final File names;

	private final File offsets;

	private final RandomGenerator random;

	/**
	 * The last number that was found, as a hint: the kernel gives the lowest free number,
	 * which is often the same again.
	 */
	private volatile int last;

	/**
	 * Creates the names of descriptors.
	 * @param proc where {@code proc(5)} is mounted, or may be
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
		// Another descriptor may be at that offset by chance. To open that would be to
		// write to a wrong file.
		while (!isAt(found, move(channel)));
		this.last = found;
		return new File(this.names, Integer.toString(found)).toPath();
	}

	/**
	 * Moves the channel to an offset. Returns how the description of its descriptor then
	 * starts.
	 */
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
		for (File description : Objects.requireNonNullElse(this.offsets.listFiles(), new File[0])) {
			if (startsWith(description, start)) {
				return Integer.parseInt(description.getName());
			}
		}
		// To list them takes a descriptor. If that fails, no descriptor is left to read
		// with.
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
			// The descriptor was closed meanwhile, perhaps between opening and reading
			// its description.
			return false;
		}
	}

}
