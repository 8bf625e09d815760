package dev.yammap.faults;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.ThreadMXBean;

import dev.yammap.Mmap;

/**
 * Calls operations until they are compiled, and reports how many bytes of the heap each
 * of them takes then.
 */
final class AllocationProgram {

	/** It takes some of them until the compiler has made all of its decisions. */
	private static final int ROUNDS = 40;

	private static final int CALLS = 10_000;

	private AllocationProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		List<String> report = new ArrayList<>();
		try (ShortenedFile pages = new ShortenedFile(Path.of(arguments[0]));
				Mmap file = Mmap.open(pages.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			Probe probe = new Probe(file);
			for (Operation operation : Operation.values()) {
				if (operation.isAdvice() || operation.isLarge()) {
					continue;
				}
				long least = Long.MAX_VALUE;
				for (int round = 0; round < ROUNDS && least >= CALLS; round++) {
					long before = threads.getCurrentThreadAllocatedBytes();
					probe.succeed(operation, Probe.LARGE, CALLS, Long.BYTES);
					least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
				}
				report.add(operation + " " + least / CALLS);
			}
		}
		Files.write(Path.of(arguments[1]), report);
	}

}
