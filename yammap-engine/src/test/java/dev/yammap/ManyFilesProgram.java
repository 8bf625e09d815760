package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.internal.os.ProcessLimits;

/**
 * A program that opens very many files, or as many as the system lets it, and fails
 * unless everything is given back and those that are open go on working. Arguments: a
 * directory with a file in it, the backend, what to do.
 */
final class ManyFilesProgram {

	static final int COUNT = 10_000;

	static final String FILE = "file.dat";

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	/** Address space of closed files that the engine keeps for a while. */
	private static final int KEPT_RANGES = 1_024;

	/** What a virtual machine may need itself meanwhile, in mappings. */
	private static final int LEEWAY = 100;

	/** More than a thread takes. */
	private static final int LAST_MAPPINGS = 12;

	private final Path directory;

	private final Backend backend;

	private final long size;

	private final Deque<Mmap> open = new ArrayDeque<>();

	private ManyFilesProgram(Path directory, Backend backend) throws IOException {
		this.directory = directory;
		this.backend = backend;
		this.size = Files.size(directory.resolve(FILE));
	}

	public static void main(String[] arguments) throws Exception {
		ManyFilesProgram program = new ManyFilesProgram(Path.of(arguments[0]), Backend.valueOf(arguments[1]));
		program.warmUp();
		switch (arguments[2]) {
			case "all" -> program.openAndCloseAll();
			case "limited" -> program.openUntilRefused(arguments[3], Boolean.parseBoolean(arguments[4]));
			case "starved" -> program.useWhatIsLeft();
			default -> throw new IllegalArgumentException(arguments[2]);
		}
	}

	/** Loads what is needed, also for a failure: a class in a directory is a file. */
	private void warmUp() throws Exception {
		Usage before = Usage.now(this.directory);
		openNext();
		useAll();
		closeNext();
		Set<String> threads = Usage.now(this.directory).threadsBeyond(before);
		check(threads.size() <= 1, "More than one thread for all files: " + threads);
		try {
			builder(this.directory.resolve("missing")).open().close();
			throw new IllegalStateException("A file that is missing was opened");
		}
		catch (NoSuchFileException ex) {
			check(String.valueOf(ex.getMessage()).contains("Check the path"), ex.toString());
		}
		check(ProcessLimits.OF_THIS_PROCESS.ofMemory().contains("ulimit -v"), ProcessLimits.OF_THIS_PROCESS.ofMemory());
		check(FailureCause.values().length > 0, "No causes");
	}

	private Mmap.Builder builder(Path path) {
		return Mmap.builder(path).backend(this.backend);
	}

	/**
	 * A file that can be written to takes two descriptors of the portable backend, so few
	 * are: not every system lets a process have more than 20,000.
	 */
	private void openNext() throws IOException {
		boolean writable = this.backend == Backend.NATIVE || this.open.size() % 8 == 0;
		Mmap.Builder builder = builder(this.directory.resolve(FILE));
		this.open.addLast(writable ? builder.options(READ_WRITE).open() : builder.open());
	}

	private void closeNext() throws IOException {
		this.open.removeFirst().close();
	}

	private void closeAll() throws IOException {
		while (!this.open.isEmpty()) {
			closeNext();
		}
	}

