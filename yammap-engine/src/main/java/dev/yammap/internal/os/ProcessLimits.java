package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds out which limit of this process the operating system refused something for, where
 * it has one word for several. Linux tells in {@code proc(5)}; elsewhere, or where that
 * cannot be read, all of them are named.
 */
public final class ProcessLimits {

	private static final ProcessLimits OF_THIS_PROCESS = new ProcessLimits(Path.of("/proc"));

	/**
	 * The virtual machine maps and unmaps all the time, so it may be some less by now.
	 */
	private static final long SLACK = 32;

	private final Path maps;

	private final Path mostMaps;

	private final Path limits;

	private final Path status;

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
	 * Returns what to do where memory could not be mapped, as the end of a message.
	 */
	public static String ofMemory() {
		return OF_THIS_PROCESS.forMemory();
	}

	/**
	 * Returns what to do where memory could not be locked.
	 */
	public static String ofLockedMemory() {
		return OF_THIS_PROCESS.forLockedMemory();
	}

	/**
	 * Returns what to do where no thread could be started: its stack is a mapping, too.
	 */
	public static String ofThreads() {
		return OF_THIS_PROCESS.forThreads();
	}

	String forMemory() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max address space", ofAddressSpace(), Remedies.MEMORY) : mappings;
	}

	String forLockedMemory() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max locked memory", ": raise ulimit -l, or lock less", Remedies.MEMORY)
				: mappings;
	}

	String forThreads() {
		String mappings = ofMappings();
		return mappings.isEmpty() ? limit("Max address space", ofAddressSpace(), "") + Remedies.THREADS : mappings;
	}

	/** Returns nothing if it is not the number of mappings. */
	private String ofMappings() {
		try (Stream<String> lines = Files.lines(this.maps, StandardCharsets.ISO_8859_1)) {
			long count = lines.count();
			// Read at once: a second read of such a file finds nothing.
			long most = Long
				.parseLong(Files.readAllLines(this.mostMaps, StandardCharsets.ISO_8859_1).getFirst().strip());
			return (count < most - SLACK) ? "" : ". The process has " + count + " mappings, and the limit is " + most
					+ ": close files, or raise sysctl vm.max_map_count";
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

	/** Names a limit that is set, or falls back to what is true of all. */
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

}
