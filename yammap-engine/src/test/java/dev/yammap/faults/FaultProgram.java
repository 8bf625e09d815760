package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

import dev.yammap.MapMode;
import dev.yammap.Mmap;

/**
 * A program that meets faults with every operation, in a virtual machine of its own.
 * Fails unless each arrives in the very call. Arguments: the kind of bad pages, a
 * directory, how many calls warm an operation up, where to put the report.
 */
final class FaultProgram {

	static final String SHORTENED = "SHORTENED";

	static final String ON_DEAD_DISK = "ON_DEAD_DISK";

	private static final int ROUNDS = 3;

	private static final int FAULTS_PER_ROUND = 5;

	private final BadPages pages;

	private final int warmUp;

	private final List<String> report = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	private FaultProgram(BadPages pages, int warmUp) {
		this.pages = pages;
		this.warmUp = warmUp;
	}

	public static void main(String[] arguments) throws Exception {
		try (BadPages pages = pages(arguments[0], Path.of(arguments[1]))) {
			FaultProgram program = new FaultProgram(pages, Integer.parseInt(arguments[2]));
			program.run();
			if (!program.failures.isEmpty()) {
				throw new IllegalStateException(String.join("\n", program.failures));
			}
			Files.write(Path.of(arguments[3]), program.report);
		}
	}

	private static BadPages pages(String kind, Path directory) throws IOException {
		return switch (kind) {
			case SHORTENED -> new ShortenedFile(directory);
			case ON_DEAD_DISK -> new FileOnDeadDisk(directory);
			default -> new FileOnFullDisk(directory, FileOnFullDisk.SecondHalf.valueOf(kind));
		};
	}

	/**
	 * Returns the report of a program that did all of its work with the given operations.
	 */
	static List<String> expectedReport(BiPredicate<Opening, Operation> concerned) {
		return Arrays.stream(Opening.values())
			.flatMap((opening) -> Arrays.stream(Operation.values())
				.filter((operation) -> concerned.test(opening, operation) && opening.allows(operation))
				.map((operation) -> line(opening, operation)))
			.toList();
	}

	private void run() throws Exception {
		for (Opening opening : Opening.values()) {
			if (Arrays.stream(Operation.values()).noneMatch((operation) -> isTried(opening, operation))) {
				continue;
			}
			try (Mmap file = opening.open(this.pages.file())) {
				if (opening == Opening.READ_WRITE) {
					// In memory and changed, the first half needs no disk any more.
					file.writeAt(Probe.filled((int) BadPages.HALF), 0);
				}
				Probe probe = new Probe(file);
				for (Operation operation : Operation.values()) {
					if (isTried(opening, operation) && opening.allows(operation)) {
						run(probe, operation, opening);
					}
				}
			}
		}
	}

	/**
	 * The portable backend refuses every update on a full disk, also of pages that are
	 * there, and has nobody to ask whether a disk is gone.
	 */
	private boolean isTried(Opening opening, Operation operation) {
		boolean nativeBackend = FaultProgram.class.getModule().isNativeAccessEnabled();
		return this.pages.concerns(opening, operation)
				&& (nativeBackend || ((this.pages.isMendable() || !operation.isUpdate()) && !operation.isAdvice()));
	}

	private void run(Probe probe, Operation operation, Opening opening) throws Exception {
		try {
			run(probe, operation);
			this.report.add(line(opening, operation));
		}
		catch (IllegalStateException ex) {
			this.failures.add(opening + " " + ex.getMessage());
			if (this.pages.isMendable()) {
				this.pages.mend();
			}
		}
	}

	private void run(Probe probe, Operation operation) throws Exception {
		for (int round = 0; round < ROUNDS; round++) {
			warmUp(probe, operation);
			this.pages.spoil();
			for (int i = 0; i < FAULTS_PER_ROUND; i++) {
				probe.fault(operation, BadPages.HALF + (long) i * Long.BYTES);
			}
			checkUsable(probe, operation);
			if (this.pages.isMendable()) {
				this.pages.mend();
			}
		}
	}

	private void warmUp(Probe probe, Operation operation) throws Exception {
		int calls = operation.isLarge() ? this.warmUp / 20 : this.warmUp;
		probe.succeed(operation, Probe.LARGE, calls, Long.BYTES);
		if (this.pages.isMendable()) {
			probe.succeed(operation, BadPages.HALF, calls, Long.BYTES);
		}
	}

	/**
	 * What the file is after a fault: as long as before, and usable where it has pages.
	 */
	private void checkUsable(Probe probe, Operation operation) throws Exception {
		probe.succeed(operation, Probe.LARGE, 1, 0);
		if (probe.file.size() != BadPages.SIZE || !probe.file.isOpen()) {
			throw new IllegalStateException("After a fault of %s the size is %d, open: %s".formatted(operation,
					probe.file.size(), probe.file.isOpen()));
		}
	}

	private static String line(Opening opening, Operation operation) {
		return opening + " " + operation + " " + ROUNDS * FAULTS_PER_ROUND;
	}

	/**
	 * A way to open the file.
	 */
	enum Opening {

		READ_WRITE, READ_ONLY, PRIVATE;

		Mmap open(Path path) throws IOException {
			return switch (this) {
				case READ_WRITE -> Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
				case READ_ONLY -> Mmap.open(path, StandardOpenOption.READ);
				case PRIVATE -> Mmap.builder(path)
					.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
					.mode(MapMode.PRIVATE)
					.open();
			};
		}

		boolean allows(Operation operation) {
			return this != READ_ONLY || !operation.isStore();
		}

	}

}
