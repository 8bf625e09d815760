package dev.yammap.journal.internal.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.yammap.Backend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which segment, and where in it, a record with a given number is looked for.
 */
class SegmentsTests {

	private static final JournalDirectory DIRECTORY = new JournalDirectory(Path.of("journal"), Set.of(), Backend.AUTO);

	private static SegmentFile segment(long index, long first) {
		SegmentFile segment = new SegmentFile(DIRECTORY, new SegmentHead(index, 1, index, 8192, null, null), false);
		segment.adoptFirst(first);
		return segment;
	}

	private static long find(Segments segments, long number) {
		@Nullable SegmentFile found = segments.find(number);
		return (found != null) ? found.index() : -1;
	}

	@Test
	void recordIsInTheLastSegmentThatBeginsAtOrBeforeIt() {
		for (int count = 1; count < 6; count++) {
			Segments segments = new Segments(List.of());
			for (int i = 1; i <= count; i++) {
				segments.add(segment(i, 10L * i));
			}
			assertThat(find(segments, 9)).isEqualTo(-1);
			for (int number = 10; number < 10 * (count + 1); number++) {
				assertThat(find(segments, number)).as(number + " of " + count).isEqualTo(number / 10);
			}
			assertThat(find(segments, Long.MAX_VALUE)).isEqualTo(count);
			assertThat(segments.first().index()).isEqualTo(1);
			assertThat(segments.last().index()).isEqualTo(count);
		}
	}

	@Test
	void nothingIsFoundWhereThereIsNoSegment() {
		Segments segments = new Segments(List.of(segment(1, 0)));
		segments.dropFirst(1);
		assertThat(find(segments, 0)).isEqualTo(-1);
		assertThat(segments.list()).isEmpty();
	}

	/** A segment without a record begins where the next one does, which has it. */
	@Test
	void segmentWithoutARecordHasNone() {
		assertThat(find(new Segments(List.of(segment(1, 0), segment(2, 5), segment(3, 5))), 5)).isEqualTo(3);
	}

	@Test
	void firstSegmentsAreDroppedAndListsThatWereTakenStay() {
		Segments segments = new Segments(List.of(segment(1, 0), segment(2, 5), segment(3, 9)));
		List<SegmentFile> before = segments.list();
		segments.dropFirst(2);
		assertThat(segments.list()).extracting(SegmentFile::index).containsExactly(3L);
		assertThat(before).hasSize(3);
		assertThat(find(segments, 8)).isEqualTo(-1);
		assertThat(find(segments, 9)).isEqualTo(3);
	}

	@Test
	void placeOfEach256thRecordIsKept() {
		SparseIndex places = new SparseIndex();
		assertThat(places.floor(0)).isZero();
		assertThat(places.floor(100_000)).isZero();
		assertThat(places.offset(0)).isEqualTo(SegmentFile.DATA);
		// More than there is room for at first, and up to the greatest offset there is.
		long last = (8L << 30) - 32;
		int count = 50;
		for (int i = 1; i <= count; i++) {
			places.add((long) i * SparseIndex.STEP, last / count * i & -Long.BYTES);
		}
		for (int i = 1; i <= count; i++) {
			long ordinal = (long) i * SparseIndex.STEP;
			assertThat(places.floor(ordinal)).isEqualTo(ordinal);
			assertThat(places.floor(ordinal - 1)).isEqualTo(ordinal - SparseIndex.STEP);
			assertThat(places.offset(ordinal)).isEqualTo(last / count * i & -Long.BYTES);
		}
		assertThat(places.floor(Long.MAX_VALUE)).isEqualTo((long) count * SparseIndex.STEP);
	}

	/** As where memory ran out before, and the whole step is done again. */
	@Test
	void segmentThatIsTheLastOneIsNotAddedAgain() {
		SegmentFile one = segment(1, 0);
		SegmentFile two = segment(2, 10);
		Segments segments = new Segments(List.of(one));
		segments.add(two);
		segments.add(two);
		assertThat(segments.list()).containsExactly(one, two);
	}

	/** Readers pass in any order; a gap would make the places behind it wrong ones. */
	@Test
	void placeIsKeptOnceAndBehindAllBeforeIt() {
		SparseIndex places = new SparseIndex();
		places.add(2 * SparseIndex.STEP, 9000);
		assertThat(places.floor(1000)).isZero();
		places.add(SparseIndex.STEP, 8000);
		places.add(SparseIndex.STEP, 8008);
		places.add(0, 8016);
		assertThat(places.floor(1000)).isEqualTo(SparseIndex.STEP);
		assertThat(places.offset(SparseIndex.STEP)).isEqualTo(8000);
		assertThat(places.offset(0)).isEqualTo(SegmentFile.DATA);
	}

	/** The segments that held it are lost, and the next one is searched in its place. */
	@Test
	void placeOfARecordBeforeTheSegmentIsItsFirst() {
		assertThat(new SparseIndex().floor(-1000)).isZero();
	}

}
