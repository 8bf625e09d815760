package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Analysis;
import dev.yammap.journal.internal.recovery.Findings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long opening takes where what follows the last record was made to mislead it.
 */
class HostileTailTests extends AbstractRecoveryTests {

	private static final int HOSTILE = 64 << 20;

	private static final int ATTEMPTS = 3;

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void hostileTailOfRandomBytesIsJudgedWithinASecond() throws IOException {
		byte[] tail = new byte[HOSTILE];
		new Random(20260103).nextBytes(tail);
		judge(tail);
	}

	/**
	 * Headers with the right number and every length, but for the tag: nobody who sends
	 * content knows the id of the segment.
	 */
	@Test
	void hostileTailOfHeadersIsJudgedWithinASecond() throws IOException {
		ByteBuffer tail = ByteBuffer.allocate(HOSTILE).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; tail.remaining() >= 24; i++) {
			tail.putInt(i).putInt(HOSTILE - i * 24).putLong(2 + i % 3).putInt(0).putInt(i * 31);
		}
		judge(tail.array());
	}

	/** Also the whole of another segment, byte by byte. */
	@Test
	void hostileTailOfAnotherSegmentIsJudgedWithinASecond() throws IOException {
		byte[] tail = new byte[HOSTILE];
		Path other = this.temporary.resolve("other");
		try (Journal journal = Journal.builder(other).segmentSize(HOSTILE).backend(this.backend).open()) {
			while (journal.segments().size() == 1) {
				journal.append(content(journal.nextSequence()));
			}
		}
		try (RandomAccessFile file = new RandomAccessFile(other.resolve(segment(1)).toFile(), "r")) {
			file.readFully(tail);
		}
		judge(tail);
	}

	/**
	 * Counts the time of processors, as the machine may have other things to do. The best
	 * of a few attempts, as this process has other threads.
	 */
	private void judge(byte[] tail) throws IOException {
		leave(tail, END_OF_TWO, HOSTILE + SEGMENT);
		Duration best = Duration.ofDays(1);
		for (int i = 0; i < ATTEMPTS && best.compareTo(SECOND) >= 0; i++) {
			Duration begin = processorTime();
			Findings found = analyze();
			Duration taken = processorTime().minus(begin);
			best = (taken.compareTo(best) < 0) ? taken : best;
			assertThat(found.next()).isEqualTo(2);
			assertThat(found.tornBytes()).isGreaterThan(HOSTILE - 100);
		}
		assertThat(best).isLessThan(SECOND);
		assertThat(open().recovery().tornBytes()).isGreaterThan(HOSTILE - 100);
	}

	private static Duration processorTime() {
		return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
	}

	private Findings analyze() throws IOException {
		JournalDirectory files = new JournalDirectory(directory(), Set.of(), this.backend);
		ControlFile.Snapshot control = ControlFile.read(files, new ControlFromSegments(files, DamageAction.REFUSE));
		return new Analysis(files, control.journalId(), control.state(), DamageAction.REFUSE, false, false).run();
	}

}
