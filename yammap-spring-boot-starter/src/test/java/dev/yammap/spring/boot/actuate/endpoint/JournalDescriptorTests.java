package dev.yammap.spring.boot.actuate.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.actuate.endpoint.JournalDescriptor.RecordsDescriptor;
import dev.yammap.spring.boot.actuate.endpoint.JournalDescriptor.SettingsDescriptor;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what the {@link YammapEndpoint} shows of journals.
 */
class JournalDescriptorTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(YammapAutoConfiguration.class, YammapEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=yammap",
					"management.endpoint.yammap.access=UNRESTRICTED", "yammap.base-dir=" + this.directory,
					"yammap.journals.orders.path=orders", "yammap.journals.orders.segment-size=64KB",
					"yammap.journals.orders.max-size=2MB", "yammap.journals.orders.retention.size=1MB",
					"yammap.journals.orders.sync.interval=1h");
	}

	private static JournalDescriptor orders(ApplicationContext context) {
		return (JournalDescriptor) Objects.requireNonNull(context.getBean(YammapEndpoint.class).resource("orders"));
	}

	@Test
	void journalIsShownBesideFiles() {
		runner().withPropertyValues("yammap.files.table.path=table", "yammap.files.table.size=1KB").run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.appendAndSync(new byte[1]);
			journal.append(new byte[1]);
			journal.reader("billing").close();
			YammapEndpoint.ResourcesDescriptor all = context.getBean(YammapEndpoint.class).resources();
			assertThat(all.files()).containsOnlyKeys("table");
			assertThat(all.journals()).containsOnlyKeys("orders");
			JournalDescriptor orders = orders(context);
			assertThat(orders.path()).isEqualTo(this.directory.resolve("orders").toString());
			assertThat(orders.managed()).isTrue();
			assertThat(orders.open()).isTrue();
			assertThat(orders.size()).isEqualTo(64 * 1024);
			assertThat(orders.backend()).isEqualTo(journal.backend().name().toLowerCase(Locale.ROOT));
			assertThat(orders.mappedSize()).isBetween(64L * 1024, 128L * 1024);
			assertThat(orders.segments()).isOne();
			assertThat(orders.records()).isEqualTo(new RecordsDescriptor(0, 2, 1));
			assertThat(orders.lags()).isEqualTo(Map.of("billing", 2L));
			assertThat(orders.settings()).isEqualTo(new SettingsDescriptor("read-write", 64 * 1024, 2L * 1024 * 1024,
					1024L * 1024, null, Duration.ofHours(1), false, "refuse"));
			assertThat(orders.problems()).isEmpty();
			assertThat(orders.warnings()).isEmpty();
			assertThat(Objects.requireNonNull(orders.recovery()).tornBytes()).isZero();
		});
	}

	@Test
	void journalIsSynced() {
		runner().run((context) -> {
			context.getBean(Journal.class).append(new byte[1]);
			JournalDescriptor orders = (JournalDescriptor) Objects
				.requireNonNull(context.getBean(YammapEndpoint.class).sync("orders"));
			assertThat(Objects.requireNonNull(orders.records()).durable()).isOne();
			assertThat(Objects.requireNonNull(orders.events()).lastSync()).isNotNull();
		});
	}

	@Test
	void closedOrReadOnlyJournalIsNotSynced() throws IOException {
		Journal.open(this.directory.resolve("read")).close();
		runner().withPropertyValues("yammap.journals.read.path=read", "yammap.journals.read.access=read-only")
			.run((context) -> {
				context.getBean("orders", Journal.class).close();
				YammapEndpoint endpoint = context.getBean(YammapEndpoint.class);
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.sync("orders"))
					.withMessage("Journal 'orders' is not open");
				assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> endpoint.sync("read"))
					.withMessage("Journal 'read' is never synced, as it is only read");
				assertThat(orders(context).records()).isNull();
			});
	}

	@Test
	void journalOfTheApplicationIsShown() throws IOException {
		try (Journal own = Journal.open(this.directory.resolve("own"))) {
			runner().withBean("own", Journal.class, () -> own, (definition) -> definition.setDestroyMethodName(""))
				.run((context) -> {
					JournalDescriptor shown = (JournalDescriptor) Objects
						.requireNonNull(context.getBean(YammapEndpoint.class).resource("own"));
					assertThat(shown.managed()).isFalse();
					assertThat(shown.settings()).isNull();
					assertThat(shown.events()).isNull();
				});
		}
	}

}
