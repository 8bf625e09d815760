package dev.yammap.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The limits that the operating system sets this process, as Linux tells them in
 * {@code proc(5)}.
 * <p>
 * <b>Which limit was reached?</b> The operating system has one word for several limits.
 * If it cannot be found out, a message names all of them.
 * <p>
 * <b>How many mappings are left?</b> A process may have 65,530 of them unless set
 * ({@code vm.max_map_count}). At that limit the virtual machine ends: every new thread
 * (of the compiler, the collector, a pool) has a stack, and HotSpot gives up if it cannot
 * protect the end of the stack (stackOverflow.cpp, "memory to guard stack pages"). So the
 * engine maps no file if less than one in {@value #RESERVE_SHARE} is left, and starts no
 * thread if fewer than {@value #LEAST_RESERVE} are left.
 * <p>
 * To count them takes 0.5 µs for each. So a count is believed for a tenth of a second,
 * and until the engine has made half as many mappings as were left. If others take all
 * that is left within that time, this does not notice.
 */
public final class ProcessLimits {

	public static final ProcessLimits OF_THIS_PROCESS = new ProcessLimits(Path.of("/proc"));

	/** One in so many mappings is left to the virtual machine and its threads. */
	private static final int RESERVE_SHARE = 128;

	/** Enough for some threads that start at once. */
	private static final int LEAST_RESERVE = 32;

	/** A stack, its guard pages, and memory of the C library for the thread. */
	private static final int OF_A_THREAD = 8;

	private static final long BELIEVED_NANOS = 100_000_000;

	/** The kernel returns no more than this at once. */
	private static final int CHUNK_SIZE = 4 << 10;

	/** The length of the shortest line, without its end; each mapping has one. */
	private static final int SHORTEST_LINE = "00400000-0040b000 r-xp 00000000 00:00 0".length();

	private final Path proc;

	/** How many mappings may be made before they are counted again. */
	private long believed;

	/** When they were counted last. */
	private long counted = System.nanoTime() - 2 * BELIEVED_NANOS;

	/**
	 * Creates the limits of a process.
	 * @param proc where {@code proc(5)} is mounted
	 */
	ProcessLimits(Path proc) {
		this.proc = proc;
	}

	/**
	 * Tells whether a file may be mapped. If not, the process needs the mappings that are
	 * left for itself.
	 */
	public boolean allowMapping() {
		return allows(1, RESERVE_SHARE);
	}

	boolean allowThread() {
		return allows(OF_A_THREAD, Long.MAX_VALUE);
	}

	/**
	 * Tells whether so many mappings may be made.
	 * @param share one in so many of all must be left; {@link Long#MAX_VALUE} stands for
	 * the least reserve
	 */
	private synchronized boolean allows(int wanted, long share) {
		if (wanted <= this.believed && System.nanoTime() - this.counted < BELIEVED_NANOS) {
			this.believed -= wanted;
			return true;
		}
		try {
			Mappings found = count();
			this.believed = found.beyond(RESERVE_SHARE) / 2;
			this.counted = System.nanoTime();
			return wanted <= found.beyond(share);
		}
		catch (IOException | RuntimeException ex) {
			// This system does not tell.
			return true;
		}
	}

	/**
	 * Counts by streams, which need no mapping themselves, and which no interrupt
	 * disturbs.
	 */
	private Mappings count() throws IOException {
		long count = 0;
		byte[] chunk = new byte[CHUNK_SIZE];
		try (FileInputStream input = new FileInputStream(this.proc.resolve("self/maps").toFile())) {
			for (int length = input.read(chunk); length > 0; length = input.read(chunk)) {
				for (int i = 0; i < length; i++) {
					if (chunk[i] == '\n') {
						count++;
						i += SHORTEST_LINE;
					}
				}
			}
		}
		try (FileInputStream input = new FileInputStream(this.proc.resolve("sys/vm/max_map_count").toFile())) {
			// One read gets all: a second read of such a file finds nothing.
			String most = new String(chunk, 0, Math.max(0, input.read(chunk)), StandardCharsets.ISO_8859_1);
			return new Mappings(count, Long.parseLong(most.strip()));
		}
	}

	/** Returns what to do if memory could not be mapped, as the end of a message. */
	public String ofMemory() {
		return limit("Max address space", ofAddressSpace(), Remedies.MEMORY);
	}

	/** Returns what to do if memory could not be locked. */
	public String ofLockedMemory() {
		return limit("Max locked memory", ": raise ulimit -l, or lock less", Remedies.MEMORY);
	}

	/** Returns what to do if no thread could be started: its stack is a mapping, too. */
	public String ofThreads() {
		return limit("Max address space", ofAddressSpace() + Remedies.THREADS, Remedies.THREADS);
	}

	private String ofAddressSpace() {
		String used = "";
		try {
			used = ", of which " + 1024 * Long.parseLong(field("self/status", "VmSize:")) + " are in use";
		}
		catch (IOException | RuntimeException ex) {
			// This system does not tell.
		}
		return used + ": close files, or raise ulimit -v";
	}

	/**
	 * Names the limit of mappings if it was reached, or else the given one if it is set.
	 * Otherwise returns the general advice.
	 */
	private String limit(String name, String remedy, String otherwise) {
		try {
			Mappings found = count();
			if (found.beyond(RESERVE_SHARE) <= 0) {
				return ". The process has " + found.count + " mappings, and the limit is " + found.most
						+ ": close files, or raise sysctl vm.max_map_count";
			}
		}
		catch (IOException | RuntimeException ex) {
			// This system does not tell, so it may be the other limit.
		}
		try {
			String soft = field("self/limits", name);
			return soft.equals("unlimited") ? otherwise : ". " + name.replace("Max a", "A").replace("Max l", "L")
					+ " is limited to " + soft + " bytes" + remedy;
		}
		catch (IOException | RuntimeException ex) {
			return otherwise;
		}
	}

	private String field(String file, String name) throws IOException {
		return Files.readAllLines(this.proc.resolve(file), StandardCharsets.ISO_8859_1)
			.stream()
			.filter((line) -> line.startsWith(name))
			.findFirst()
			.orElseThrow()
			.substring(name.length())
			.strip()
			.split(" ", 2)[0];
	}

	/**
	 * The mappings of the process.
	 *
	 * @param count how many it has
	 * @param most how many it may have
	 */
	private record Mappings(long count, long most) {

		/** Returns how many are left beyond the reserve. */
		long beyond(long share) {
			return this.most - this.count - Math.max(LEAST_RESERVE, this.most / share);
		}

	}

}
