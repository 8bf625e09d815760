package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What opening looks at, which is what its time depends on.
 */
class RecoveryCostTests extends AbstractRecoveryTests {

	private static final int DATA = 4096;

	private static final int SECTOR = 512;

	private void overwrite(int segment, long offset, byte[] bytes) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(directory().resolve(segment(segment)).toFile(), "rw")) {
			file.seek(offset);
			file.write(bytes);
		}
	}

	/** So the time to open a journal does not grow with it. */
	@Test
	void openingLooksAtNoRecordThatIsKnownToBeDurable() throws IOException {
		long end;
		int segments;
		try (Journal journal = open()) {
			appendTo(journal, 1000);
			end = journal.nextSequence();
			segments = journal.segments().size();
		}
		assertThat(segments).isGreaterThan(8);
		for (int i = 1; i < segments; i++) {
			overwrite(i, DATA, new byte[SEGMENT - DATA]);
		}
		Journal journal = open();
		assertThat(journal.nextSequence()).isEqualTo(end);
		assertThat(journal.recovery().wasTorn()).isFalse();
		long first = journal.segments().getLast().firstSequence();
		assertHolds(journal, first, end);
	}

	@Test
	void openingLooksAtRecordsFromTheDurableNumberOn() throws IOException {
		JournalFiles files;
		try (Journal journal = open()) {
			appendTo(journal, 500);
			journal.sync();
			appendTo(journal, 900);
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		overwrite(1, DATA, new byte[SEGMENT - DATA]);
		overwrite(2, DATA, new byte[SEGMENT - DATA]);
		Journal journal = open();
		assertThat(journal.nextSequence()).isEqualTo(900);
		assertThat(journal.recovery().durableSequence()).isEqualTo(500);
		assertHolds(journal, 500, 900);
	}

	/** So the time to open does not depend on how much of a segment is not used yet. */
	@Test
	void openingAfterACloseDoesNotReadTheRestOfTheSegment() throws IOException {
		try (Journal journal = open(builder().segmentSize(1 << 20))) {
			appendTo(journal, 100);
		}
		JournalFiles closed = JournalFiles.of(directory());
		overwrite(1, 1 << 19, new byte[] { 1 });
		try (Journal journal = builder().open()) {
			assertThat(journal.recovery().wasTorn()).isFalse();
			assertHolds(journal, 0, 100);
		}
		// But what is right behind the close is read, and all after a kill.
		closed.writeTo(directory());
		overwrite(1, (1 << 16) + 100, new byte[] { 1 });
		try (Journal journal = builder().open()) {
			assertThat(journal.recovery().wasTorn()).isTrue();
		}
		closed.writeTo(directory());
		JournalFiles killed;
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isEqualTo(100);
			killed = JournalFiles.of(directory());
		}
		killed.writeTo(directory());
		overwrite(1, 1 << 19, new byte[] { 1 });
		assertThat(open().recovery().wasTorn()).isTrue();
	}

	@Test
	void recordsBehindACloseThatAnOlderControlFileTellsOfStay() throws IOException {
		open().close();
		JournalFiles closed = JournalFiles.of(directory());
		JournalFiles killed;
		try (Journal journal = builder().open()) {
			appendTo(journal, 30);
			killed = JournalFiles.of(directory());
		}
		killed.with("journal.control", closed.get("journal.control")).writeTo(directory());
		assertHolds(open(), 0, 30);
	}

	/** Of a segment that was ready at the close, and filled afterwards. */
	@Test
	void recordsInTheSegmentBehindACloseThatAnOlderControlFileTellsOfStay() throws IOException {
		long first;
		Path other = this.temporary.resolve("other");
		try (Journal journal = Journal.builder(other).segmentSize(SEGMENT).backend(this.backend).open()) {
			while (journal.segments().size() == 1) {
				appendTo(journal, journal.nextSequence() + 1);
			}
			first = journal.nextSequence() - 1;
		}
		try (Journal journal = open()) {
			appendTo(journal, first);
			assertThat(journal.segments()).hasSize(1);
		}
		JournalFiles closed = JournalFiles.of(directory());
		JournalFiles killed;
		try (Journal journal = open()) {
			appendTo(journal, first + 5);
			assertThat(journal.segments()).hasSize(2);
			killed = JournalFiles.of(directory());
		}
		byte[] segment = killed.get(segment(2));
		// Its slots were lost, which nothing has flushed.
		Arrays.fill(segment, SECTOR, DATA, (byte) 0);
		killed.with(segment(2), segment).with("journal.control", closed.get("journal.control")).writeTo(directory());
		assertHolds(open(), 0, first + 5);
	}

}
