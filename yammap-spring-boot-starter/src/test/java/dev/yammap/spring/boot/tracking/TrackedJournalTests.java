package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.yammap.FailureCause;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.Mmap;
import dev.yammap.StorageException;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.settings.JournalSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link TrackedJournal}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrackedJournalTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private TrackedJournal state;

	@BeforeEach
	void track() {
		this.state = tracked();
	}

	@AfterEach
	void close() throws IOException {
		Journal journal = this.state.resource();
		if (journal != null) {
			journal.close();
		}
	}

	private TrackedJournal tracked() {
		JournalProperties properties = new JournalProperties();
		properties.setPath("orders");
		properties.setSegmentSize(DataSize.ofKilobytes(64));
		return new TrackedJournal(new JournalSettings("orders", this.directory, properties));
	}

	/** Opens the journal, or opens it again. */
	private Journal open() throws IOException {
		this.state = tracked();
		Journal journal = this.state.requiredSettings().builder().listener(this.state).open();
		this.state.opened(journal);
		return journal;
	}

	@Test
	void newJournalHasNoProblemAndNothingToSync() throws IOException {
		open();
		assertThat(this.state.problems()).isEmpty();
		assertThat(this.state.warnings()).isEmpty();
		assertThat(this.state.isDirty()).isFalse();
		assertThat(this.state.describe()).isEqualTo(
				"journal 'orders' (" + this.directory.resolve("orders") + "), read-write, 1 segment, next record 0");
	}

	@Test
	void closedJournalIsDescribedWithoutItsSegments() throws IOException {
		open().close();
		assertThat(this.state.describe()).endsWith("read-write, next record 0");
	}

	@Test
	void journalThatWasNotOpenedHasNoProblem() {
		assertThat(this.state.problems()).isEmpty();
		assertThat(this.state.isOpen()).isFalse();
		assertThat(this.state.appended()).isZero();
		assertThat(this.state.records()).isZero();
	}

	@Test
	void recordsAndWhatIsNotDurableAreCounted() throws IOException {
		try (Journal first = open()) {
			first.appendAndSync(new byte[1]);
		}
		Journal journal = open();
		journal.append(new byte[1]);
		assertThat(this.state.records()).isEqualTo(2);
		assertThat(this.state.appended()).isOne();
		assertThat(this.state.unsynced()).isOne();
		assertThat(this.state.isDirty()).isTrue();
		this.state.sync();
		assertThat(this.state.unsynced()).isZero();
		assertThat(this.state.events().lastSync()).isNotNull();
	}

	@Test
	void lagIsWhatAReaderStillNeeds() throws IOException {
		Journal journal = open();
		journal.appendAndSync(new byte[1]);
		journal.appendAndSync(new byte[1]);
		try (NamedReader reader = journal.reader("billing")) {
			assertThat(reader.next()).isTrue();
			reader.moveTo(1);
		}
		assertThat(this.state.lags()).isEqualTo(Map.of("billing", 1L));
	}

	@Test
	void numbersThatArePassedOverAfterALossDoNotCount() throws IOException {
		Path last;
		try (Journal journal = open()) {
			journal.reader("billing").close();
			journal.append(new byte[1]);
			journal.roll();
			journal.appendAndSync(new byte[1]);
			last = journal.segments().getLast().file();
		}
		Files.delete(last);
		Journal.builder(this.directory.resolve("orders")).whenDamaged(DamageAction.SKIP).open().close();
		Journal journal = open();
		assertThat(journal.nextSequence()).isGreaterThan(1 << 29);
		assertThat(this.state.records()).isOne();
		assertThat(this.state.lags()).isEqualTo(Map.of("billing", 1L));
	}

	@Test
	void failedSyncIsAProblem() throws IOException {
		Journal journal = open();
		this.state.synced(journal, Duration.ZERO, new IOException("disk on fire"));
		assertThat(this.state.problems()).containsExactly("A sync failed: disk on fire");
		assertThat(this.state.events().failedSyncs()).isOne();
	}

	@Test
	void failureOfTheJournalIsTheOnlyProblemThatIsTold() {
		Journal journal = mock(Journal.class);
		given(journal.isOpen()).willReturn(true);
		given(journal.directory()).willReturn(this.directory);
		given(journal.failure()).willReturn(Optional.of(new IOException("disk on fire")));
		this.state.opened(journal);
		this.state.synced(journal, Duration.ZERO, new IOException("disk on fire"));
		assertThat(this.state.problems()).singleElement()
			.asString()
			.isEqualTo("It takes no more records and no syncs until it is opened again, as one of them failed: disk on"
					+ " fire");
	}

	@Test
	void failedAppendIsAProblemUntilOneSucceeds() throws IOException {
		Journal journal = open();
		this.state.appendFailed(journal, new IOException("no segment",
				new StorageException("disk full", FailureCause.NO_SPACE, new IOException())));
		assertThat(this.state.problems()).containsExactly("A write failed: no segment");
		assertThat(this.state.events().failedWrites().count(WriteOperation.APPEND, FailureCause.NO_SPACE)).isOne();
		journal.append(new byte[1]);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void directoryThatCannotBeLookedAtIsAProblemOfWhichNoMoreIsSaid(CapturedOutput output) throws IOException {
		open();
		Path path = this.directory.resolve("orders");
		Files.move(path, this.directory.resolve("moved"));
		Files.createSymbolicLink(path, path);
		assertThat(this.state.problems()).singleElement()
			.asString()
			.startsWith("Its path cannot be checked: ")
			.contains(path.toString());
		this.state.syncAndClose();
		assertThat(output).doesNotContain("was removed from its path");
	}

	@Test
	void removedDirectoryIsAProblem() throws IOException {
		open();
		Files.move(this.directory.resolve("orders"), this.directory.resolve("elsewhere"));
		assertThat(this.state.problems()).singleElement().asString().startsWith("It was removed or replaced");
	}

	@Test
	void tornEndMetAtThisStartIsAWarning() {
		Journal journal = mock(Journal.class);
		given(journal.recovery())
			.willReturn(new RecoveryReport(1, 2, 100, List.of(Path.of("orders/0.segment.torn")), 0));
		assertThat(new TrackedJournal(journal).warnings()).singleElement()
			.asString()
			.isEqualTo("Its end was torn when it was opened: 100 bytes were put aside, in [orders/0.segment.torn]");
	}

	@Test
	void damageThatAReaderMeetsIsAProblem() throws IOException {
		Journal journal = open();
		for (int i = 0; i < 10; i++) {
			journal.appendAndSync(new byte[100]);
		}
		Path segment = journal.segments().getFirst().file();
		try (Mmap file = Mmap.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			file.set(ValueLayout.JAVA_BYTE, 4096 + 50, (byte) 1);
		}
		try (JournalReader reader = journal.reader(0)) {
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next);
		}
		assertThat(this.state.problems()).singleElement().asString().startsWith("A reader met damage: " + segment);
	}

	@Test
	void journalIsClosedThoughItCannotBeSynced() throws IOException {
		Journal journal = mock(Journal.class);
		given(journal.isOpen()).willReturn(true);
		given(journal.directory()).willReturn(this.directory);
		given(journal.nextSequence()).willReturn(1L);
		IOException failure = new IOException("disk on fire");
		willThrow(failure).given(journal).sync();
		this.state.opened(journal);
		assertThatIOException().isThrownBy(this.state::syncAndClose).isSameAs(failure);
		verify(journal).close();
	}

	@Test
	void openJournalRefusesACheckpoint() throws IOException {
		open();
		assertThatIOException().isThrownBy(this.state::suspend).withMessageContaining("yammap.journals.orders.enabled");
		assertThat(this.state.isOpen()).isTrue();
	}

	@Test
	void followerHearsOfOpeningSyncsAndClose() throws IOException {
		Journal journal = open();
		journal.appendAndSync(new byte[1]);
		ResourceFollower follower = mock(ResourceFollower.class);
		this.state.follow(follower);
		verify(follower).opened(journal);
		verify(follower).synced(any(), isNull());
		journal.close();
		verify(follower).closed(journal);
	}

	@Test
	void journalThatTheApplicationClosedMayBeRemoved(CapturedOutput output) throws IOException {
		open().close();
		FileSystemUtils.deleteRecursively(this.directory.resolve("orders"));
		assertThat(this.state.problems()).isEmpty();
		this.state.syncAndClose();
		assertThat(output).contains("was closed before").doesNotContain("was removed from its path");
	}

}
