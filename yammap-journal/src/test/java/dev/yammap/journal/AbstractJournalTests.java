package dev.yammap.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.yammap.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of journals stand on: small segments, on each backend. What a test
 * leaves open is closed after it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
abstract class AbstractJournalTests {

	/** Room for 4096 bytes of records. */
	static final int SEGMENT = 8192;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	Backend backend;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path temporary;

	private final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();

	@AfterEach
	void closeAll() throws Exception {
		for (AutoCloseable one : this.opened) {
			one.close();
		}
	}

	Path directory() {
		return this.temporary.resolve("journal");
	}

	Journal.Builder builder() {
		return Journal.builder(directory()).segmentSize(SEGMENT).backend(this.backend);
	}

	Journal open() throws IOException {
		return open(builder());
	}

	Journal open(Journal.Builder builder) throws IOException {
		return closedLater(builder.open());
	}

	<T extends AutoCloseable> T closedLater(T one) {
		this.opened.add(one);
		return one;
	}

	/** Returns a content all of which depends on the number. */
	static byte[] content(long number) {
		return ("record " + number + " ").repeat((int) (1 + number % 4)).getBytes(StandardCharsets.UTF_8);
	}

	/** Appends the records up to a number. */
	static void appendTo(Journal journal, long end) throws IOException {
		for (long number = journal.nextSequence(); number < end; number++) {
			assertThat(journal.append(content(number))).isEqualTo(number);
		}
	}

	/**
	 * Insists that a journal holds the records from one number to another, and no more.
	 */
	static void assertHolds(Journal journal, long from, long end) throws IOException {
		List<Long> numbers = new ArrayList<>();
		journal.forEach(from, (record) -> {
			assertThat(record.toByteArray()).isEqualTo(content(record.sequence()));
			numbers.add(record.sequence());
		});
		assertThat(numbers).hasSize((int) (end - from));
		assertThat(journal.nextSequence()).isEqualTo(end);
		for (int i = 0; i < numbers.size(); i++) {
			assertThat(numbers.get(i)).isEqualTo(from + i);
		}
	}

	List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(directory())) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	static String segment(int index) {
		return "%016d.segment".formatted(index);
	}

}
