package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is durable before what: each step of the writer and of recovery that a later one
 * relies on. More flushes than these do no harm.
 */
class FlushOrderTests extends AbstractRecoveryTests {

	private static final String CONTROL = "journal.control";

	private List<String> flushes(ThrowingCallable call) throws IOException {
		return Flushes.of(directory(), call);
	}

	private List<String> flushesOfOpening(DamageAction action) throws IOException {
		return flushes(() -> open(builder().whenDamaged(action)));
	}

	@Test
	void newJournalIsThereBeforeItsFirstRecord() throws IOException {
		assertThat(flushes(this::open)).containsSubsequence("..", CONTROL, segment(1), CONTROL, segment(1));
	}

	/** Nobody may have flushed its name: who made it, or an opening that was killed. */
	@Test
	void directoryThatExistsIsThereBeforeItsFirstRecord() throws IOException {
		Files.createDirectory(directory());
		List<Journal> opened = new ArrayList<>();
		assertThat(flushes(() -> opened.add(open()))).containsSubsequence("..", CONTROL, segment(1), CONTROL,
				segment(1));
		Path copy = Files.createDirectory(this.temporary.resolve("copy"));
		assertThat(Flushes.of(copy, () -> opened.getFirst().copyTo(copy))).containsSubsequence("..", segment(1),
				CONTROL);
	}

	/** A control file never says that a segment is ready which a power cut could take. */
	@Test
	void segmentIsDurableBeforeTheControlFileSaysItIsReady() throws IOException {
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.append(content(0));
		assertThat(flushes(journal::roll)).containsSubsequence(segment(2), CONTROL);
	}

	@Test
	void syncFlushesEachSegmentThatIsNotDurableInOrder() throws IOException {
		Journal journal = open();
		while (journal.segments().size() < 4) {
			appendTo(journal, journal.nextSequence() + 1);
		}
		assertThat(ofSegments(flushes(journal::sync))).containsExactly(segment(1), segment(2), segment(3), segment(4));
		appendTo(journal, journal.nextSequence() + 1);
		assertThat(ofSegments(flushes(journal::sync))).containsExactly(segment(4));
		assertThat(ofSegments(flushes(journal::sync))).isEmpty();
	}

	@Test
	void syncFlushesNoSegmentThatHasNothingToMakeDurable() throws IOException {
		// So large that the next segment is not made meanwhile.
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.appendAndSync(content(0));
		for (int i = 1; i < 4; i++) {
			journal.roll();
			journal.append(content(i));
		}
		assertThat(ofSegments(flushes(journal::sync))).containsExactly(segment(2), segment(3), segment(4));
		journal.append(content(4));
		journal.roll();
		assertThat(flushes(journal::sync)).containsExactly(segment(4));
	}

	/** The next one may be made at the same time, on a thread of its own. */
	private static List<String> ofSegments(List<String> flushes) {
		return flushes.stream().filter((name) -> name.endsWith(".segment") && !name.equals(segment(5))).toList();
	}

	@Test
	void closeIsWrittenDownWhenAllIsDurable() throws IOException {
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.append(content(0));
		assertThat(flushes(journal::close)).containsExactly(segment(1), segment(1), CONTROL);
	}

	@Test
	void removalIsDurableBeforeTheJournalForgetsIt() throws IOException {
		Journal journal = open();
		appendTo(journal, 250);
		journal.sync();
		assertThat(flushes(() -> journal.removeBefore(200))).containsSubsequence(CONTROL, ".");
	}