	/** Reads from each file, and writes to it if it can be written to. */
	private void useAll() throws IOException {
		int i = 0;
		for (Mmap file : this.open) {
			i++;
			check(file.size() == this.size && file.get(ValueLayout.JAVA_BYTE, this.size - 1) == 1,
					file + " has another content");
			if (file.isWritable()) {
				file.set(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
				check(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == i, file + " does not show what was written");
			}
		}
	}

	private void openAndCloseAll() throws Exception {
		Usage before = Usage.now(this.directory);
		while (this.open.size() < COUNT) {
			openNext();
		}
		useAll();
		Usage open = Usage.now(this.directory);
		check(open.mappings >= COUNT && open.descriptors >= COUNT, "Too few for files that are open: " + open);
		Set<String> threads = open.threadsBeyond(before);
		check(threads.isEmpty(), "Threads are left while files are open: " + threads);
		closeAll();
		Usage closed = Usage.now(this.directory);
		check(closed.descriptors == 0 && closed.mappings == 0, "Something is left: " + closed);
		check(closed.allMappings <= before.allMappings + KEPT_RANGES + LEEWAY,
				"Mappings are left: " + closed + ", before " + before);
		check(closed.threadsBeyond(before).isEmpty(), "Threads are left: " + closed.threadsBeyond(before));
	}

	private void openUntilRefused(String reason, boolean crowded) throws Exception {
		List<MemorySegment> others = crowded ? crowd(1000, Arena.global()) : List.of();
		String message = refusal();
		check(message.contains(this.directory.resolve(FILE).toString()) && message.contains(reason),
				"Not " + reason + ", but: " + message);
		int count = this.open.size();
		check(count > 10, "Refused after " + count + " files: " + message);
		check(refusal().contains(reason), "Refused for another reason");
		check(this.open.size() <= count + LEEWAY, "More could be opened");
		useAll();
		int few = Math.min(count / 2, 20);
		for (int i = 0; i < few; i++) {
			closeNext();
		}
		Usage some = Usage.now(this.directory);
		for (int i = 0; i < few / 2; i++) {
			openNext();
		}
		useAll();
		closeAll();
		Usage closed = Usage.now(this.directory);
		check(closed.descriptors == 0 && closed.mappings == 0, "Something is left: " + closed + ", before " + some);
		check(others.stream().allMatch((other) -> other.scope().isAlive()), "Somebody else's mapping is gone");
	}

	private String refusal() {
		while (this.open.size() < 100 * COUNT) {
			try {
				openNext();
			}
			catch (IOException ex) {
				return String.valueOf(ex.getMessage());
			}
		}
		return "Never refused";
	}

	/**
	 * However few mappings others leave, no call may start a thread that then has too
	 * few: the virtual machine would end. One that needs a mapping is refused, and one
	 * that is made elsewhere for a virtual thread alone is made all the same.
	 */
	private void useWhatIsLeft() throws Exception {
		openNext();
		Mmap file = this.open.getFirst();
		onVirtualThread(file::sync);
		if (this.backend == Backend.NATIVE) {
			whileMappingsDwindle(() -> onVirtualThread(file::sync));
		}
		else {
			whileMappingsDwindle(file::sync);
		}
		closeAll();
		Backend.awaitUnmapped();
		whileMappingsDwindle(() -> {
			String message = refusal();
			check(message.contains("vm.max_map_count"), "Not refused for its mappings, but: " + message);
			check(this.open.isEmpty(), "Opened with hardly a mapping left");
		});
	}

	/** Does something with some mappings left to the process, then with fewer. */
	private void whileMappingsDwindle(Step step) throws Exception {
		try (Arena others = Arena.ofShared()) {
			for (int left = LAST_MAPPINGS; left >= 0; left--) {
				crowd(left, others);
				step.run();
			}
		}
	}

	private static void onVirtualThread(Step step) throws Exception {
		FutureTask<Boolean> task = new FutureTask<>(() -> {
			step.run();
			return true;
		});
		Thread.ofVirtual().start(task);
		task.get();
	}

	/** Takes all the mappings that the process may have, but for some. */
	private List<MemorySegment> crowd(int left, Arena arena) throws Exception {
		long most = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
		endIdleThreads();
		// The kernel lists one more than it counts.
		return mapOthers(most + 1 - left - Usage.countMappings(), arena);
	}

	private List<MemorySegment> mapOthers(long count, Arena arena) throws IOException {
		List<MemorySegment> others = new ArrayList<>();
		Path other = Files.write(this.directory.resolve("other"), new byte[1]);
		try (FileChannel channel = FileChannel.open(other)) {
			// Neighbours of the same place in the file are never joined.
			while (others.size() < count) {
				others.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena));
			}
		}
		return others;
	}

	/** They end when they have had nothing to do for a second. */
	private static void endIdleThreads() throws InterruptedException {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().equals("yammap-call")) {
				thread.join();
			}
		}
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	/** Something that is done to files. */
	@FunctionalInterface
	private interface Step {

		void run() throws Exception;

	}

	/**
	 * What the process holds of the system.
	 *
	 * @param descriptors of the files
	 * @param mappings of the files
	 * @param allMappings of anything
	 * @param threads of Java
	 */
	private record Usage(int descriptors, int mappings, long allMappings, Set<Thread> threads) {

		static Usage now(Path directory) throws Exception {
			Path file = directory.resolve(FILE);
			endIdleThreads();
			return new Usage(ProcessFiles.descriptors(file).size(), ProcessFiles.mappings(file).size(), countMappings(),
					Thread.getAllStackTraces().keySet());
		}

		static long countMappings() throws IOException {
			try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
				return lines.count();
			}
		}

		Set<String> threadsBeyond(Usage before) {
			return this.threads.stream()
				.filter((thread) -> !before.threads.contains(thread) && thread.getName().startsWith("yammap"))
				.map(Thread::getName)
				// It comes and goes with the files, one for all of them.
				.filter((name) -> !name.equals("yammap-unmapper"))
				.collect(Collectors.toSet());
		}

	}

}
