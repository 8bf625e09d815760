package dev.yammap.journal.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.yammap.journal.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command: what it prints, and what it ends with.
 */
class JournalToolTests {

	private static final String SEGMENT = "0000000000000001.segment";

	/** Where the second record's content begins. */
	private static final int SECOND = 4096 + 32 + 24;

	@TempDir
	private Path temporary;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private int run(String... arguments) {
		this.out.reset();
		this.err.reset();
		return new JournalTool(new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of(arguments));
	}

	private String path() {
		return this.temporary.resolve("journal").toString();
	}

	private Journal open() throws IOException {
		return Journal.builder(Path.of(path())).segmentSize(8192).open();
	}

	private void make() throws IOException {
		try (Journal journal = open()) {
			for (String content : List.of("one", "two", "three")) {
				journal.append(content.getBytes(StandardCharsets.UTF_8));
			}
			journal.reader("billing").close();
		}
	}

	private void overwrite(long offset, int value) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(Path.of(path(), SEGMENT).toFile(), "rw")) {
			file.seek(offset);
			file.write(value);
		}
	}

	@Test
	void listsSegmentsAndReaders() throws IOException {
		make();
		assertThat(run("list", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(SEGMENT + "  records 0 to 2  8192 bytes  open",
				"next record 3, durable before 3", "reader billing at 0, 3 behind");
	}

	@Test
	void listsWhenSegmentsWereSealed() throws IOException {
		try (Journal journal = open()) {
			journal.append(new byte[] { 1 });
			journal.roll();
			journal.append(new byte[] { 2 });
		}
		assertThat(run("list", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).hasSize(3)
			.anyMatch((line) -> line.matches(SEGMENT + "  records 0 to 0  8192 bytes  sealed \\d{4}-\\d\\d-\\d\\dT.*Z"))
			.contains(SEGMENT.replace('1', '2') + "  records 1 to 1  8192 bytes  open",
					"next record 2, durable before 2");
	}

	@Test
	void exportBeginsWithTheFirstRecordThatIsThere() throws IOException {
		try (Journal journal = open()) {
			journal.append(new byte[] { 1 });
			journal.roll();
			journal.appendAndSync(new byte[] { 2 });
			assertThat(journal.removeBefore(1)).isOne();
		}
		assertThat(run("export", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("1\tAg==");
		assertThat(run("export", path(), "0")).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("Record 0 was removed");
	}

	@Test
	void exportsRecords() throws IOException {
		make();
		assertThat(run("export", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("0\tb25l", "1\tdHdv",
				"2\tdGhyZWU=");
		assertThat(run("export", path(), "2")).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("2\tdGhyZWU=");
	}

	@Test
	void exportThatDoesNotReachItsReaderFails() throws IOException {
		make();
		PrintStream full = new PrintStream(new OutputStream() {

			@Override
			public void write(int b) throws IOException {
				throw new IOException("No space left on device");
			}

		});
		int code = new JournalTool(full, new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of("export", path()));
		assertThat(code).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("standard output");
	}

	/** As {@code head} is, after the lines that it wants. */
	@Test
	void exportEndsAtOnceAndWithoutAWordWhenItsReaderHasGone() throws IOException {
		try (Journal journal = Journal.builder(Path.of(path())).segmentSize(1 << 20).open()) {
			for (int i = 0; i < 1000; i++) {
				journal.append(new byte[100]);
			}
		}
		int[] writes = new int[1];
		OutputStream pipe = new OutputStream() {

			@Override
			public void write(int b) throws IOException {
				writes[0]++;
				throw new IOException("Broken pipe");
			}

		};
		int code = new JournalTool(pipe, new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of("export", path()));
		assertThat(code).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).isEmpty();
		assertThat(writes[0]).isLessThan(10);
	}

	@Test
	void exportSaysWhyItsOutputIsNotWhole() throws IOException {
		make();
		OutputStream full = new OutputStream() {

			@Override
			public void write(int b) throws IOException {
				throw new IOException("No space left on device");
			}

		};
		int code = new JournalTool(full, new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of("export", path()));
		assertThat(code).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("standard output", "No space left");
	}

	@Test
	void verifiesWholeJournal() throws IOException {
		make();
		assertThat(run("verify", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("1 segments, records 0 to 2, durable before 3");
		// A writer is kept away no longer than that.
		open().close();
	}

	@Test
	void tellsDamage() throws IOException {
		make();
		overwrite(SECOND, 'X');
		assertThat(run("verify", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("record 1 is not whole", SEGMENT);
		assertThat(run("export", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("0\tb25l");
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("offset " + (SECOND - 24));
		assertThat(run("salvage", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("0\tb25l", "2\tdGhyZWU=");
	}

	@Test
	void tellsDamageOfTheLastRecord() throws IOException {
		make();
		overwrite(SECOND + 32, 'X');
		assertThat(run("verify", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("record 2 is not whole",
				"all records before 3 were", "records 0 to 2");
	}

	@Test
	void tellsTornEnd() throws IOException {
		make();
		overwrite(SECOND + 500, 'X');
		assertThat(run("verify", path())).isEqualTo(JournalTool.TORN);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("torn");
		assertThat(Files.size(Path.of(path(), SEGMENT))).isEqualTo(8192);
	}

	@Test
	void tellsSegmentsBehindATornEnd() throws IOException {
		byte[] last;
		byte[] control;
		Path file = Path.of(path(), SEGMENT.replace('1', '2'));
		try (Journal journal = open()) {
			journal.appendAndSync(new byte[] { 1 });
			journal.append(new byte[] { 2 });
			journal.roll();
			journal.append(new byte[] { 3 });
			last = Files.readAllBytes(file);
			control = Files.readAllBytes(Path.of(path(), "journal.control"));
		}
		// As a kill leaves it, of which the second record did not come down.
		Files.write(Path.of(path(), "journal.control"), control);
		Files.write(file, last);
		try (RandomAccessFile first = new RandomAccessFile(Path.of(path(), SEGMENT).toFile(), "rw")) {
			first.seek(512);
			first.write(new byte[1024]);
			first.seek(SECOND - 24);
			first.write(new byte[32]);
		}
		assertThat(run("verify", path())).isEqualTo(JournalTool.TORN);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("records 0 to 0",
				"The end is torn: 0 bytes, and 1 segments behind");
	}

	@Test
	void tellsFileThatIsNoSegment() throws IOException {
		make();
		Path copy = Path.of(path(), SEGMENT.replace('1', '7'));
		Files.copy(Path.of(path(), SEGMENT), copy);
		assertThat(run("verify", path())).isEqualTo(JournalTool.TORN);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(copy + " is no segment of this journal");
		assertThat(copy).exists();
	}

	@Test
	void tellsControlFileThatIsLost() throws IOException {
		make();
		Path control = Path.of(path(), "journal.control");
		Files.write(control, new byte[4096]);
		assertTellsLossOf(control, "header is not valid");
		Files.delete(control);
		assertTellsLossOf(control, "it is missing");
		assertThat(control).doesNotExist();
		Files.delete(Path.of(path(), SEGMENT));
		Files.delete(Path.of(path(), SEGMENT.replace('1', '2')));
		assertThat(run("verify", path())).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("NoSuchFileException");
	}

	private void assertTellsLossOf(Path control, String problem) {
		assertThat(run("verify", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains(control.toString(), problem,
				"whenDamaged(KEEP_WHOLE_PREFIX) or whenDamaged(SKIP)", "1 segments, records 0 to 2, durable before 3");
		assertThat(run("export", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains(problem);
		assertThat(run("list", path())).isEqualTo(JournalTool.DAMAGED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains(problem);
		assertThat(this.out.toString(StandardCharsets.UTF_8)).contains("records 0 to 2", "next record 3",
				"reader billing at 0, 3 behind");
		assertThat(run("salvage", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("0\tb25l", "1\tdHdv",
				"2\tdGhyZWU=");
	}

	@Test
	void tellsSegmentThatIsLost() throws IOException {
		try (Journal journal = open()) {
			for (int i = 0; i < 3; i++) {
				journal.append(new byte[] { 1 });
				journal.roll();
			}
		}
		Files.delete(Path.of(path(), SEGMENT.replace('1', '2')));
		for (String command : List.of("verify", "export", "list")) {
			assertThat(run(command, path())).isEqualTo(JournalTool.DAMAGED);
			assertThat(this.out.toString(StandardCharsets.UTF_8) + this.err.toString(StandardCharsets.UTF_8))
				.contains("the segment is missing");
		}
		assertThat(run("salvage", path())).isEqualTo(JournalTool.WHOLE);
		assertThat(this.out.toString(StandardCharsets.UTF_8).lines()).containsExactly("0\tAQ==", "2\tAQ==");
	}

	@Test
	void refusesWhatIsNotThereOrInUse() throws IOException {
		assertThat(run("verify", path())).isEqualTo(JournalTool.FAILED);
		try (Journal journal = open()) {
			assertThat(journal.isOpen()).isTrue();
			assertThat(run("verify", path())).isEqualTo(JournalTool.FAILED);
			assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("lock");
		}
		assertThat(run("verify")).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("verify DIR");
		make();
		assertThat(run("export", path(), "0", "1")).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("verify DIR");
		assertThat(run("export", path(), "x")).isEqualTo(JournalTool.FAILED);
		assertThat(run("export", path(), "9")).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("no record 9");
		for (String command : List.of("export", "salvage")) {
			assertThat(run(command, path(), "-1")).isEqualTo(JournalTool.FAILED);
			assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("no record -1");
			assertThat(this.out.size()).isZero();
		}
		assertThat(run("verify", "\0")).isEqualTo(JournalTool.FAILED);
		assertThat(run("other", path())).isEqualTo(JournalTool.FAILED);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("verify DIR");
	}

}
