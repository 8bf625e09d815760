package dev.yammap.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.yammap.benchmarks.peers.Peer.Kind;

/**
 * Something that the peers do.
 *
 * @param name how the documents quote it
 * @param unit the unit of the figures. With {@code 1/s}, more is better
 * @param threads how many threads do it at the same time
 * @param virtual whether these are virtual threads
 * @param contenders the peers that can do it, the project's own one first
 */
record Operation(String name, String unit, int threads, boolean virtual, List<Contender> contenders) {

	private static final String PER_SECOND = "1/s";

	/**
	 * A peer, and how it is run.
	 *
	 * @param peer its name
	 * @param benchmark class and method
	 * @param parameters of the benchmark
	 */
	record Contender(String peer, String benchmark, Map<String, String> parameters) {
	}

	static List<Operation> all() {
		List<Operation> operations = new ArrayList<>();
		operations.add(copy("read-long", "readLong", Long.BYTES));
		operations.add(copy("write-long", "writeLong", Long.BYTES));
		Map.of(64, "64", 4096, "4k", 1 << 20, "1m")
			.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.forEach((length) -> {
				operations.add(copy("read-" + length.getValue(), "read", length.getKey()));
				operations.add(copy("write-" + length.getValue(), "write", length.getKey()));
			});
		operations.add(new Operation("append-64", "ns", 1, false,
				List.of(append("yammap"), append("fileChannel"), append("chronicleBytes"))));
		operations.add(new Operation("open-read-close", "ns", 1, false,
				List.of(Kind.values()).stream().map((kind) -> contender("openReadClose", kind, Map.of())).toList()));
		operations.add(commit("commit-1", 1, false));
		operations.add(commit("commit-16", 16, false));
		operations.add(commit("commit-64-virtual", 64, true));
		operations.add(journal("journal-append-64", "JournalAppendBenchmark"));
		operations.add(journal("journal-read-64", "JournalReadBenchmark"));
		return operations;
	}

	private static Operation copy(String name, String method, int length) {
		return new Operation(name, "ns", 1, false,
				List.of(Kind.values())
					.stream()
					.filter((kind) -> kind != Kind.LUCENE || method.startsWith("read"))
					.map((kind) -> contender(method, kind, Map.of("length", Integer.toString(length))))
					.toList());
	}

	private static Operation commit(String name, int threads, boolean virtual) {
		return new Operation(name, PER_SECOND, threads, virtual,
				List.of(Kind.YAMMAP, Kind.FILE_CHANNEL, Kind.MAPPED_BYTE_BUFFER)
					.stream()
					.map((kind) -> contender("commit", kind, Map.of()))
					.toList());
	}

	private static Operation journal(String name, String benchmark) {
		return new Operation(name, "ns", 1, false,
				List.of(new Contender("yammap", benchmark + ".journal", Map.of("length", "64")),
						new Contender("chronicle-queue", benchmark + ".chronicleQueue", Map.of("length", "64"))));
	}

	private static Contender contender(String method, Kind kind, Map<String, String> more) {
		Map<String, String> parameters = new java.util.TreeMap<>(more);
		parameters.put("kind", kind.name());
		return new Contender(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), "PeerBenchmark." + method,
				parameters);
	}

	private static Contender append(String method) {
		return new Contender(method.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT),
				"PeerAppendBenchmark." + method, Map.of());
	}

	/**
	 * Returns the figure of this operation.
	 * @param score nanoseconds that one thread takes for it, as JMH has measured
	 */
	double figure(double score) {
		return this.unit.equals(PER_SECOND) ? this.threads * 1e9 / score : score;
	}

}
