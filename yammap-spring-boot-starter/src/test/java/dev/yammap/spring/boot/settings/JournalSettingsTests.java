package dev.yammap.spring.boot.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import dev.yammap.journal.DamageAction;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JournalSettings}.
 */
class JournalSettingsTests {

	private static JournalSettings settings(Consumer<JournalProperties> change) {
		JournalProperties properties = new JournalProperties();
		properties.setPath("data/orders");
		change.accept(properties);
		return new JournalSettings("orders", Path.of("/base"), properties);
	}

	private static void assertInvalid(String property, String reason, Consumer<JournalProperties> change) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(() -> settings(change))
			.satisfies((failure) -> assertThat(failure.getName()).isEqualTo("yammap.journals.orders." + property))
			.satisfies((failure) -> assertThat(failure.getReason()).contains(reason));
	}

	@Test
	void defaultsAreThoseOfTheJournal() {
		JournalSettings settings = settings((_) -> {
		});
		assertThat(settings.path()).isEqualTo(Path.of("/base/data/orders"));
		assertThat(settings.isWritten()).isTrue();
		assertThat(settings.mayBeCreated()).isTrue();
		assertThat(settings.syncOnShutdown()).isTrue();
		assertThat(settings.syncOnAppend()).isFalse();
		assertThat(settings.syncInterval()).isNull();
		assertThat(settings.retentionSize()).isNull();
		assertThat(settings.retentionAge()).isNull();
		assertThat(settings.segmentSize()).isEqualTo(DataSize.ofMegabytes(64));
		assertThat(settings.recovery()).isEqualTo(DamageAction.REFUSE);
	}

	@Test
	void segmentsHaveTheSizesThatAreAllowed() {
		assertInvalid("segment-size", "from 8KB to 8GB", (p) -> p.setSegmentSize(DataSize.ofKilobytes(4)));
		assertInvalid("segment-size", "from 8KB to 8GB", (p) -> p.setSegmentSize(DataSize.ofGigabytes(9)));
		settings((p) -> p.setSegmentSize(DataSize.ofKilobytes(8)));
		settings((p) -> p.setSegmentSize(DataSize.ofGigabytes(8)));
	}

	@Test
	void recordsHaveTheSizesThatAreAllowed() {
		assertInvalid("max-record-size", "0 or more", (p) -> p.setMaxRecordSize(DataSize.ofBytes(-1)));
		assertInvalid("max-record-size", "less than 2GB", (p) -> p.setMaxRecordSize(DataSize.ofGigabytes(2)));
	}

	@Test
	void greatestSizeHasRoomForWhatIsKept() {
		assertInvalid("max-size", "No segment fits into that", (p) -> p.setMaxSize(DataSize.ofMegabytes(63)));
		assertInvalid("retention.size", "greater than 'yammap.journals.orders.max-size'", (p) -> {
			p.setMaxSize(DataSize.ofMegabytes(100));
			p.getRetention().setSize(DataSize.ofMegabytes(101));
		});
	}

	@Test
	void retentionKeepsASegmentAndSomeTime() {
		assertInvalid("retention.size", "The last segment is always kept",
				(p) -> p.getRetention().setSize(DataSize.ofMegabytes(63)));
		assertInvalid("retention.age", "longer than 0", (p) -> p.getRetention().setAge(Duration.ZERO));
	}

	@Test
	void intervalsAreSensible() {
		assertInvalid("sync.interval", "between 1ms and 365d", (p) -> p.getSync().setInterval(Duration.ZERO));
	}

	@Test
	void nothingChangesAJournalThatIsOnlyRead() {
		assertReadOnlyRefuses("create", (p) -> p.setCreate(FileProperties.Create.NEW));
		assertReadOnlyRefuses("max-size", (p) -> p.setMaxSize(DataSize.ofGigabytes(1)));
		assertReadOnlyRefuses("retention.size", (p) -> p.getRetention().setSize(DataSize.ofGigabytes(1)));
		assertReadOnlyRefuses("retention.age", (p) -> p.getRetention().setAge(Duration.ofDays(1)));
		assertReadOnlyRefuses("sync.on-append", (p) -> p.getSync().setOnAppend(true));
		assertReadOnlyRefuses("sync.interval", (p) -> p.getSync().setInterval(Duration.ofSeconds(1)));
		assertReadOnlyRefuses("recovery", (p) -> p.setRecovery(DamageAction.KEEP_WHOLE_PREFIX));
		JournalSettings settings = settings((p) -> p.setAccess(JournalProperties.Access.READ_ONLY));
		assertThat(settings.mayBeCreated()).isFalse();
		assertThat(settings.syncOnShutdown()).isFalse();
	}

	private static void assertReadOnlyRefuses(String property, Consumer<JournalProperties> change) {
		assertInvalid(property, "A journal with 'yammap.journals.orders.access: read-only' cannot be",
				change.andThen((p) -> p.setAccess(JournalProperties.Access.READ_ONLY)));
	}

	@Test
	void permissionsAreChecked() {
		assertInvalid("permissions", "three times 'rwx'", (p) -> p.setPermissions("600"));
	}

}
