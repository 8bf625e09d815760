package dev.yammap.journal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a {@link JournalListener} hears, and appends that sync.
 */
class JournalListenerTests extends AbstractJournalTests {

	private final List<String> heard = new CopyOnWriteArrayList<>();

	private Journal listened() throws IOException {
		return open(builder().listener(new Recorder()));
	}

	@Test
	void hearsOfEachFlush() throws IOException {
		Journal journal = listened();
		journal.append(content(0));
		assertThat(this.heard).isEmpty();
		journal.sync();
		assertThat(this.heard).containsExactly("synced");
		journal.sync();
		assertThat(this.heard).as("of nothing").containsExactly("synced");
	}

	@Test
	void segmentThatIsLeftWithoutARecordIsFlushedBeforeAnotherFollows() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 100);
			journal.sync();
		}
		assertThat(files()).contains(segment(3)).doesNotContain(segment(4));
		Journal journal = open(builder().segmentSize(1 << 16).listener(new Recorder()));
		// Neither the segment in use nor the one that is ready is large enough.
		journal.append(new byte[20_000]);
		assertThat(journal.segments()).hasSize(4);
		assertThat(this.heard).containsExactly("synced");
	}

	@Test
	void recordThatIsAppendedWhenALeftSegmentIsFlushedStays() throws IOException {
		builder().open().close();
		byte[] nested = content(0);
		JournalListener appending = new JournalListener() {

			private boolean appended;

			@Override
			public void synced(Journal journal, Duration duration, @Nullable IOException failure) {
				if (!this.appended) {
					this.appended = true;
					assertThatCode(() -> journal.append(nested)).doesNotThrowAnyException();
				}
			}

		};
		Journal journal = open(builder().segmentSize(1 << 16).listener(appending));
		// The segment in use has no record, and is not large enough.
		assertThat(journal.append(new byte[20_000])).isEqualTo(1);
		assertThat(journal.append(content(2))).isEqualTo(2);
		try (JournalReader reader = journal.reader(0)) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().toByteArray()).isEqualTo(nested);
		}
		assertThat(journal.segments()).hasSize(2);
	}

	@Test
	void hearsOfCloseOnce() throws IOException {
		Journal journal = listened();
		journal.close();
		journal.close();
		assertThat(this.heard).containsOnlyOnce("closed");
	}

	@Test
	void hearsOfCloseOfJournalThatIsRead() throws IOException {
		open().close();
		Journal journal = open(builder().options(StandardOpenOption.READ).listener(new Recorder()));
		journal.close();
		journal.close();
		assertThat(this.heard).containsExactly("closed");
	}

	@Test
	void hearsOfNamedReaders() throws IOException {
		Journal journal = listened();
		journal.reader("billing").close();
		assertThat(this.heard).containsExactly("reader billing");
	}

	@Test
	void hearsOfARecordThatIsNotWholeAnyMore() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
		}
		JournalFiles.of(directory()).zeroRecord(content(12)).writeTo(directory());
		for (OpenOption option : List.of(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			for (DamageAction action : List.of(DamageAction.SKIP, DamageAction.REFUSE)) {
				this.heard.clear();
				Journal.Builder builder = builder().options(option).whenDamaged(action).listener(new Recorder());
				try (Journal journal = builder.open(); JournalReader reader = journal.reader(12)) {
					if (action == DamageAction.SKIP) {
						assertThat(reader.next()).isTrue();
						assertThat(reader.record().sequence()).isEqualTo(13);
					}
					else {
						assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next);
					}
					assertThat(this.heard).containsExactly("damaged 12");
				}
			}
		}
	}

	@Test
	void hearsOnceOfASegmentThatIsLostWhileItsJournalIsRead() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		journal.sync();
		Journal reading = open(
				builder().options(StandardOpenOption.READ).whenDamaged(DamageAction.SKIP).listener(new Recorder()));
		while (journal.segments().size() < 4) {
			appendTo(journal, journal.nextSequence() + 1);
		}
		journal.sync();
		Files.delete(directory().resolve(segment(2)));
		Files.delete(directory().resolve(segment(4)));
		for (int i = 0; i < 3; i++) {
			assertThat(reading.segments()).extracting((segment) -> segment.file().getFileName().toString())
				.containsExactly(segment(1), segment(3));
		}
		assertThat(this.heard).containsExactly("damaged -1", "damaged -1");
	}

	@Test
	void hearsOfAppendThatFails() throws IOException {
		Journal journal = open(
				builder().listener(new Recorder()).maxSize(2 * SEGMENT).whenHeldUp(HeldUpAction.REFUSE_APPENDS));
		journal.reader("slow").close();
		this.heard.clear();
		assertThatExceptionOfType(JournalFullException.class).isThrownBy(() -> {
			while (journal.nextSequence() < 1_000) {
				journal.append(content(0));
				journal.sync();
			}
		});
		assertThat(this.heard).containsOnlyOnce("failed JournalFullException");
		this.heard.clear();
		byte[] content = new byte[SEGMENT / 2 - 24];
		assertThatExceptionOfType(JournalFullException.class)
			.isThrownBy(() -> journal.append(ByteBuffer.wrap(content)));
		assertThatExceptionOfType(JournalFullException.class)
			.isThrownBy(() -> journal.append(MemorySegment.ofArray(content)));
		assertThat(this.heard).containsExactly("failed JournalFullException", "failed JournalFullException");
	}

	@Test
	void hearsNothingOfAppendToClosedJournal() throws IOException {
		Journal journal = listened();
		journal.close();
		this.heard.clear();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> journal.append(content(0)));
		assertThat(this.heard).isEmpty();
	}

	@Test
	void everyListenerIsToldThoughOneFails() throws IOException {
		Journal journal = open(builder().listener(new JournalListener() {

			@Override
			public void synced(Journal source, Duration duration, @Nullable IOException failure) {
				throw new IllegalStateException("expected");
			}

		}).listener(new Recorder()));
		try (LoggedWarnings warnings = new LoggedWarnings()) {
			journal.appendAndSync(content(0));
			assertThat(journal.durableSequence()).isOne();
			journal.close();
			assertThat(warnings.messages()).anySatisfy((message) -> assertThat(message).contains("A listener"));
			assertThat(this.heard).contains("synced", "closed");
		}
	}

	@Test
	void appendsSyncIfTheyAreTo() throws IOException {
		Journal journal = open(builder().syncOnAppend(true));
		assertThat(journal.append(content(0))).isZero();
		assertThat(journal.durableSequence()).isOne();
		assertThat(journal.append(ByteBuffer.wrap(content(1)))).isOne();
		assertThat(journal.durableSequence()).isEqualTo(2);
		assertThat(journal.append(MemorySegment.ofArray(content(2)))).isEqualTo(2);
		assertThat(journal.durableSequence()).isEqualTo(3);
	}

	/**
	 * Writes down what it hears.
	 */
	private final class Recorder implements JournalListener {

		@Override
		public void synced(Journal journal, Duration duration, @Nullable IOException failure) {
			assertThat(duration).isPositive();
			JournalListenerTests.this.heard.add((failure != null) ? "not synced" : "synced");
		}

		@Override
		public void appendFailed(Journal journal, IOException failure) {
			JournalListenerTests.this.heard.add("failed " + failure.getClass().getSimpleName());
		}

		@Override
		public void damaged(Journal journal, JournalDamagedException damage) {
			JournalListenerTests.this.heard.add("damaged " + damage.sequence());
		}

		@Override
		public void readerOpened(Journal journal, String name) {
			JournalListenerTests.this.heard.add("reader " + name);
		}

		@Override
		public void closed(Journal journal) {
			JournalListenerTests.this.heard.add("closed");
		}

	}

}
