package dev.yammap.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * Measures how much memory the kernel counts as promised ({@code Committed_AS}) for files
 * that were closed a moment ago. It means something where {@code vm.overcommit_memory} is
 * 2: there the kernel counts every private mapping, and refuses more than there is.
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.system.ClosedFilesCharge
 * </pre>
 */
public final class ClosedFilesCharge {

	private static final int FILES = 8;

	private static final long RESERVATION = 1L << 30;

	private ClosedFilesCharge() {
	}

	public static void main(String[] args) throws IOException {
		System.out
			.println("vm.overcommit_memory is " + Files.readString(Path.of("/proc/sys/vm/overcommit_memory")).strip());
		Path path = Files.createTempFile("yammap-charge", null);
		try {
			measure(path);
		}
		finally {
			Files.delete(path);
		}
	}

	private static void measure(Path path) throws IOException {
		use(path);
		Backend.awaitUnmapped();
		long before = chargedKiB();
		for (int i = 0; i < FILES; i++) {
			use(path);
		}
		long closed = chargedKiB();
		Backend.awaitUnmapped();
		System.out.printf("%d files with %d MiB of addresses each, closed: %d KiB more; once unmapped: %d KiB more%n",
				FILES, RESERVATION >> 20, closed - before, chargedKiB() - before);
	}

	private static void use(Path path) throws IOException {
		try (Mmap file = Mmap.builder(path)
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.backend(Backend.NATIVE)
			.reserve(RESERVATION)
			.open()) {
			file.truncate(0);
			file.write(new byte[64]);
		}
	}

	private static long chargedKiB() throws IOException {
		try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
			return lines.filter((line) -> line.startsWith("Committed_AS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
				.findFirst()
				.orElseThrow();
		}
	}

}
