package dev.yammap.journal.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that are killed while four threads append: every record that was synced is
 * there, and no number is missing.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class KilledProcessTests {

	@TempDir
	private Path temporary;

	private static final int KILLS_OF_A_JOURNAL = 10;

	private final Random random = new Random(20260101);

	private long keys;

	@Test
	void killTakesNothingBack() throws Exception {
		kill(3);
	}

	@Test
	@Tag("faults")
	void manyKillsTakeNothingBack() throws Exception {
		kill(100);
	}

	private void kill(int times) throws Exception {
		for (int i = 0; i < times; i++) {
			// A new one now and then: each kill makes it longer, and all of it is read.
			Path path = this.temporary.resolve("journal-" + i / KILLS_OF_A_JOURNAL);
			Map<Long, Long> appended = appendAndKill(path);
			try (Journal journal = Journal.open(path)) {
				long first = journal.firstSequence();
				long[] found = Workload.read(journal);
				for (Map.Entry<Long, Long> entry : appended.entrySet()) {
					long index = entry.getKey() - first;
					assertThat(index).as("record " + entry.getKey() + " after kill " + i).isLessThan(found.length);
					if (index >= 0) {
						assertThat(found[(int) index]).isEqualTo(entry.getValue());
					}
				}
			}
		}
	}

	/** Returns what the process said that it had appended. */
	private Map<Long, Long> appendAndKill(Path path) throws Exception {
		Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), AppendingProgram.class.getName(), path.toString(),
				String.valueOf(this.keys)))
			.redirectError(this.temporary.resolve("child.err").toFile())
			.start();
		Map<Long, Long> appended = new HashMap<>();
		int most = 20 + this.random.nextInt(2000);
		try (DataInputStream in = new DataInputStream(process.getInputStream())) {
			for (int i = 0; i < most; i++) {
				take(in, appended);
			}
			// Not that of the process itself, which closes its stream as well.
			process.toHandle().destroyForcibly();
			while (true) {
				take(in, appended);
			}
		}
		catch (EOFException ex) {
			// That was the last one.
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		assertThat(appended).as(() -> read(this.temporary.resolve("child.err"))).hasSizeGreaterThanOrEqualTo(most);
		this.keys += 1_000_000_000;
		return appended;
	}

	private static void take(DataInputStream in, Map<Long, Long> appended) throws IOException {
		long number = in.readLong();
		appended.put(number, in.readLong());
	}

	private static String read(Path file) {
		try {
			return java.nio.file.Files.readString(file);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