	/** Or after a power cut a reader may be where records are gone. */
	@Test
	void positionsOfReadersAreDurableBeforeWhatTheyDoNotNeedIsRemoved() throws IOException {
		Journal journal = open();
		appendTo(journal, 250);
		journal.sync();
		for (int number : new int[] { 100, 200 }) {
			NamedReader reader = closedLater(journal.reader("billing"));
			while (reader.nextSequence() < number) {
				assertThat(reader.next()).isTrue();
			}
			reader.moveTo(number);
			if (number == 100) {
				reader.close();
			}
			assertThat(flushes(() -> journal.removeBefore(number))).containsSubsequence("billing.reader", CONTROL, ".");
			assertThat(journal.firstSequence()).isBetween(1L, (long) number);
			assertThat(flushes(() -> journal.removeBefore(0))).isEmpty();
		}
	}

	@Test
	void positionIsDurableWhenItIsMoved() throws IOException {
		// So large that the next segment is not made meanwhile.
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.appendAndSync(content(0));
		assertThat(flushes(() -> closedLater(journal.reader("billing")))).containsSubsequence("billing.reader");
		try (NamedReader reader = journal.reader("other")) {
			assertThat(reader.next()).isTrue();
			assertThat(flushes(() -> reader.moveTo(1))).containsOnly("other.reader");
		}
	}

	/** The next position goes over the one before. A kill may have left it in memory. */
	@Test
	void positionThatIsFoundIsDurableBeforeTheReaderMovesOn() throws IOException {
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.reader("billing").close();
		assertThat(flushes(() -> closedLater(journal.reader("billing")))).contains("billing.reader");
	}

	@Test
	void controlFileOfACopyIsTheLastOfItsFiles() throws IOException {
		Journal journal = open();
		while (journal.segments().size() < 3) {
			appendTo(journal, journal.nextSequence() + 1);
		}
		Path copy = this.temporary.resolve("copy");
		assertThat(Flushes.of(copy, () -> journal.copyTo(copy))).containsSubsequence("..", segment(1), segment(2),
				segment(3), CONTROL);
	}

