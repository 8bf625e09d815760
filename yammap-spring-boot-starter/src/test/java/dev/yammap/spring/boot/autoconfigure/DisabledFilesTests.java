package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.StubMmap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for files with {@code enabled: false}.
 */
class DisabledFilesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private @Nullable ConfigurableApplicationContext context;

	private ApplicationContextRunner contextRunner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withInitializer((context) -> this.context = context)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.user-events.path=events.log", "yammap.files.user-events.enabled=false");
	}

	@Test
	void fileIsNoBeanAndNotOpened() {
		contextRunner().run((context) -> {
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("journal");
			assertThat(context.getBean(Mmaps.class).names()).containsExactly("journal");
			assertThat(this.directory).isDirectoryNotContaining("glob:**events.log");
		});
	}

	@Test
	void laterSourceMayEnableItAgain() {
		contextRunner().withPropertyValues("yammap.files.user-events.enabled=true")
			.run((context) -> assertThat(context).hasBean("user-events"));
	}

	@Test
	void blankIsEnabled() {
		contextRunner().withPropertyValues("yammap.files.journal.enabled=")
			.run((context) -> assertThat(context).hasBean("journal"));
	}

	@Test
	void filesPathMayBeThatOfAnotherFile() {
		contextRunner().withPropertyValues("yammap.files.journal.path=events.log")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void itsPropertiesAreStillChecked() {
		contextRunner().withPropertyValues("yammap.files.user-events.acess=read-only")
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("user-events.acess"));
	}

	@Test
	void optionalInjectionFindsNone() {
		contextRunner().withUserConfiguration(OptionalClient.class)
			.run((context) -> assertThat(context.getBean(OptionalClient.class).events.getIfAvailable()).isNull());
	}

	@Test
	void injectionByQualifierSaysThatItIsDisabled() {
		contextRunner().withUserConfiguration(QualifiedClient.class)
			.run((context) -> assertSaysDisabled(context, "user-events"));
	}

	@Test
	void injectionByParameterNameSaysThatItIsDisabled() {
		contextRunner()
			.withPropertyValues("yammap.files.events.path=more.log", "yammap.files.events.enabled=false",
					"yammap.files.other.path=other.log")
			.withUserConfiguration(NamedClient.class)
			.run((context) -> assertSaysDisabled(context, "events"));
	}

	@Test
	void theOnlyFileLeftIsNotInjectedInItsPlace() {
		withoutEvents().withUserConfiguration(NamedClient.class)
			.run((context) -> assertSaysDisabled(context, "events"));
	}

	@Test
	void theOnlyJournalLeftIsNotInjectedInItsPlace() {
		contextRunner()
			.withPropertyValues("yammap.journals.orders.path=orders", "yammap.journals.orders.segment-size=8KB",
					"yammap.journals.visits.path=visits", "yammap.journals.visits.enabled=false")
			.withUserConfiguration(NamedJournalClient.class)
			.run((context) -> assertThat(context.getBean(NamedJournalClient.class).visits.getIfAvailable()).isNull());
	}

	@Test
	void optionalInjectionByParameterNameFindsNoOther() {
		withoutEvents().withUserConfiguration(OptionalNamedClient.class)
			.run((context) -> assertThat(context.getBean(OptionalNamedClient.class).events.getIfAvailable()).isNull());
	}

	@Test
	void whoAsksForOthersGetsThemWhateverTheNameOfTheParameterIs() {
		withoutEvents().withUserConfiguration(OthersClient.class).run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			OthersClient client = context.getBean(OthersClient.class);
			assertThat(client.qualified).isSameAs(journal);
			assertThat(client.named).isSameAs(journal);
			assertThat(client.all).containsExactly(journal);
		});
	}

	@Test
	void primaryFileTakesPrecedenceOverItsName() {
		withoutEvents().withPropertyValues("yammap.files.journal.primary=true")
			.withUserConfiguration(OptionalNamedClient.class)
			.run((context) -> assertThat(context.getBean(OptionalNamedClient.class).events.getIfAvailable())
				.isSameAs(context.getBean("journal")));
	}

	@Test
	void ownBeanMayTakeItsPlace() {
		withoutEvents().withBean("events", Mmap.class, () -> StubMmap.file(this.directory.resolve("own"), null, null))
			.withUserConfiguration(OptionalNamedClient.class)
			.run((context) -> assertThat(context.getBean(OptionalNamedClient.class).events.getIfAvailable())
				.isSameAs(context.getBean("events")));
	}

	private ApplicationContextRunner withoutEvents() {
		return contextRunner().withPropertyValues("yammap.files.events.path=more.log",
				"yammap.files.events.enabled=false");
	}

	private void assertSaysDisabled(AssertableApplicationContext context, String name) {
		ConfigurableApplicationContext failed = Objects.requireNonNull(this.context);
		FailureAnalysis analysis = new UnknownResourceFailureAnalyzer(failed.getBeanFactory(), failed.getEnvironment())
			.analyze(Objects.requireNonNull(context.getStartupFailure()));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.endsWith(" needs the mapped file '%s', and 'yammap.files.%s.enabled' is 'false'.".formatted(name, name));
		assertThat(analysis.getAction()).startsWith("Set 'yammap.files.%s.enabled' to 'true'".formatted(name));
	}

	static class OptionalClient {

		private final ObjectProvider<Mmap> events;

		OptionalClient(@MappedFile("user-events") ObjectProvider<Mmap> events) {
			this.events = events;
		}

	}

	static class QualifiedClient {

		QualifiedClient(@MappedFile("user-events") Mmap events) {
			assertThat(events).isNotNull();
		}

	}

	static class OptionalNamedClient {

		private final ObjectProvider<Mmap> events;

		OptionalNamedClient(ObjectProvider<Mmap> events) {
			this.events = events;
		}

	}

	static class NamedJournalClient {

		private final ObjectProvider<Journal> visits;

		NamedJournalClient(ObjectProvider<Journal> visits) {
			this.visits = visits;
		}

	}

	static class OthersClient {

		private final Mmap qualified;

		private final List<Mmap> all;

		@SuppressWarnings("NullAway.Init")
		private Mmap named;

		OthersClient(@MappedFile("journal") Mmap events) {
			this.qualified = events;
			this.all = new ArrayList<>();
		}

		@Autowired
		void setOthers(List<Mmap> events, Mmap journal) {
			this.all.addAll(events);
			this.named = journal;
		}

	}

	static class NamedClient {

		NamedClient(Mmap events) {
			assertThat(events).isNotNull();
		}

	}

}
