package dev.yammap.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.yammap.Backend;
import dev.yammap.FileLockedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Opening, appending, syncing and closing.
 */
class JournalTests extends AbstractJournalTests {

	private static final byte[] ABC = { 'a', 'b', 'c' };

	@Test
	void recordsAreReadBackInTheOrderOfTheirNumbers() throws IOException {
		Journal journal = open();
		assertThat(journal.nextSequence()).isZero();
		appendTo(journal, 300);
		assertHolds(journal, 0, 300);
		assertHolds(journal, 299, 300);
		assertHolds(journal, 300, 300);
		assertThat(journal.firstSequence()).isZero();
		assertThat(journal.segments()).hasSizeGreaterThan(2);
	}

	@Test
	void recordsAreThereAfterCloseAndOpen() throws IOException {
		for (long end = 0; end <= 500; end += 100) {
			try (Journal journal = builder().open()) {
				assertHolds(journal, 0, Math.max(0, end - 100));
				assertThat(journal.durableSequence()).isEqualTo(journal.nextSequence());
				assertThat(journal.recovery().wasTorn()).isFalse();
				appendTo(journal, end);
			}
		}
	}

	@Test
	void contentsAreTakenFromArraysBuffersAndSegments() throws IOException {
		Journal journal = open();
		journal.append(new byte[] { 0, 'a', 'b', 'c', 0 }, 1, 3);
		ByteBuffer heap = ByteBuffer.wrap(new byte[] { 0, 'a', 'b', 'c', 0 }, 1, 3);
		journal.append(heap);
		assertThat(heap.position()).isEqualTo(4);
		ByteBuffer direct = ByteBuffer.allocateDirect(3).put(ABC).flip();
		assertThat(journal.appendAndSync(direct)).isEqualTo(2);
		assertThat(direct.hasRemaining()).isFalse();
		assertThat(journal.append(MemorySegment.ofArray(ABC))).isEqualTo(3);
		try (Arena arena = Arena.ofConfined()) {
			assertThat(journal.appendAndSync(arena.allocateFrom(ValueLayout.JAVA_BYTE, ABC))).isEqualTo(4);
		}
		assertThat(journal.appendAndSync(ABC)).isEqualTo(5);
		assertThat(journal.durableSequence()).isEqualTo(6);
		journal.forEach(0, (record) -> assertThat(record.toByteArray()).isEqualTo(ABC));
	}

	@Test
	void backendIsKnownAlsoAfterTheClose() throws IOException {
		Journal journal = builder().open();
		try (Journal other = builder().options(StandardOpenOption.READ).open()) {
			assertThat(other.backend()).isEqualTo(this.backend);
		}
		journal.close();
		assertThat(journal.backend()).isEqualTo(this.backend);
		try (Journal usual = Journal.open(directory())) {
			assertThat(usual.backend())
				.isEqualTo(Backend.NATIVE.obstacle().isEmpty() ? Backend.NATIVE : Backend.PORTABLE);
		}
	}

	@Test
	void onlySegmentsInUseAreMapped() throws IOException {
		Journal journal = builder().open();
		appendTo(journal, 300);
		long one = SEGMENT;
		assertThat(journal.segments()).hasSizeGreaterThan(3);
		assertThat(journal.mappedSize()).as("not durable").isGreaterThan(3 * one);
		journal.sync();
		assertThat(journal.mappedSize()).isEqualTo(one);
		try (JournalReader reader = journal.reader(0)) {
			assertThat(reader.next()).isTrue();
			assertThat(journal.mappedSize()).isEqualTo(2 * one);
		}
		assertThat(journal.mappedSize()).isEqualTo(one);
		try (Journal other = builder().options(StandardOpenOption.READ).open()) {
			other.nextSequence();
			assertThat(other.mappedSize()).isEqualTo(one);
		}
		journal.close();
		assertThat(journal.mappedSize()).isZero();
	}

	@Test
	void recordsMayBeEmpty() throws IOException {
		Journal journal = open();
		journal.append(new byte[0]);
		journal.append(ABC);
		journal.append(new byte[0]);
		try (Stream<JournalRecord> records = journal.stream(0)) {
			assertThat(records.map(JournalRecord::length)).containsExactly(0, 3, 0);
		}
	}