	@Test
	void whatAKillLeftIsDurableWhenOpeningReturns() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			while (journal.segments().size() < 4) {
				appendTo(journal, journal.nextSequence() + 1);
			}
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		assertThat(flushesOfOpening(DamageAction.REFUSE)).containsSubsequence(segment(1), segment(2), segment(3),
				segment(4));
	}

	/**
	 * The close has made all else durable. It may have been killed before its own flush,
	 * and the next state goes over the one before.
	 */
	@Test
	void journalThatWasClosedMakesThatDurableAndSaysThatItIsOpenBeforeAnAppend() throws IOException {
		try (Journal journal = open()) {
			appendTo(journal, 10);
		}
		assertThat(flushesOfOpening(DamageAction.REFUSE)).containsExactly(CONTROL, segment(1), CONTROL);
	}

	@Test
	void tornEndIsKeptAsideBeforeItIsCut() throws IOException {
		killed(10, 20).zeroRecord(content(15)).writeTo(directory());
		List<String> flushes = flushesOfOpening(DamageAction.REFUSE);
		String copy = files().stream().filter((name) -> name.endsWith(".torn")).findFirst().orElseThrow();
		assertThat(flushes).containsSubsequence(copy, ".", segment(1), segment(1), segment(1));
	}

	/** A file that is put aside again has no longer a place in the journal. */
	@Test
	void segmentsBehindATornEndAreNoneOfTheJournalBeforeTheyAreMoved() throws IOException {
		killed(10, 250).zeroRecord(content(15)).writeTo(directory());
		List<String> flushes = flushesOfOpening(DamageAction.REFUSE);
		long aside = files().stream().filter((name) -> name.matches("\\d+\\.segment\\.torn")).count();
		assertThat(aside).isGreaterThan(2);
		// What the control file said before is durable first.
		assertThat(flushes).startsWith(CONTROL, CONTROL);
		int control = flushes.subList(2, flushes.size()).indexOf(CONTROL) + 2;
		assertThat(flushes.subList(2, control)).containsSubsequence(".");
		List<String> behind = flushes.subList(control, flushes.size());
		int cut = behind.indexOf(segment(1));
		assertThat(behind.subList(0, cut)).filteredOn("."::equals).hasSizeGreaterThanOrEqualTo((int) aside);
		assertThat(behind.subList(cut, behind.size())).containsSubsequence(segment(1), segment(1), segment(1));
	}

	/** First the slot that says that more was durable, or it would be damage again. */
	@Test
	void whatWasDurableIsForgottenBeforeItIsCut() throws IOException {
		killed(20, 20).zeroRecord(content(12)).writeTo(directory());
		assertThat(flushesOfOpening(DamageAction.KEEP_WHOLE_PREFIX)).containsSubsequence(".", CONTROL, segment(1),
				segment(1), segment(1), segment(1));
	}

	@Test
	void leftOversAreGoneBeforeAnAppend() throws IOException {
		JournalFiles files = killed(20, 20);
		files.with(segment(9), new byte[SEGMENT]).writeTo(directory());
		assertThat(flushesOfOpening(DamageAction.REFUSE)).contains(".");
	}

	/** What is durable behind it is written down first: nothing else may say so. */
	@Test
	void lostSegmentIsReplacedDurably() throws IOException {
		killed(250, 250).without(segment(2)).writeTo(directory());
		List<String> flushes = flushesOfOpening(DamageAction.SKIP);
		String last = lastSegment();
		assertThat(flushes).containsSubsequence(last, last, last, segment(2), segment(2));
	}

	/** The one that was opened last is open still. */
	private String lastSegment() throws IOException {
		try (Journal journal = builder().options(StandardOpenOption.READ).open()) {
			return journal.segments().getLast().file().getFileName().toString();
		}
	}

	@Test
	void segmentBehindLostOnesIsDurableBeforeTheyAreReplaced() throws IOException {
		killed(250, 250).writeTo(directory());
		String lost = lastSegment();
		Files.delete(directory().resolve(lost));
		List<String> flushes = flushesOfOpening(DamageAction.SKIP);
		String last = lastSegment();
		// What is written of the end is flushed as well: it says what was skipped.
		assertThat(flushes).containsSubsequence(CONTROL, last, last, last, last, lost, lost);
	}

	/** Until then each opening finds that something is lost. */
	@Test
	void sizeOfASegmentThatWasCutShortIsGivenBackLast() throws IOException {
		JournalFiles files = killed(250, 250);
		files.with(segment(1), Arrays.copyOf(files.get(segment(1)), 6000)).writeTo(directory());
		List<String> flushes = flushesOfOpening(DamageAction.SKIP);
		// The next one may be made at the same time.
		assertThat(flushes.lastIndexOf(segment(1))).isGreaterThan(flushes.lastIndexOf(lastSegment())).isNotNegative();
	}

	/** The numbers that it may have had must not be given again. */
	@Test
	void sizeOfTheLastSegmentIsGivenBackWhenNumbersGoOnBehindThoseThatAreLost() throws IOException {
		JournalFiles files = killed(250, 250);
		files.writeTo(directory());
		String cut = lastSegment();
		files.with(cut, Arrays.copyOf(files.get(cut), 6000)).writeTo(directory());
		List<String> flushes = flushesOfOpening(DamageAction.SKIP);
		String last = lastSegment();
		assertThat(flushes).containsSubsequence(CONTROL, last, cut);
		assertThat(flushes.lastIndexOf(cut)).isGreaterThan(flushes.lastIndexOf(last));
	}

	@Test
	void controlFileThatIsNotWholeIsKeptAsideBeforeItIsWrittenOver() throws IOException {
		JournalFiles files = killed(20, 20);
		byte[] control = files.get(CONTROL);
		control[9]++;
		files.with(CONTROL, control).writeTo(directory());
		assertThat(flushesOfOpening(DamageAction.SKIP)).containsSubsequence(CONTROL + ".torn", ".", CONTROL);
		assertThat(Files.exists(directory().resolve(CONTROL + ".torn"))).isTrue();
	}

}
