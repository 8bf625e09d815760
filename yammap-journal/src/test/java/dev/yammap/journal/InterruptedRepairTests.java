package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Recovery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A repair of lost segments that ends in the middle: after each flush of a segment, with
 * all that was written by then, as a kill leaves it, and with what was flushed alone, as
 * a power cut may.
 */
class InterruptedRepairTests extends AbstractRecoveryTests {

	private static final long END = 250;

	private static final int SLOTS = 512;

	private static final int DATA = 4096;

	private JournalFiles appended(long durable) throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, durable);
			if (durable > 0) {
				journal.sync();
			}
			appendTo(journal, END);
			assertThat(journal.segments().size()).isGreaterThan(2);
			return JournalFiles.of(directory());
		}
	}

	private static int last(JournalFiles files) {
		int last = 1;
		while (files.contents().containsKey(segment(last + 1)) && !isUnused(files.get(segment(last + 1)))) {
			last++;
		}
		return last;
	}

	/** Also of a segment that was just being made. */
	private static boolean isUnused(byte[] segment) {
		return segment.length <= DATA
				|| Arrays.equals(segment, DATA, segment.length, new byte[segment.length], DATA, segment.length);
	}

	/** Returns the states in which a repair may end. */
	private List<JournalFiles> cutsOfRepair(JournalFiles lost, DamageAction action) throws IOException {
		lost.writeTo(directory());
		Flushes flushes = new Flushes(lost);
		JournalDirectory files = new JournalDirectory(directory(), PosixFilePermissions.fromString("rw-------"),
				this.backend, flushes);
		try (ControlFile control = ControlFile.openToWrite(files, false, new ControlFromSegments(files, action))) {
			assertThat(new Recovery(files, control, action, SEGMENT).run().segments()).isNotEmpty();
		}
		flushes.cuts.add(JournalFiles.of(directory()));
		assertThat(flushes.cuts).hasSizeGreaterThan(2);
		return flushes.cuts;
	}

	/**
	 * Insists that no number below the given one is given again, whether the journal
	 * opens without the setting or not, and that no record is lost.
	 */
	private void assertSkipGoesOnBehind(JournalFiles cut, long next) throws IOException {
		cut.writeTo(directory());
		Set<Long> left = skipAll(next);
		cut.writeTo(directory());
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isGreaterThanOrEqualTo(next);
		}
		catch (JournalDamagedException ex) {
			assertThat(ex.ways()).contains(DamageAction.SKIP);
		}
		assertThat(skipAll(next)).isEqualTo(left);
	}

	private Set<Long> skipAll(long next) throws IOException {
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.nextSequence()).isGreaterThanOrEqualTo(next);
			return numbers(journal);
		}
	}

	private static Set<Long> numbers(Journal journal) throws IOException {
		Set<Long> numbers = new TreeSet<>();
		journal.forEach(journal.firstSequence(), (record) -> {
			assertThat(record.toByteArray()).isEqualTo(content(record.sequence()));
			numbers.add(record.sequence());
		});
		return numbers;
	}

	private void assertEachCutIsRepaired(JournalFiles lost) throws IOException {
		lost.writeTo(directory());
		Set<Long> left = skipAll(END);
		for (JournalFiles cut : cutsOfRepair(lost, DamageAction.SKIP)) {
			assertSkipGoesOnBehind(cut, END);
			assertThat(skipAll(END)).isEqualTo(left);
		}
	}

	@Test
	void segmentThatWasCutShortGetsItsSizeWhenItsNumbersCannotBeGivenAgain() throws IOException {
		for (long durable : new long[] { 100, END }) {
			JournalFiles files = appended(durable);
			int last = last(files);
			byte[] cut = Arrays.copyOf(files.get(segment(last)), 5000);
			Arrays.fill(cut, SLOTS, 3 * SLOTS, (byte) 0);
			assertEachCutIsRepaired(files.with(segment(last), cut));
			files.only("nothing").writeTo(directory());
		}
	}

	@Test
	void segmentCutShortInTheMiddleGetsItsSizeWhenWhatFollowsIsKnownDurable() throws IOException {
		for (long durable : new long[] { 0, 100 }) {
			JournalFiles files = appended(durable);
			assertEachCutIsRepaired(files.with(segment(2), Arrays.copyOf(files.get(segment(2)), 6000)));
			files.only("nothing").writeTo(directory());
		}
	}

	@Test
	void gapsAreFilledWhenWhatFollowsIsKnownDurable() throws IOException {
		for (long durable : new long[] { 0, 100 }) {
			JournalFiles files = appended(durable);
			for (JournalFiles lost : List.of(files.without(segment(1)), files.without(segment(2)),
					files.without(segment(1)).without(segment(2)))) {
				assertEachCutIsRepaired(lost);
			}
			files.only("nothing").writeTo(directory());
		}
	}

	@Test
	void lostEndIsPassedOnce() throws IOException {
		JournalFiles files = appended(END);
		assertEachCutIsRepaired(files.without(segment(last(files))));
	}

	@Test
	void prefixOfASegmentThatWasCutShortStaysThePrefix() throws IOException {
		JournalFiles files = appended(100);
		for (int segment : new int[] { 1, 2, last(files) }) {
			JournalFiles lost = files.with(segment(segment), Arrays.copyOf(files.get(segment(segment)), 5000));
			lost.writeTo(directory());
			long end;
			try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
				end = journal.nextSequence();
				assertThat(end).isPositive();
				assertHolds(journal, 0, end);
			}
			for (JournalFiles cut : cutsOfRepair(lost, DamageAction.KEEP_WHOLE_PREFIX)) {
				cut.writeTo(directory());
				try (Journal journal = builder().open()) {
					assertHolds(journal, 0, end);
				}
				catch (JournalDamagedException ex) {
					assertThat(ex.ways()).contains(DamageAction.KEEP_WHOLE_PREFIX);
				}
				try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
					assertHolds(journal, 0, end);
				}
			}
		}
	}

	/** Notes what the files hold after each flush. */
	private final class Flushes implements MmapListener {

		private final List<JournalFiles> cuts = new ArrayList<>();

		private final Map<String, byte[]> flushed;

		Flushes(JournalFiles before) {
			this.flushed = new TreeMap<>(before.contents());
			this.cuts.add(before);
		}

		@Override
		public void synced(Mmap segment, Duration duration, @Nullable IOException failure) {
			assertThat(failure).isNull();
			JournalFiles now = JournalFiles.of(directory());
			String name = segment.path().getFileName().toString();
			this.flushed.put(name, now.get(name));
			JournalFiles least = now;
			for (Map.Entry<String, byte[]> file : now.contents().entrySet()) {
				if (file.getKey().endsWith(".segment")) {
					least = least.with(file.getKey(), flushed(file.getKey(), file.getValue()));
				}
			}
			this.cuts.add(least);
			this.cuts.add(now);
		}

		/** A new file is made durable with its header; so is another size. */
		private byte[] flushed(String name, byte[] now) {
			byte[] known = this.flushed.get(name);
			if (known == null) {
				known = now.clone();
				Arrays.fill(known, SLOTS, known.length, (byte) 0);
			}
			else if (known.length != now.length) {
				known = now;
			}
			this.flushed.put(name, known);
			return known;
		}

	}

}