	@Test
	void recordOfTheGreatestLengthFillsSegment() throws IOException {
		Journal journal = open();
		int most = SEGMENT - 4096 - 24;
		assertThatIllegalArgumentException().isThrownBy(() -> journal.append(new byte[most + 1]))
			.withMessageContaining(String.valueOf(most));
		assertThatIllegalArgumentException().isThrownBy(() -> journal.append(ByteBuffer.allocate(most + 1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> journal.append(MemorySegment.ofArray(new byte[most + 1])));
		journal.append(ABC);
		for (int i = 0; i < 3; i++) {
			journal.append(new byte[most]);
		}
		try (Stream<JournalRecord> records = journal.stream(1)) {
			assertThat(records.map(JournalRecord::length)).containsExactly(most, most, most);
		}
		assertThat(journal.segments()).hasSize(4);
	}

	@Test
	void longRecordsPassThroughLargeSegments() throws IOException {
		Journal journal = open(builder().segmentSize(16 << 20).maxRecordLength(6 << 20));
		byte[] content = new byte[6 << 20];
		content[content.length - 1] = 1;
		for (int i = 0; i < 4; i++) {
			journal.append(content);
		}
		journal.forEach(0, (record) -> assertThat(record.toByteArray()).isEqualTo(content));
		assertThat(journal.segments()).hasSize(2);
		assertThatIllegalArgumentException().isThrownBy(() -> journal.append(new byte[(6 << 20) + 1]));
	}

	@Test
	void refusedAppendTakesNoNumber() throws IOException {
		Journal journal = open();
		journal.append(ABC);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> journal.append(ABC, 1, 3));
		MemorySegment closed;
		try (Arena arena = Arena.ofConfined()) {
			closed = arena.allocate(3);
		}
		assertThatIllegalStateException().isThrownBy(() -> journal.append(closed));
		assertThat(journal.nextSequence()).isEqualTo(1);
		assertThat(journal.append(ABC)).isEqualTo(1);
		journal.sync();
		assertThat(journal.failure()).isEmpty();
	}

	@Test
	void recordIsViewThatMovesAndCopyStays() throws IOException {
		Journal journal = open();
		assertThat(journal.append(ABC)).isZero();
		journal.append(new byte[] { 1, 2 });
		try (JournalReader reader = journal.reader(0)) {
			assertThatIllegalStateException().isThrownBy(reader::record);
			assertThat(reader.next()).isTrue();
			JournalRecord view = reader.record();
			JournalRecord copy = view.copy();
			assertThat(view.sequence()).isZero();
			assertThat(view.get(1)).isEqualTo((byte) 'b');
			assertThat(view.buffer().isReadOnly()).isTrue();
			assertThat(view.buffer().remaining()).isEqualTo(3);
			assertThat(view.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(ABC);
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.get(3));
			assertThat(reader.next()).isTrue();
			assertThat(view).hasToString("record 1 of 2 bytes");
			assertThat(copy.toByteArray()).isEqualTo(ABC);
			assertThat(copy.sequence()).isZero();
			assertThat(reader.next()).isFalse();
		}
	}

	@Test
	void syncMakesAllDurable() throws IOException {
		Journal journal = open();
		journal.append(ABC);
		assertThat(journal.durableSequence()).isZero();
		journal.sync();
		assertThat(journal.durableSequence()).isEqualTo(1);
		journal.sync();
		appendTo(journal, 200);
		assertThat(journal.durableSequence()).isEqualTo(1);
		journal.sync();
		assertThat(journal.durableSequence()).isEqualTo(200);
	}

	@Test
	void rollsOnDemandUnlessEmpty() throws IOException {
		Journal journal = open();
		journal.roll();
		assertThat(journal.segments()).hasSize(1);
		journal.append(ABC);
		journal.roll();
		journal.roll();
		assertThat(journal.segments()).hasSize(2);
		journal.append(ABC);
		journal.close();
		Journal again = open();
		assertThat(again.segments()).extracting(JournalSegment::firstSequence).containsExactly(0L, 1L);
		assertThat(again.segments()).extracting(JournalSegment::nextSequence).containsExactly(1L, 2L);
		assertThat(again.segments().getFirst().sealed()).isPresent();
		assertThat(again.segments().getLast().sealed()).isEmpty();
	}

	@Test
	void emptyLastSegmentIsGoneOnWithAfterOpening() throws IOException {
		try (Journal journal = builder().open()) {
			journal.append(content(0));
			journal.roll();
		}
		Journal journal = open();
		assertThat(journal.recovery().wasTorn()).isFalse();
		appendTo(journal, 100);
		assertHolds(journal, 0, 100);
	}

	@Test
	void secondWriterIsRefused() throws IOException {
		open();
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> builder().open())
			.withMessageContaining("journal.control");
	}

