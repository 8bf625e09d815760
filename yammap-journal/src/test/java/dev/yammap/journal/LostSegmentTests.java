package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Segments that are missing, cut short, or of which the header is lost: what is left of
 * the others is read, and no number is given to a second record.
 */
class LostSegmentTests extends AbstractRecoveryTests {

	private static final long END = 250;

	/** More than any segment has room for. */
	private static final long JUMP = 1L << 29;

	private final List<JournalSegment> segments = new ArrayList<>();

	/** Makes a journal in three segments at least, all of it durable, as after a kill. */
	private JournalFiles durable() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			this.segments.addAll(journal.segments());
			assertThat(this.segments).hasSizeGreaterThan(2);
			return JournalFiles.of(directory());
		}
	}

	private long firstOf(int segment) {
		return this.segments.get(segment - 1).firstSequence();
	}

	private int last() {
		return this.segments.size();
	}

	private Journal.Builder reading() {
		return builder().options(StandardOpenOption.READ);
	}

	private static List<Long> numbers(Journal journal, long from) throws IOException {
		List<Long> numbers = new ArrayList<>();
		try (JournalReader reader = journal.reader(from)) {
			while (reader.next()) {
				assertThat(reader.record().toByteArray()).isEqualTo(content(reader.record().sequence()));
				numbers.add(reader.record().sequence());
			}
		}
		return numbers;
	}

	private static Long[] range(long... bounds) {
		LongStream all = LongStream.empty();
		for (int i = 0; i < bounds.length; i += 2) {
			all = LongStream.concat(all, LongStream.range(bounds[i], bounds[i + 1]));
		}
		return all.boxed().toArray(Long[]::new);
	}

	/** Returns files that lack one segment, or of which nobody can tell what it was. */
	private static List<JournalFiles> lost(JournalFiles files, int segment) {
		byte[] whole = files.get(segment(segment));
		byte[] broken = whole.clone();
		broken[20] ^= 1;
		return List.of(files.without(segment(segment)), files.with(segment(segment), broken),
				files.with(segment(segment), new byte[0]), files.with(segment(segment), new byte[SEGMENT]),
				files.with(segment(segment), Arrays.copyOf(whole, SEGMENT + 4096)));
	}

	@Test
	void skipReadsAllOthersAndTheJournalIsInOrderThen() throws IOException {
		JournalFiles files = durable();
		for (int segment = 1; segment < last(); segment++) {
			Long[] left = range(0, firstOf(segment), firstOf(segment + 1), END);
			for (JournalFiles lost : lost(files, segment)) {
				lost.writeTo(directory());
				try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
					assertThat(numbers(journal, 0)).containsExactly(left);
					assertThat(journal.append(content(END))).isEqualTo(END);
					assertThat(journal.segments()).hasSameSizeAs(this.segments);
				}
				assertMeetsDamageAt(firstOf(segment), END);
				try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
					assertThat(numbers(journal, 0)).hasSize(left.length + 1).startsWith(left).endsWith(END);
				}
			}
		}
	}

	/** Opening is not refused any more; reading is, at the first record that is lost. */
	private void assertMeetsDamageAt(long lost, long next) throws IOException {
		for (Journal.Builder builder : List.of(builder(), reading())) {
			try (Journal journal = builder.open(); JournalReader reader = journal.reader(0)) {
				for (long number = 0; number < lost; number++) {
					assertThat(reader.next()).isTrue();
				}
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next)
					.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(lost));
				assertThat(numbers(journal, next)).isNotEmpty();
			}
		}
	}

	@Test
	void whatIsOfNoUseIsPutAside() throws IOException {
		JournalFiles files = durable();
		byte[] broken = files.get(segment(2));
		broken[20] ^= 1;
		files.with(segment(2), broken).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.recovery().putAside()).containsExactly(directory().resolve(segment(2) + ".torn"));
			assertThat(Files.readAllBytes(directory().resolve(segment(2) + ".torn"))).isEqualTo(broken);
		}
		// Put back, it is part of the journal again.
		Files.write(directory().resolve(segment(2)), files.get(segment(2)));
		assertHolds(open(), 0, END);
	}

	@Test
	void anotherProcessRefusesOrSkipsASegmentThatIsLost() throws IOException {
		JournalFiles files = durable();
		for (int segment = 1; segment <= last(); segment++) {
			long behind = (segment < last()) ? firstOf(segment + 1) : END;
			Long[] left = range(0, firstOf(segment), behind, END);
			for (JournalFiles lost : lost(files, segment).subList(0, 4)) {
				lost.writeTo(directory());
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reading()::open)
					.satisfies((ex) -> assertThat(ex.ways()).containsExactly(DamageAction.SKIP));
				try (Journal journal = reading().whenDamaged(DamageAction.SKIP).open()) {
					assertThat(numbers(journal, 0)).containsExactly(left);
				}
				assertThat(JournalFiles.of(directory())).isEqualTo(lost);
			}
		}
	}

	@Test
	void anotherProcessRefusesASegmentThatWasCutShortOrReadsWhatIsLeft() throws IOException {
		JournalFiles files = durable();
		for (int segment = 1; segment <= last(); segment++) {
			byte[] whole = files.get(segment(segment));
			for (int length : new int[] { 60, 1000, 5000, SEGMENT - 1 }) {
				files.with(segment(segment), Arrays.copyOf(whole, length)).writeTo(directory());
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reading()::open);
				try (Journal journal = reading().whenDamaged(DamageAction.SKIP).open()) {
					assertThat(numbers(journal, 0)).containsAll(List.of(range(0, firstOf(segment))))
						.containsAll(List.of((segment < last()) ? range(firstOf(segment + 1), END) : range()));
				}
			}
		}
	}

	@Test
	void anotherProcessTellsTheLossOfABeginningFromATornEnd() throws IOException {
		JournalFiles files = durable();
		byte[] second = files.get(segment(2));
		Arrays.fill(second, 512, 4096, (byte) 0);
		JournalFiles lost = files.with(segment(2), second).zeroRecord(content(firstOf(2)));
		lost.writeTo(directory());
		// The last segment says that all before it was durable.
		try (Journal journal = reading().open(); JournalReader reader = journal.reader(0)) {
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> {
				boolean more = reader.next();
				while (more) {
					more = reader.next();
				}
			}).satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(firstOf(2)));
		}
		try (Journal journal = reading().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(numbers(journal, 0)).containsExactly(range(0, firstOf(2), firstOf(2) + 1, END));
		}
		Arrays.fill(second, 512, SEGMENT, (byte) 0);
		files.with(segment(2), second).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reading()::open);
		try (Journal journal = reading().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(numbers(journal, 0)).containsExactly(range(0, firstOf(2), firstOf(3), END));
		}
	}

	@Test
	void noNumberIsGivenTwiceWhereTheLastSegmentsAreLost() throws IOException {
		JournalFiles files = durable();
		for (JournalFiles lost : lost(files, last())) {
			lost.writeTo(directory());
			long next;
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				next = journal.nextSequence();
				assertThat(next).isGreaterThanOrEqualTo(firstOf(last()) + JUMP);
				assertThat(journal.durableSequence()).isEqualTo(next);
				assertThat(numbers(journal, 0)).containsExactly(range(0, firstOf(last())));
				assertThat(journal.recovery().skippedRecords()).isEqualTo(next - firstOf(last()));
				assertThat(this.logged.messages()).anySatisfy((message) -> assertThat(message)
					.contains("from record " + firstOf(last()) + " on", "the number " + next));
				assertThat(journal.append(content(next))).isEqualTo(next);
			}
			assertMeetsDamageAt(firstOf(last()), next);
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				assertThat(journal.nextSequence()).isEqualTo(next + 1);
				assertThat(numbers(journal, 0)).hasSize((int) firstOf(last()) + 1).endsWith(next);
				assertThat(numbers(journal, firstOf(last()) + 1000)).containsExactly(next);
				appendTo(journal, next + 300);
				assertThat(numbers(journal, next)).hasSize(300);
			}
		}
	}

	@Test
	void noNumberIsGivenTwiceWhereAllSegmentsAreLost() throws IOException {
		durable().only("journal.control").writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open);
		long next;
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			next = journal.nextSequence();
			assertThat(next).isGreaterThanOrEqualTo(last() * JUMP);
			assertThat(journal.firstSequence()).isZero();
			assertThat(journal.append(content(next))).isEqualTo(next);
			assertThat(numbers(journal, 0)).containsExactly(next);
		}
		assertMeetsDamageAt(0, next);
	}

	/**
	 * Returns the files as they were before the close: its state in the control file is
	 * lost.
	 */
	private static JournalFiles beforeTheClose(JournalFiles closed) {
		byte[] control = closed.get("journal.control");
		int slot = (control[512 + 4] == 5) ? 512 : 1024;
		assertThat(control[slot + 4]).isEqualTo((byte) 5);
		Arrays.fill(control, slot, slot + 512, (byte) 0);
		return closed.with("journal.control", control);
	}

	private JournalFiles closed(long end) throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, end);
			this.segments.addAll(journal.segments());
		}
		JournalFiles files = JournalFiles.of(directory());
		// One more is ready, and was not used.
		assertThat(files.contents()).containsKey(segment(last() + 1)).doesNotContainKey(segment(last() + 2));
		return beforeTheClose(files);
	}

	@Test
	void noNumberIsGivenTwiceWhereOnlyTheUnusedSegmentIsLeft() throws IOException {
		JournalFiles files = closed(60);
		assertThat(last()).isOne();
		for (JournalFiles lost : lost(files, 1)) {
			assertGoesOnBehindAll(lost, JUMP, 2 * JUMP);
		}
	}

	/** One that was begun knows no number either where nothing of it reached the disk. */
	@Test
	void noNumberIsGivenTwiceWhereNoSegmentThatIsLeftKnowsOne() throws IOException {
		JournalFiles files = closed(130);
		assertThat(last()).isEqualTo(2);
		byte[] second = files.get(segment(2));
		Arrays.fill(second, 512, SEGMENT, (byte) 0);
		assertGoesOnBehindAll(files.with(segment(2), second).without(segment(1)), 2 * JUMP, 3 * JUMP);
	}

	private void assertGoesOnBehindAll(JournalFiles lost, long least, long most) throws IOException {
		lost.writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open)
			.withMessageContaining("whenDamaged(SKIP)");
		long next;
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			next = journal.nextSequence();
			assertThat(next).isBetween(least, most);
			assertThat(numbers(journal, 0)).isEmpty();
			assertThat(journal.append(content(next))).isEqualTo(next);
		}
		assertMeetsDamageAt(0, next);
	}

	@Test
	void segmentThatIsTooLongIsNamed() throws IOException {
		JournalFiles files = durable();
		files.with(segment(2), Arrays.copyOf(files.get(segment(2)), SEGMENT + 1)).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open)
			.withMessageContaining("too long: it is 8193 bytes long, and was made with 8192")
			.withMessageContaining("Cut off what is behind its first 8192 bytes")
			.satisfies((ex) -> assertThat(ex.offset()).isEqualTo(SEGMENT));
		files.writeTo(directory());
		assertHolds(open(), 0, END);
	}

	@Test
	void numbersThatArePassedOverAreNoRecords() throws IOException {
		JournalFiles files = durable();
		files.without(segment(last())).writeTo(directory());
		for (DamageAction action : List.of(DamageAction.SKIP, DamageAction.REFUSE)) {
			try (Journal journal = builder().whenDamaged(action).open()) {
				assertThat(journal.nextSequence()).isGreaterThan(JUMP);
				assertThat(recordsFrom(journal, 0)).isEqualTo(firstOf(last()));
				assertThat(recordsFrom(journal, firstOf(last()) - 3)).isEqualTo(3);
				assertThat(recordsFrom(journal, firstOf(last()))).isZero();
			}
		}
		files.without(segment(1)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(recordsFrom(journal, 0)).isEqualTo(END - firstOf(2));
		}
		// How many are left of one that was cut short is not known.
		files.with(segment(last()), Arrays.copyOf(files.get(segment(last())), 5000)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(recordsFrom(journal, 0)).isBetween(firstOf(last()), firstOf(last()) + 4096 / 24);
		}
	}

	private static long recordsFrom(Journal journal, long sequence) throws IOException {
		return journal.segments().stream().mapToLong((segment) -> segment.recordsFrom(sequence)).sum();
	}

	/** A power cut may come behind each step of the repair. */
	@Test
	void repairThatWasCutOffIsDoneAgain() throws IOException {
		JournalFiles lost = durable().without(segment(last()));
		lost.writeTo(directory());
		String fresh;
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.nextSequence()).isGreaterThan(END);
			// One may have been made ahead before.
			fresh = journal.segments().getLast().file().getFileName().toString();
		}
		JournalFiles repaired = JournalFiles.of(directory());
		assertThat(repaired.contents()).containsKey(fresh);
		JournalFiles made = lost.with(fresh, repaired.get(fresh));
		byte[] unused = repaired.get(fresh);
		Arrays.fill(unused, 512, SEGMENT, (byte) 0);
		for (JournalFiles cut : List.of(made, made.with(fresh, unused),
				made.with("journal.control", repaired.get("journal.control")),
				made.with("journal.control", repaired.get("journal.control")).with(fresh, unused))) {
			cut.writeTo(directory());
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open);
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				assertThat(journal.nextSequence()).isGreaterThanOrEqualTo(firstOf(last()) + JUMP);
				assertThat(numbers(journal, 0)).containsExactly(range(0, firstOf(last())));
				// What never had a record leaves no gap.
				assertThat(files()).contains(fresh).doesNotContain(segment(last() + 2));
			}
			builder().open().close();
		}
	}

	/** A power cut may come when the file of a gap is made, and says nothing yet. */
	@Test
	void gapThatWasBeingFilledIsPassed() throws IOException {
		JournalFiles files = durable();
		for (int segment : new int[] { 2, last() }) {
			files.without(segment(segment)).writeTo(directory());
			JournalFiles repaired;
			long next;
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				next = journal.nextSequence();
				journal.append(content(next));
				repaired = JournalFiles.of(directory());
			}
			byte[] made = repaired.get(segment(segment));
			Arrays.fill(made, 512, made.length, (byte) 0);
			repaired.with(segment(segment), made).writeTo(directory());
			assertMeetsDamageAt(firstOf(segment), next);
		}
	}

	@Test
	void recordsBehindALostFirstSegmentStayThoughNothingSaysThatTheyWereDurable() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			this.segments.addAll(journal.segments());
			files = JournalFiles.of(directory());
		}
		byte[] second = files.get(segment(2));
		Arrays.fill(second, 512, SEGMENT, (byte) 0);
		JournalFiles lost = files.without(segment(1));
		for (int left : new int[] { 2, 3 }) {
			((left == 2) ? lost : lost.with(segment(2), second)).writeTo(directory());
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				assertThat(numbers(journal, 0)).containsExactly(range(firstOf(left), END));
				assertThat(journal.append(content(END))).isEqualTo(END);
			}
			assertMeetsDamageAt(0, END);
		}
	}

	@Test
	void anotherProcessPassesALostFirstSegmentOfManyRecords() throws IOException {
		JournalFiles files;
		long first;
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			appendTo(journal, 300);
			journal.roll();
			first = journal.nextSequence();
			appendTo(journal, 310);
			journal.sync();
			files = JournalFiles.of(directory());
		}
		assertThat(first).isEqualTo(300);
		files.without(segment(1)).writeTo(directory());
		try (Journal journal = reading().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(numbers(journal, 0)).containsExactly(range(first, 310));
		}
	}

	@Test
	void tornEndBeforeALostSegmentIsCutAndLeavesNoGapOfSegments() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 50);
			journal.sync();
			appendTo(journal, 400);
			this.segments.addAll(journal.segments());
			files = JournalFiles.of(directory());
		}
		assertThat(last()).isGreaterThan(4);
		files.zeroRecord(content(60)).without(segment(3)).writeTo(directory());
		long next;
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			next = journal.nextSequence();
			assertThat(next).isGreaterThan(400);
			assertThat(numbers(journal, 0)).containsExactly(range(0, 60));
			assertThat(journal.append(content(next))).isEqualTo(next);
		}
		assertMeetsDamageAt(60, next);
	}

	@Test
	void numbersThatANamedReaderHasReadAreNotGivenAgain() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			this.segments.addAll(journal.segments());
			try (NamedReader reader = journal.reader("billing")) {
				while (reader.next()) {
					assertThat(reader.record().length()).isPositive();
				}
				reader.moveTo(END);
			}
			files = JournalFiles.of(directory());
		}
		// Nothing says that there was a last segment, but the position of the reader.
		files.without("journal.control").without(segment(last())).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open();
				NamedReader reader = journal.reader("billing")) {
			long next = journal.nextSequence();
			assertThat(next).isGreaterThanOrEqualTo(END + JUMP);
			assertThat(reader.position()).isEqualTo(END);
			journal.appendAndSync(content(next));
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(next);
		}
	}

	@Test
	void whatIsLeftOfASegmentThatWasCutShortIsRead() throws IOException {
		JournalFiles files = durable();
		byte[] cut = Arrays.copyOf(files.get(segment(2)), 6000);
		files.with(segment(2), cut).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open)
			.withMessageContaining("cut short");
		long whole;
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			List<Long> numbers = numbers(journal, 0);
			whole = numbers.size() - (END - firstOf(3));
			assertThat(whole).isGreaterThan(firstOf(2)).isLessThan(firstOf(3));
			assertThat(numbers).containsExactly(range(0, whole, firstOf(3), END));
			assertThat(directory().resolve(segment(2))).hasSize(SEGMENT);
		}
		files.with(segment(2), cut).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, whole);
			appendTo(journal, END);
		}
		assertHolds(open(), 0, END);
	}

	@Test
	void noNumberIsGivenTwiceWhereTheLastSegmentWasCutShort() throws IOException {
		JournalFiles files = durable();
		byte[] whole = files.get(segment(last()));
		for (int length : new int[] { 60, 1000, 4096, 5000, SEGMENT - 1 }) {
			files.with(segment(last()), Arrays.copyOf(whole, length)).writeTo(directory());
			long next;
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				next = journal.nextSequence();
				assertThat(next).isGreaterThanOrEqualTo(firstOf(last()) + JUMP);
				assertThat(numbers(journal, 0)).startsWith(range(0, firstOf(last())));
				journal.append(content(next));
			}
			try (Journal journal = builder().open()) {
				assertThat(numbers(journal, next)).containsExactly(next);
			}
		}
	}

	/** One that was made ahead tells that the one before it was there. */
	@Test
	void segmentMissingBeforeOneThatIsNotUsedIsNoticedWithoutAControlFile() throws IOException {
		JournalFiles files = durable();
		String ahead = segment(last() + 1);
		byte[] unused = unused();
		files.without("journal.control").without(segment(last())).with(ahead, unused).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.nextSequence()).isGreaterThanOrEqualTo(firstOf(last()) + JUMP);
			assertThat(numbers(journal, 0)).containsExactly(range(0, firstOf(last())));
		}
		builder().open().close();
	}

	private byte[] unused() throws IOException {
		try (Journal journal = open()) {
			while (!files().contains(segment(last() + 1))) {
				journal.append(content(journal.nextSequence()));
			}
		}
		byte[] made = JournalFiles.of(directory()).get(segment(last() + 1));
		// Appends may have been faster than the thread that made it.
		Arrays.fill(made, 512, SEGMENT, (byte) 0);
		return made;
	}

}
