package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program whose virtual machine allows little memory outside of the heap
 * ({@code -XX:MaxDirectMemorySize}), and that fails unless the engine takes no part of it
 * for each file. Arguments: a directory, and whether there is no memory at first.
 */
final class DirectMemoryProgram {

	private static final int FILES = 200;

	private static final long RECORD_SIZE = 64;

	private static final byte[] RECORD = new byte[(int) RECORD_SIZE];

	private final Path directory;

	private DirectMemoryProgram(Path directory) {
		this.directory = directory;
	}

	public static void main(String[] arguments) throws IOException {
		DirectMemoryProgram program = new DirectMemoryProgram(Path.of(arguments[0]));
		if (Boolean.parseBoolean(arguments[1])) {
			program.beginWithoutMemory();
		}
		program.growManyFiles();
		program.useOneFile("before");
		List<ByteBuffer> all = takeAll();
		long descriptors = descriptors();
		for (int i = 0; i < 3; i++) {
			program.useOneFile("after" + i);
		}
		check(descriptors() == descriptors, "descriptors are left");
		check(!all.isEmpty(), "there was no memory to be taken");
	}

	/** To open a file may fail then, and must not fail for ever. */
	private void beginWithoutMemory() throws IOException {
		List<ByteBuffer> all = takeAll();
		long descriptors = descriptors();
		Path path = this.directory.resolve("begin");
		try {
			Mmap.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
			Files.delete(path);
		}
		catch (OutOfMemoryError error) {
			check(Files.notExists(path), "a file is left");
		}
		check(descriptors() == descriptors, "descriptors are left");
		all.clear();
	}

	private void growManyFiles() throws IOException {
		Deque<Mmap> open = new ArrayDeque<>();
		for (int i = 0; i < FILES; i++) {
			Path path = this.directory.resolve("many" + i);
			open.add(Mmap.open(path, StandardOpenOption.CREATE_NEW,
					(i % 2 == 0) ? StandardOpenOption.APPEND : StandardOpenOption.WRITE));
			open.getLast().write(RECORD);
			check(Files.size(path) == RECORD_SIZE, "size is " + Files.size(path));
		}
		while (!open.isEmpty()) {
			open.remove().close();
		}
	}

	private void useOneFile(String name) throws IOException {
		Path path = this.directory.resolve(name);
		try (Mmap file = Mmap.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			file.write(RECORD);
			file.truncate(100_000);
			file.writeAt(RECORD, 300_000);
			file.sync();
			file.sync(0, 100);
			check(file.isCurrent(), "it is another file");
			file.truncate(RECORD_SIZE);
		}
		try (Mmap file = Mmap.open(path, StandardOpenOption.APPEND)) {
			file.write(RECORD);
			file.sync();
		}
		check(Files.size(path) == 2 * RECORD_SIZE, "size is " + Files.size(path));
	}

	private static List<ByteBuffer> takeAll() {
		List<ByteBuffer> all = new ArrayList<>();
		for (int size : new int[] { 1 << 16, 64, 1 }) {
			try {
				while (true) {
					all.add(ByteBuffer.allocateDirect(size));
				}
			}
			catch (OutOfMemoryError error) {
				// That was all.
			}
		}
		return all;
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
			return entries.count();
		}
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

}
