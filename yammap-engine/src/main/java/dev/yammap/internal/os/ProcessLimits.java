package dev.yammap.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

	private final Path maps;

	private final Path mostMaps;

	private final Path limits;

	private final Path status;

	/** How many mappings may be made before they are counted again. */
	private long believed;

	/** When they were counted last. */
	private long counted = System.nanoTime() - 2 * BELIEVED_NANOS;

	/**
	 * Creates the limits of a process.
	 * @param proc where {@code proc(5)} is mounted
	 */
	ProcessLimits(Path proc) {
		this.maps = proc.resolve("self/maps");
		this.mostMaps = proc.resolve("sys/vm/max_map_count");
		this.limits = proc.resolve("self/limits");
		this.status = proc.resolve("self/status");
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
			this.believed = (found.left() - found.reserve(RESERVE_SHARE)) / 2;
			this.counted = System.nanoTime();
			return wanted <= found.left() - found.reserve(share);
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
		try (FileInputStream input = new FileInputStream(this.maps.toFile())) {
			for (int length = input.read(chunk); length > 0; length = input.read(chunk)) {
				for (int i = 0; i < length; i++) {
					if (chunk[i] == '\n') {
						count++;
						i += SHORTEST_LINE;
					}
				}
			}
		}
		try (FileInputStream input = new FileInputStream(this.mostMaps.toFile())) {
			// One read gets all: a second read of such a file finds nothing.
			String most = new String(chunk, 0, Math.max(0, input.read(chunk)), StandardCharsets.ISO_8859_1);
			return new Mappings(count, Long.parseLong(most.strip()));
		}
	}

	/** Returns what to do if memory could not be mapped, as the end of a message. */
	public String ofMemory() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max address space", ofAddressSpace(), Remedies.MEMORY) : mappings;
	}

	/** Returns what to do if memory could not be locked. */
	public String ofLockedMemory() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max locked memory", ": raise ulimit -l, or lock less", Remedies.MEMORY)
				: mappings;
	}

	/** Returns what to do if no thread could be started: its stack is a mapping, too. */
	public String ofThreads() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max address space", ofAddressSpace(), "") + Remedies.THREADS : mappings;
	}

	/** Returns an empty text if the number of mappings is not the reason. */
	private String ofMappings() {
		try {
			Mappings found = count();
			return (found.left() > found.reserve(RESERVE_SHARE)) ? "" : ". The process has " + found.count
					+ " mappings, and the limit is " + found.most + ": close files, or raise sysctl vm.max_map_count";
		}
		catch (IOException | RuntimeException ex) {
			return "";
		}
	}

	private String ofAddressSpace() {
		try {
			String used = field(Files.readAllLines(this.status, StandardCharsets.ISO_8859_1), "VmSize:").split(" ",
					2)[0];
			return ", of which " + 1024 * Long.parseLong(used) + " are in use: close files, or raise ulimit -v";
		}
		catch (IOException | RuntimeException ex) {
			return ": close files, or raise ulimit -v";
		}
	}

	/** Names a limit if it is set; otherwise returns the general advice. */
	private String limit(String name, String remedy, String otherwise) {
		try {
			String soft = field(Files.readAllLines(this.limits, StandardCharsets.ISO_8859_1), name).split(" ", 2)[0];
			return soft.equals("unlimited") ? otherwise : ". " + name.replace("Max a", "A").replace("Max l", "L")
					+ " is limited to " + soft + " bytes" + remedy;
		}
		catch (IOException | RuntimeException ex) {
			return otherwise;
		}
	}

	private static String field(List<String> lines, String name) {
		return lines.stream()
			.filter((line) -> line.startsWith(name))
			.findFirst()
			.orElseThrow()
			.substring(name.length())
			.strip();
	}

	/**
	 * The mappings of the process.
	 *
	 * @param count how many it has
	 * @param most how many it may have
	 */
	private record Mappings(long count, long most) {

		long left() {
			return this.most - this.count;
		}

		long reserve(long share) {
			return Math.max(LEAST_RESERVE, this.most / share);
		}

	}

}
