package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The files of a journal as they were at one time, to be put back, changed or not.
 */
public final class JournalFiles {

	private final Map<String, byte[]> contents;

	private JournalFiles(Map<String, byte[]> contents) {
		this.contents = contents;
	}

	public static JournalFiles of(Path directory) {
		Map<String, byte[]> contents = new TreeMap<>();
		// What the control file says is ready is ready, if it is read first.
		Path control = directory.resolve("journal.control");
		if (Files.exists(control)) {
			contents.put("journal.control", read(control));
		}
		for (Path file : list(directory)) {
			contents.putIfAbsent(file.getFileName().toString(), read(file));
		}
		return new JournalFiles(contents);
	}

	private static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> list(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Map<String, byte[]> contents() {
		return this.contents;
	}

	/** Returns what a file holds; changes to it are changes to nothing else. */
	byte[] get(String name) {
		return Objects.requireNonNull(this.contents.get(name), name).clone();
	}

	/** Makes a directory hold these files and no other. */
	public void writeTo(Path directory) throws IOException {
		Files.createDirectories(directory);
		for (Path file : list(directory)) {
			if (!this.contents.containsKey(file.getFileName().toString())) {
				Files.delete(file);
			}
		}
		for (Map.Entry<String, byte[]> entry : this.contents.entrySet()) {
			Path file = directory.resolve(entry.getKey());
			try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
				out.write(entry.getValue());
				out.setLength(entry.getValue().length);
			}
		}
	}

	/** Returns the same with one file changed. */
	JournalFiles with(String name, byte[] content) {
		Map<String, byte[]> changed = new TreeMap<>(this.contents);
		changed.put(name, content);
		return new JournalFiles(changed);
	}

	/** Returns one of the files, or none if there is no such file. */
	JournalFiles only(String name) {
		Map<String, byte[]> changed = new TreeMap<>(this.contents);
		changed.keySet().retainAll(Set.of(name));
		return new JournalFiles(changed);
	}

	/** Returns the same with the record lost whose content is given. */
	public JournalFiles zeroRecord(byte[] content) {
		for (Map.Entry<String, byte[]> entry : this.contents.entrySet()) {
			byte[] bytes = entry.getValue().clone();
			for (int i = 4096; i + 24 + content.length <= bytes.length && entry.getKey().endsWith(".segment"); i += 8) {
				if (Arrays.equals(bytes, i + 24, i + 24 + content.length, content, 0, content.length)) {
					Arrays.fill(bytes, i, i + 24 + content.length, (byte) 0);
					return with(entry.getKey(), bytes);
				}
			}
		}
		throw new AssertionError("There is no such record");
	}

	/** Removes a directory with its files. */
	static void remove(Path directory) throws IOException {
		for (Path file : Files.isDirectory(directory) ? list(directory) : List.<Path>of()) {
			Files.delete(file);
		}
		Files.deleteIfExists(directory);
	}

	/** Returns the same without a file. */
	JournalFiles without(String name) {
		Map<String, byte[]> changed = new TreeMap<>(this.contents);
		changed.remove(name);
		return new JournalFiles(changed);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof JournalFiles that && this.contents.keySet().equals(that.contents.keySet())
				&& this.contents.keySet().stream().allMatch((name) -> Arrays.equals(get(name), that.get(name)));
	}

	@Override
	public int hashCode() {
		return this.contents.keySet().hashCode();
	}

	@Override
	public String toString() {
		return this.contents.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " of " + entry.getValue().length + " bytes with hash "
					+ Arrays.hashCode(entry.getValue()))
			.collect(Collectors.joining(", "));
	}

}
