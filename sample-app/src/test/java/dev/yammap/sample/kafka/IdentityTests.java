package dev.yammap.sample.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.sample.visits.Visit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link Identity}: what is shipped under which id after a backup was restored.
 */
class IdentityTests {

	@TempDir
	private Path directory;

	private final VisitTopic topic = new VisitTopic(
			new ShippingProperties(Shipped.TOPIC, 1, (short) 1, Duration.ofMinutes(1)), new KafkaAdmin(Map.of()));

	/** What is in the only partition of the topic. */
	private final List<ConsumerRecord<String, byte[]>> shipped = new ArrayList<>();

	private Path original;

	private Journal journal;

	private Journal counted;

	private Totals totals;

	@BeforeEach
	void setUp() throws IOException {
		this.original = this.directory.resolve("journal");
		this.journal = Shipped.journal(this.original);
		this.counted = Shipped.journal(this.directory.resolve("totals"));
		this.totals = new Totals(this.counted);
	}

	@AfterEach
	void tearDown() throws IOException {
		this.journal.close();
		this.counted.close();
	}

	@Test
	void newJournalIsShippedFromItsFirstVisit() throws IOException {
		Instance instance = establish();
		assertThat(instance.first()).isZero();
		assertThat(instance.id()).hasSize(36);
	}

	@Test
	void journalThatWasNotShippedBeforeIsShippedFromItsFirstVisit() throws IOException {
		Shipped.fill(this.journal, 5);
		assertThat(establish().first()).isZero();
	}

	@Test
	void instanceIsTheSameAfterARestart() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 5);
		ship(instance, 0, 5);
		reopen(this.original);
		assertThat(establish()).isEqualTo(instance);
	}

	@Test
	void copyGoesOnUnderAnotherIdAfterWhatWasShipped() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 10);
		Path backup = this.directory.resolve("backup");
		this.journal.copyTo(backup);
		ship(instance, 0, 6);
		reopen(backup);
		Instance restored = establish();
		assertThat(restored.id()).isNotEqualTo(instance.id());
		assertThat(restored.first()).isEqualTo(6);
	}

	@Test
	void copyOfAllFilesGoesOnUnderAnotherId() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 10);
		ship(instance, 0, 4);
		this.journal.close();
		Path backup = this.directory.resolve("backup");
		copyFiles(this.original, backup);
		reopen(backup);
		Instance restored = establish();
		assertThat(restored.id()).isNotEqualTo(instance.id());
		assertThat(restored.first()).isEqualTo(4);
	}

	@Test
	void backupBeginsWithTheFirstVisitThatTheOriginalDidNotHave() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 10);
		Path backup = this.directory.resolve("backup");
		this.journal.copyTo(backup);
		Shipped.fill(this.journal, 10);
		ship(instance, 0, 20);
		reopen(backup);
		// Recorded before the broker is met.
		this.journal.appendAndSync(Shipped.content(1000, "FR"));
		assertThat(establish().first()).isEqualTo(10);
	}

	@Test
	void journalThatWasOverwrittenInPlaceIsFoundOutByTheLastVisitInTheTopic() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 10);
		ship(instance, 0, 10);
		this.journal.close();
		Path backup = this.directory.resolve("backup");
		copyFiles(this.original, backup);
		reopen(this.original);
		Shipped.fill(this.journal, 10);
		ship(instance, 10, 20);
		this.journal.close();
		overwrite(this.original, backup);
		reopen(this.original);
		for (int i = 0; i < 15; i++) {
			this.journal.appendAndSync(Shipped.content(1000 + i, "FR"));
		}
		Instance restored = establish();
		assertThat(restored.id()).isNotEqualTo(instance.id());
		assertThat(restored.first()).isEqualTo(10);
	}

	@Test
	void journalThatWasOverwrittenInPlaceAndIsShorterIsFoundOut() throws IOException {
		Instance instance = establish();
		Shipped.fill(this.journal, 10);
		this.journal.close();
		Path backup = this.directory.resolve("backup");
		copyFiles(this.original, backup);
		reopen(this.original);
		Shipped.fill(this.journal, 10);
		ship(instance, 0, 20);
		this.journal.close();
		overwrite(this.original, backup);
		reopen(this.original);
		Instance restored = establish();
		assertThat(restored.id()).isNotEqualTo(instance.id());
		assertThat(restored.first()).isEqualTo(10);
	}

	@Test
	void visitsOfAnotherJournalDoNotCountAsShipped() throws IOException {
		Shipped.fill(this.journal, 5);
		add(Shipped.visit("other", 0, "DE"));
		assertThat(establish().first()).isZero();
	}

	@Test
	void fileThatSaysNothingIsRefused() throws IOException {
		Files.writeString(this.original.resolve("instance"), "x");
		assertThatIOException().isThrownBy(this::establish).withMessageContaining("remove it to begin a new one");
	}

	private Instance establish() throws IOException {
		return new Identity(this.journal, this.topic, consumers(), this.totals).establish();
	}

	private void reopen(Path path) throws IOException {
		this.journal.close();
		this.journal = Shipped.journal(path);
	}

	private void ship(Instance instance, int from, int to) throws IOException {
		long journalId = Instance.journalId(this.journal);
		try (JournalReader reader = this.journal.reader(from)) {
			for (int i = from; i < to; i++) {
				reader.next();
				add(new ShippedVisit(instance.id(), journalId, instance.first(), Visit.decode(reader.record())));
			}
		}
	}

	private void add(ShippedVisit visit) {
		int offset = this.shipped.size();
		this.shipped.add(Shipped.record(0, offset, visit));
		this.totals.apply(0, offset, visit);
	}

	@SuppressWarnings("unchecked")
	private ConsumerFactory<String, byte[]> consumers() {
		MockConsumer<String, byte[]> consumer = new MockConsumer<>("none");
		TopicPartition partition = this.topic.partitions().getFirst();
		consumer.updateBeginningOffsets(new HashMap<>(Map.of(partition, 0L)));
		consumer.updateEndOffsets(new HashMap<>(Map.of(partition, (long) this.shipped.size())));
		consumer.schedulePollTask(() -> this.shipped.forEach(consumer::addRecord));
		ConsumerFactory<String, byte[]> factory = Mockito.mock(ConsumerFactory.class);
		given(factory.createConsumer(null, null)).willReturn(consumer);
		return factory;
	}

	private static void copyFiles(Path from, Path to) throws IOException {
		Files.createDirectory(to);
		try (Stream<Path> files = Files.list(from)) {
			files.forEach((file) -> {
				try {
					Files.copy(file, to.resolve(file.getFileName()));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}
	}

	/** Leaves each file its inode. */
	private static void overwrite(Path files, Path backup) throws IOException {
		try (Stream<Path> all = Files.list(backup)) {
			for (Path file : all.toList()) {
				Files.write(files.resolve(file.getFileName()), Files.readAllBytes(file));
			}
		}
	}

}
