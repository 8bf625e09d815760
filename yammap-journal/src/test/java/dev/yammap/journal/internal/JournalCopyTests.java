package dev.yammap.journal.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.Journal;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.write.Rolling;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A copy of a journal whose first segments are removed meanwhile: each test says what
 * happens once the first one is copied.
 */
class JournalCopyTests {

	private static final int SEGMENTS = 4;

	/** Two records of one byte in each segment. */
	private static final long END = 2 * SEGMENTS;

	@TempDir
	private Path temporary;

	private Runnable whenCopied = () -> {
	};

	@SuppressWarnings("NullAway.Init")
	private JournalDirectory files;

	@SuppressWarnings("NullAway.Init")
	private Segments segments;

	@BeforeEach
	void make() throws IOException {
		Path path = this.temporary.resolve("journal");
		try (Journal journal = Journal.builder(path).segmentSize(8192).open()) {
			for (int i = 0; i < END; i++) {
				journal.append(new byte[] { (byte) i });
				if (i % 2 == 1 && i + 1 < END) {
					journal.roll();
				}
			}
		}
		this.files = new JournalDirectory(path, PosixFilePermissions.fromString("rw-------"), Backend.AUTO,
				new MmapListener() {

					@Override
					public void closed(Mmap file) {
						Runnable action = JournalCopyTests.this.whenCopied;
						JournalCopyTests.this.whenCopied = () -> {
						};
						action.run();
					}

				});
		this.segments = new Segments(LongStream.rangeClosed(1, SEGMENTS).mapToObj(this::segment).toList());
	}

	private SegmentFile segment(long index) {
		try {
			SegmentFile segment = new SegmentFile(this.files, head(index), false);
			segment.adoptEnd((index < SEGMENTS) ? 2 * index : SegmentFile.OPEN);
			return segment;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private SegmentHead head(long index) throws IOException {
		return Objects.requireNonNull(SegmentHead.read(this.files.segment(index)));
	}

	private void delete(long index) {
		try {
			Files.delete(this.files.segment(index));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private JournalCopy copy() throws IOException {
		SegmentFile last = this.segments.last();
		return new JournalCopy(this.files, head(SEGMENTS).journalId(), this.segments,
				new Rolling.HeldEnd(last, END, SegmentFile.DATA + 2 * 32));
	}

	private void assertHoldsFrom(Path copy, long first) throws IOException {
		try (Journal journal = Journal.open(copy)) {
			assertThat(journal.firstSequence()).isEqualTo(first);
			assertThat(journal.nextSequence()).isEqualTo(END);
			assertThat(journal.recovery().wasTorn()).isFalse();
			List<Long> numbers = journal.stream(first).map((record) -> (long) record.get(0)).toList();
			assertThat(numbers).containsExactlyElementsOf(LongStream.range(first, END).boxed().toList());
		}
	}

	@Test
	void copyHoldsEachSegment() throws IOException {
		Path target = this.temporary.resolve("copy");
		assertThat(copy().to(target)).isEqualTo(END);
		assertHoldsFrom(target, 0);
	}

	/** A journal has no gap. */
	@Test
	void copyBeginsBehindTheSegmentsThatAreRemovedMeanwhile() throws IOException {
		Path target = this.temporary.resolve("copy");
		JournalCopy copy = copy();
		this.whenCopied = () -> {
			this.segments.dropFirst(2);
			delete(1);
			delete(2);
		};
		assertThat(copy.to(target)).isEqualTo(END);
		assertThat(target.resolve(this.files.segment(1).getFileName())).doesNotExist();
		assertHoldsFrom(target, 4);
	}

	@Test
	void copyOfAllButTheLastSegmentMayBeRemovedMeanwhile() throws IOException {
		Path target = this.temporary.resolve("copy");
		JournalCopy copy = copy();
		this.whenCopied = () -> {
			this.segments.dropFirst(3);
			for (int index = 1; index <= 3; index++) {
				delete(index);
			}
		};
		assertThat(copy.to(target)).isEqualTo(END);
		assertHoldsFrom(target, 6);
	}

	@Test
	void segmentThatIsLostAndWasNotRemovedLeavesNoCopy() throws IOException {
		Path target = this.temporary.resolve("copy");
		JournalCopy copy = copy();
		this.whenCopied = () -> delete(2);
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> copy.to(target));
		assertThat(target.resolve("journal.control")).doesNotExist();
	}

}