	@Test
	void closedJournalRefusesEverything() throws IOException {
		Journal journal = open();
		JournalReader reader = closedLater(journal.reader(0));
		journal.append(ABC);
		assertThat(journal.isOpen()).isTrue();
		journal.close();
		journal.close();
		assertThat(journal.isOpen()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.append(ABC));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::sync);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::roll);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.reader(0));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.reader("name"));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.removeBefore(1));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::applyRetention);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(reader::next);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.stream(0));
		Path copy = this.temporary.resolve("copy");
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.copyTo(copy));
		assertThat(copy).doesNotExist();
	}

	@Test
	void closedJournalIsNotRolledThoughItsLastSegmentIsEmpty() throws IOException {
		Journal journal = open();
		journal.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::roll);
	}

	/** Such as one for tests. */
	@Test
	void whatIsAppendedAndSyncedIsSyncedWhoeverImplementsTheJournal() throws IOException {
		List<String> calls = new ArrayList<>();
		Journal other = (Journal) Proxy.newProxyInstance(Journal.class.getClassLoader(),
				new Class<?>[] { Journal.class }, (proxy, method, arguments) -> {
					if (method.isDefault()) {
						return InvocationHandler.invokeDefault(proxy, method, arguments);
					}
					calls.add(method.getName());
					return method.getName().equals("append") ? 7L : null;
				});
		assertThat(other.appendAndSync(ABC)).isEqualTo(7);
		assertThat(other.appendAndSync(ByteBuffer.wrap(ABC))).isEqualTo(7);
		assertThat(other.appendAndSync(MemorySegment.ofArray(ABC))).isEqualTo(7);
		assertThat(calls).containsExactly("append", "sync", "append", "sync", "append", "sync");
	}

	@Test
	void segmentHasAsManyRecordsAsNumbersUnlessItHasNoRoomForThem() {
		Path file = Path.of(segment(1));
		JournalSegment segment = new JournalSegment(file, 10, 20, SEGMENT, Optional.empty());
		assertThat(segment.recordsFrom(0)).isEqualTo(10);
		assertThat(segment.recordsFrom(10)).isEqualTo(10);
		assertThat(segment.recordsFrom(15)).isEqualTo(5);
		assertThat(segment.recordsFrom(20)).isZero();
		assertThat(segment.recordsFrom(30)).isZero();
		// Numbers behind it are lost. 4096 bytes have room for 170 records of 24 bytes.
		assertThat(new JournalSegment(file, 10, 1L << 40, SEGMENT, Optional.empty()).recordsFrom(10)).isEqualTo(170);
		// One in the place of a segment that is lost.
		assertThat(new JournalSegment(file, 10, 20, 4096, Optional.empty()).recordsFrom(10)).isZero();
	}

	@Test
	void optionsSayWhetherJournalMustExist() throws IOException {
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> builder().options(StandardOpenOption.READ, StandardOpenOption.WRITE).open());
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> builder().options(StandardOpenOption.READ).open());
		builder().options(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).open().close();
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> builder().options(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW).open());
		builder().options(StandardOpenOption.WRITE).open().close();
	}

	@Test
	void impossibleSettingsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().options(StandardOpenOption.APPEND));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().options(StandardOpenOption.CREATE));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().segmentSize(8191));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().segmentSize((8L << 30) + 1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxRecordLength(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxSize(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().sizeLimit(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder().maxAge(Duration.ZERO));
	}

	@Test
	void extremeSettingsThatArePossibleAreTaken() throws IOException {
		assertThatNoException().isThrownBy(() -> builder().segmentSize(8L << 30).maxSize(1).sizeLimit(1));
		Journal journal = open(builder().segmentSize(SEGMENT + 1).maxRecordLength(0));
		assertThat(journal.segments().getFirst().size()).as("whole pages").isEqualTo(SEGMENT + 4096);
		assertThat(journal.append(new byte[0])).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> journal.append(new byte[1]))
			.withMessageContaining("maxRecordLength");
	}

	@Test
	void readerBeginsNoFurtherThanTheNextRecord() throws IOException {
		Journal journal = open();
		journal.append(ABC);
		journal.reader(1).close();
		assertThatIllegalArgumentException().isThrownBy(() -> journal.reader(2));
		assertThatIllegalArgumentException().isThrownBy(() -> journal.reader(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> journal.durableReader(2));
	}

	@Test
	void filesHaveTheWantedPermissions() throws IOException {
		open(builder().permissions(PosixFilePermissions.fromString("rw-r-----"))).append(ABC);
		assertThat(Files.getPosixFilePermissions(directory().resolve(segment(1))))
			.isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
		assertThat(Files.getPosixFilePermissions(directory())).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
	}

	@Test
	void copyHoldsWhatWasDurable() throws IOException {
		Journal journal = open();
		appendTo(journal, 250);
		Path target = this.temporary.resolve("copy");
		assertThat(journal.copyTo(target)).isEqualTo(250);
		appendTo(journal, 300);
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> journal.copyTo(target));
		try (Journal copy = Journal.builder(target).segmentSize(SEGMENT).backend(this.backend).open()) {
			assertThat(copy.recovery()).isEqualTo(new RecoveryReport(250, 250, 0, List.of(), 0));
			assertHolds(copy, 0, 250);
			appendTo(copy, 350);
			assertHolds(copy, 0, 350);
		}
	}

	@Test
	void copyMayGoToADirectoryThatIsThereIfItIsEmpty() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		Path target = Files.createDirectory(this.temporary.resolve("copy"));
		Path other = Files.createFile(target.resolve("other"));
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> journal.copyTo(target));
		assertThat(target).isDirectoryContaining(other::equals).isDirectoryNotContaining("glob:**.segment");
		Files.delete(other);
		journal.copyTo(target);
		assertHolds(closedLater(Journal.builder(target).backend(this.backend).open()), 0, 10);
	}

	@Test
	void copyOfWhatIsLeftBeginsWhereTheJournalDoes() throws IOException {
		Journal journal = open();
		appendTo(journal, 250);
		journal.sync();
		long first = journal.removeBefore(200);
		assertThat(first).isBetween(1L, 200L);
		Path target = this.temporary.resolve("copy");
		journal.copyTo(target);
		try (Journal copy = Journal.builder(target).backend(this.backend).open()) {
			assertThat(copy.firstSequence()).isEqualTo(first);
			assertHolds(copy, first, 250);
		}
	}

	@Test
	void copyMayBeMadeWhileSegmentsAreRemoved() throws Exception {
		Journal journal = open(builder().maxSize(3 * SEGMENT));
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
			Future<?> writer = threads.submit(() -> {
				for (int i = 0; !done.get(); i++) {
					journal.append(content(i));
					journal.sync();
				}
				return null;
			});
			try {
				// The writer may be slow.
				for (int i = 0; i < 20 || (journal.firstSequence() == 0 && !writer.isDone()); i++) {
					Path target = this.temporary.resolve("copy" + i);
					long end = journal.copyTo(target);
					try (Journal copy = Journal.builder(target).backend(this.backend).open()) {
						assertHolds(copy, copy.firstSequence(), end);
					}
				}
			}
			finally {
				done.set(true);
			}
			writer.get();
		}
		assertThat(journal.firstSequence()).isPositive();
	}

	@Test
	void recordsThatNoLongerFitAreAppendedAfterSegmentsBecameLarger() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 100);
		}
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			// Neither the segment in use nor the one that is ready is large enough.
			assertThat(journal.append(new byte[20_000])).isEqualTo(100);
			appendTo(journal, 110);
		}
		Journal journal = open();
		assertThat(journal.nextSequence()).isEqualTo(110);
		try (Stream<JournalRecord> records = journal.stream(99)) {
			assertThat(records.limit(2).map(JournalRecord::length)).containsExactly(content(99).length, 20_000);
		}
		Journal reading = open(builder().options(StandardOpenOption.READ));
		try (Stream<JournalRecord> records = reading.stream(100)) {
			assertThat(records.findFirst())
				.hasValueSatisfying((record) -> assertThat(record.length()).isEqualTo(20_000));
		}
	}

	@Test
	void directoryMayBeReachedByASymbolicLink() throws IOException {
		Files.createDirectory(directory());
		Path link = Files.createSymbolicLink(this.temporary.resolve("link"), directory());
		Journal journal = closedLater(Journal.builder(link).segmentSize(SEGMENT).backend(this.backend).open());
		appendTo(journal, 250);
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(this::open);
		journal.close();
		assertHolds(open(), 0, 250);
	}

	@Test
	void openWithUsualSettingsMakesDirectory() throws IOException {
		try (Journal journal = Journal.open(this.temporary.resolve("usual"))) {
			assertThat(journal.directory()).isEqualTo(this.temporary.resolve("usual"));
			assertThat(journal.segments().getFirst().size()).isEqualTo(64 << 20);
		}
	}

}
