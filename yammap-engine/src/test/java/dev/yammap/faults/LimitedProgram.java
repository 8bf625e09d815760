package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.LockMode;
import dev.yammap.Mmap;

/**
 * A program that runs under a limit of the system ({@code ulimit}), and fails unless the
 * engine takes it as it should. Arguments: the limit, a directory.
 */
final class LimitedProgram {

	static final int MEBIBYTE = 1 << 20;

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	private LimitedProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		Path directory = Path.of(arguments[1]);
		switch (arguments[0]) {
			case "address-space" -> writeAndGrow(directory.resolve("file"));
			case "address-space-too-small" -> openLargeFile(directory);
			case "growing-files" -> growPageByPage(directory);
			case "locked-memory" -> lock(directory);
			case "file-size" -> growPastLimit(directory);
			default -> throw new IllegalArgumentException(arguments[0]);
		}
	}

	private static void writeAndGrow(Path path) throws IOException {
		try (Mmap file = Mmap.create(path, MEBIBYTE)) {
			for (int i = 1; i <= 100; i++) {
				file.writeAt(Probe.filled(MEBIBYTE / 2), file.size());
			}
			file.truncate(100L * MEBIBYTE);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, file.size() - 8, 42);
			file.sync();
			check(file.size() == 100L * MEBIBYTE, "size is " + file.size());
			check(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 50L * MEBIBYTE) == Probe.LONG_FILL, "content is gone");
			check(file.get(ValueLayout.JAVA_LONG_UNALIGNED, file.size() - 8) == 42, "end is gone");
		}
	}

	/**
	 * A file grows page by page past what is reserved, and an {@code Mmap} that only
	 * reads follows.
	 */
	private static void growPageByPage(Path directory) throws IOException {
		Path path = directory.resolve("file");
		byte[] page = Probe.filled(4096);
		try (Mmap file = Mmap.builder(path)
			.options(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
			.size(100L * MEBIBYTE)
			.preallocate(false)
			.open(); Mmap reader = Mmap.open(path)) {
			for (int i = 0; i < 4000; i++) {
				file.writeAt(page, file.size());
				check(reader.readAt(page, file.size() - page.length) == page.length, "the reader is behind");
			}
			check(file.get(ValueLayout.JAVA_LONG_UNALIGNED, file.size() - 8) == Probe.LONG_FILL, "content is gone");
		}
	}

	/**
	 * A file that does not fit is refused; one that does can be opened afterwards.
	 */
	private static void openLargeFile(Path directory) throws IOException {
		Path large = directory.resolve("large");
		expect("Cannot allocate memory", large, () -> Mmap.open(large, READ_WRITE).close());
		expect("Cannot allocate memory", large, () -> Mmap.open(large).close());
		Path path = directory.resolve("file");
		try (Mmap file = Mmap.create(path, MEBIBYTE)) {
			long tooLarge = Files.size(large);
			expect("Cannot allocate memory", path, () -> file.truncate(tooLarge));
			check(file.size() == MEBIBYTE && Files.size(path) == MEBIBYTE, "size is " + file.size());
			expect("Cannot allocate memory", path, () -> file.writeAt(new byte[8], tooLarge));
			check(file.size() == MEBIBYTE && Files.size(path) == MEBIBYTE, "size is " + file.size());
		}
	}

	private static void lock(Path directory) throws IOException {
		Path path = directory.resolve("file");
		expect("", path,
				() -> Mmap.builder(path)
					.options(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
					.size(MEBIBYTE)
					.lockInMemory(true)
					.open()
					.close());
		check(Files.notExists(path), "the failed call left a file");
		try (Mmap file = Mmap.builder(path)
			.options(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
			.size(1000)
			.lockInMemory(true)
			.lock(LockMode.EXCLUSIVE)
			.open()) {
			expect("", path, () -> file.truncate(MEBIBYTE));
			check(file.size() == 1000 && Files.size(path) == 1000, "size is " + Files.size(path));
			expect("", path, () -> file.writeAt(new byte[MEBIBYTE], 1000));
			check(file.size() == 1000 && Files.size(path) == 1000, "size is " + Files.size(path));
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
			file.writeAt(new byte[8], 1000);
			check(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) == 42, "content is gone");
		}
	}

	private static void growPastLimit(Path directory) throws IOException {
		Path path = directory.resolve("file");
		expect("File too large", path, () -> Mmap.create(path, 2L * MEBIBYTE).close());
		check(Files.notExists(path), "the failed call left a file");
		// What was written before a failure is cut off only where nobody else writes.
		try (Mmap file = Mmap.builder(path)
			.options(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
			.size(1000)
			.lock(LockMode.EXCLUSIVE)
			.open()) {
			expect("File too large", path, () -> file.truncate(2L * MEBIBYTE));
			expect("File too large", path, () -> file.writeAt(new byte[8], 2L * MEBIBYTE));
			expect("File too large", path, () -> file.writeAt(new byte[MEBIBYTE], 1000));
			check(file.size() == 1000 && Files.size(path) == 1000, "size is " + Files.size(path));
			file.writeAt(new byte[1000], 1000);
			check(file.size() == 2000 && Files.size(path) == 2000, "size is " + Files.size(path));
		}
	}

	private static void expect(String reason, Path path, Call call) throws IOException {
		String message = "no failure";
		try {
			call.run();
		}
		catch (IOException ex) {
			message = String.valueOf(ex.getMessage());
		}
		check(message.contains(reason) && message.contains(path.toString()), message);
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	@FunctionalInterface
	private interface Call {

		void run() throws IOException;

	}

}
