package dev.yammap.spring.boot.autoconfigure.observation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.observation.DefaultMmapSyncObservationConvention;
import dev.yammap.spring.boot.observation.MmapSyncObservationContext;
import dev.yammap.spring.boot.observation.MmapSyncObservationConvention;
import dev.yammap.spring.boot.observation.MmapSyncObservationDocumentation;
import dev.yammap.spring.boot.observation.SyncObservations;
import dev.yammap.spring.boot.registry.SyncObserverFactory;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.swap.SwappableMmap;
import dev.yammap.spring.boot.swap.SyncObserver;
import dev.yammap.spring.boot.tracking.TrackedFile;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link YammapObservationAutoConfiguration} and {@link SyncObservations}.
 */
@ExtendWith(OutputCaptureExtension.class)
class YammapObservationAutoConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final Recorder recorder = new Recorder();

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, YammapAutoConfiguration.class,
				YammapObservationAutoConfiguration.class));

	@BeforeEach
	void configureFile() {
		this.contextRunner = this.contextRunner.withBean(Recorder.class, () -> this.recorder)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log");
	}

	@Test
	void syncsAreNotObservedUnlessAskedFor() {
		withoutCheckpoints(this.contextRunner).run((context) -> {
			assertThat(context).doesNotHaveBean(SyncObservations.class);
			Mmap journal = context.getBean(Mmap.class);
			assertThat(journal).isNotInstanceOf(SwappableMmap.class);
			journal.sync();
		});
		assertThat(this.recorder.stopped).isEmpty();
	}

	@Test
	void everySyncIsObservedAndNothingElse() {
		observed().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			journal.write(new byte[100]);
			journal.truncate(200);
			assertThat(this.recorder.stopped).isEmpty();
			journal.sync();
			journal.sync(0, 10);
			assertThat(this.recorder.stopped).hasSize(2).allSatisfy((observation) -> {
				assertThat(observation.getName()).isEqualTo("yammap.file.sync");
				assertThat(observation.getContextualName()).isEqualTo("sync journal");
				assertThat(observation.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("file", "journal"));
				assertThat(observation.getHighCardinalityKeyValues())
					.containsExactly(KeyValue.of("path", this.directory.resolve("journal.log").toString()));
				assertThat(observation.getError()).isNull();
			});
		});
	}

	@Test
	void everySyncOfAJournalIsObservedAsThatOfAFile() {
		withOrders(false).run((context) -> {
			Journal orders = context.getBean(Journal.class);
			assertThat(orders.append(new byte[1])).isZero();
			orders.roll();
			this.recorder.stopped.clear();
			orders.append(ByteBuffer.allocate(1));
			assertThat(orders.append(MemorySegment.ofArray(new byte[1]))).isEqualTo(2);
			assertThat(this.recorder.stopped).isEmpty();
			orders.sync();
			assertThat(orders.appendAndSync(new byte[1])).isEqualTo(3);
			assertThat(orders.appendAndSync(ByteBuffer.allocate(1))).isEqualTo(4);
			assertThat(orders.appendAndSync(MemorySegment.ofArray(new byte[1]))).isEqualTo(5);
			assertThat(this.recorder.stopped).hasSize(4).allSatisfy((observation) -> {
				assertThat(observation.getName()).isEqualTo("yammap.file.sync");
				assertThat(observation.getContextualName()).isEqualTo("sync orders");
				assertThat(observation.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("file", "orders"));
				assertThat(observation.getHighCardinalityKeyValues())
					.containsExactly(KeyValue.of("path", this.directory.resolve("orders").toString()));
			});
			assertThat(orders.durableSequence()).isEqualTo(6);
		});
	}

	@Test
	void appendThatSyncsIsObserved() {
		withOrders(true).run((context) -> {
			Journal orders = context.getBean(Journal.class);
			assertThat(orders.append(new byte[] { 1, 2, 3 }, 1, 1)).isZero();
			assertThat(orders.append(ByteBuffer.allocate(1))).isOne();
			assertThat(orders.append(MemorySegment.ofArray(new byte[1]))).isEqualTo(2);
			assertThat(this.recorder.stopped).hasSize(3);
		});
	}

	@Test
	void observedJournalIsTheJournalInAllElse() {
		withOrders(false).run((context) -> {
			Journal orders = context.getBean(Journal.class);
			orders.append(new byte[] { 1 });
			orders.append(new byte[] { 2 });
			orders.sync();
			orders.roll();
			orders.append(new byte[] { 3 });
			assertThat(orders.directory()).isEqualTo(this.directory.resolve("orders"));
			assertThat(orders.firstSequence()).isZero();
			assertThat(orders.nextSequence()).isEqualTo(3);
			assertThat(orders.backend()).isNotNull();
			assertThat(orders.mappedSize()).isPositive();
			assertThat(orders.segments()).hasSize(2);
			assertThat(orders.recovery().wasTorn()).isFalse();
			assertThat(orders.failure()).isEmpty();
			List<Integer> first = new ArrayList<>();
			orders.forEach(0, (record) -> first.add((int) record.toByteArray()[0]));
			assertThat(first).containsExactly(1, 2, 3);
			assertThat(orders.stream(1)).hasSize(2);
			try (JournalReader reader = orders.reader(2)) {
				assertThat(reader.next()).isTrue();
			}
			try (JournalReader reader = orders.durableReader(0)) {
				assertThat(reader.next()).isTrue();
			}
			orders.reader("billing").close();
			assertThat(orders.readerPositions()).containsEntry("billing", 0L);
			assertThat(orders.copyTo(this.directory.resolve("copy"))).isEqualTo(3);
			orders.applyRetention();
			assertThat(orders.removeBefore(2)).isZero();
			assertThat(orders).hasToString(orders.toString());
			orders.close();
			assertThat(orders.isOpen()).isFalse();
		});
	}

	@Test
	void journalKeepsItsMetersWhereItsSyncsAreObserved() {
		withOrders(false)
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, YammapMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				SimpleMeterRegistry registry = context.getBean(SimpleMeterRegistry.class);
				Journal orders = context.getBean(Journal.class);
				orders.appendAndSync(new byte[1]);
				orders.reader("billing").close();
				assertThat(registry.get("yammap.sync").tags("file", "orders", "outcome", "success").timer().count())
					.isOne();
				assertThat(
						registry.get("yammap.journal.lag").tags("file", "orders", "reader", "billing").gauge().value())
					.isOne();
				orders.close();
				assertThat(registry.find("yammap.journal.lag").gauges()).isEmpty();
				assertThat(registry.find("yammap.sync").tag("file", "orders").timers()).isEmpty();
			});
	}

	@Test
	void journalThatIsOnlyReadIsNotObserved() throws IOException {
		Journal.open(this.directory.resolve("orders")).close();
		withOrders(false).withPropertyValues("yammap.journals.orders.access=read-only")
			.run((context) -> assertThat(context.getBean(Journal.class).getClass().getPackageName())
				.startsWith(Journal.class.getPackageName()));
	}

	private ApplicationContextRunner withOrders(boolean syncOnAppend) {
		return observed().withPropertyValues("yammap.journals.orders.path=orders",
				"yammap.journals.orders.sync.on-append=" + (syncOnAppend ? "true" : ""));
	}

	@Test
	void conventionOfTheApplicationGivesNamesAndKeys() {
		observed().withBean(MmapSyncObservationConvention.class, () -> new DefaultMmapSyncObservationConvention() {

			@Override
			public String getName() {
				return "app.sync";
			}

			@Override
			public KeyValues getLowCardinalityKeyValues(MmapSyncObservationContext context) {
				return super.getLowCardinalityKeyValues(context).and("name",
						context.getPath().getFileName().toString());
			}

		}).run((context) -> {
			context.getBean(Mmap.class).sync();
			assertThat(this.recorder.stopped).singleElement().satisfies((observation) -> {
				assertThat(observation.getName()).isEqualTo("app.sync");
				assertThat(observation.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("file", "journal"),
						KeyValue.of("name", "journal.log"));
			});
		});
	}

	@Test
	void everyKeyIsDocumented() {
		MmapSyncObservationContext context = new MmapSyncObservationContext("journal", this.directory);
		DefaultMmapSyncObservationConvention convention = new DefaultMmapSyncObservationConvention();
		assertThat(convention.getLowCardinalityKeyValues(context)).extracting(KeyValue::getKey)
			.containsExactlyElementsOf(names(MmapSyncObservationDocumentation.SYNC.getLowCardinalityKeyNames()));
		assertThat(convention.getHighCardinalityKeyValues(context)).extracting(KeyValue::getKey)
			.containsExactlyElementsOf(names(MmapSyncObservationDocumentation.SYNC.getHighCardinalityKeyNames()));
		assertThat(MmapSyncObservationDocumentation.SYNC.getDefaultConvention()).isEqualTo(convention.getClass());
	}

	private static List<String> names(KeyName[] keys) {
		return Arrays.stream(keys).map(KeyName::asString).toList();
	}

	@Test
	void lastSyncIsObserved() {
		observed().run((context) -> assertThat(this.recorder.stopped).isEmpty());
		assertThat(this.recorder.stopped).isNotEmpty();
	}

	@Test
	void syncIsPartOfWhatItsCallerDoes() {
		observed().run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			Observation request = Observation.start("request", registry);
			request.scoped(() -> syncUnchecked(context.getBean(Mmap.class)));
			assertThat(this.recorder.stopped).singleElement()
				.extracting(Observation.Context::getParentObservation)
				.isSameAs(request);
			request.stop();
		});
	}

	@Test
	void errorOfSyncIsThatOfItsObservation() {
		observed().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			journal.close();
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::sync);
			assertThat(this.recorder.stopped).singleElement()
				.extracting(Observation.Context::getError)
				.isInstanceOf(ClosedChannelException.class);
		});
	}

	@ParameterizedTest
	@CsvSource({ "true,false", "false,false", "true,true", "false,true" })
	void fileIsSyncedAlsoIfAHandlerOfObservationsFails(boolean atStart, boolean withError) {
		observed().withBean("failing", ObservationHandler.class, () -> new FailingHandler(atStart, withError))
			.run((context) -> {
				Mmap journal = context.getBean(Mmap.class);
				journal.write(new byte[100]);
				journal.sync();
				assertThat(context.getBean(TrackedResources.class).files().get("journal")).isNotNull()
					.extracting((tracked) -> tracked.events().lastSync())
					.isNotNull();
				journal.close();
				assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(journal::sync);
			});
	}

	@Test
	void fileThatCannotBeWrittenToIsNotObserved() throws IOException {
		Files.writeString(this.directory.resolve("table"), "content");
		withoutCheckpoints(observed())
			.withPropertyValues("yammap.files.table.path=table", "yammap.files.table.access=read-only")
			.run((context) -> {
				Mmap table = context.getBean("table", Mmap.class);
				assertThat(table).isNotInstanceOf(SwappableMmap.class);
				table.sync();
				assertThat(this.recorder.stopped).isEmpty();
			});
	}

	@Test
	void timerOfObservationsIsBesideThatOfTheMetrics() {
		observed()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, YammapMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				context.getBean(Mmap.class).sync();
				SimpleMeterRegistry registry = context.getBean(SimpleMeterRegistry.class);
				assertThat(registry.get("yammap.file.sync").tag("file", "journal").timer().count()).isOne();
				assertThat(registry.get("yammap.sync").tag("outcome", "success").timer().count()).isOne();
			});
	}

	@Test
	void standardPropertyTurnsObservationsOff() {
		observed().withPropertyValues("management.observations.enable.yammap=false").run((context) -> {
			context.getBean(Mmap.class).sync();
			assertThat(this.recorder.stopped).isEmpty();
		});
	}

	@Test
	void applicationWithoutObservationRegistryStarts() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(YammapAutoConfiguration.class, YammapObservationAutoConfiguration.class))
			.withPropertyValues("yammap.observation-enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SyncObservations.class));
	}

	@Test
	void observationsBackOffFromBeanOfTheirName() {
		observed().withBean("mmapSyncObservations", String.class, () -> "mine")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SyncObservations.class));
	}

	private ApplicationContextRunner observed() {
		return this.contextRunner.withPropertyValues("yammap.observation-enabled=true");
	}

	/** With them, every file has the wrapper that those that are observed have. */
	private static ApplicationContextRunner withoutCheckpoints(ApplicationContextRunner contextRunner) {
		return contextRunner.withClassLoader(new FilteredClassLoader("org.crac"));
	}

	private static void syncUnchecked(Mmap file) {
		try {
			file.sync();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void handlerThatFailsAtEverySyncIsLoggedOnce(CapturedOutput output) {
		observed().withBean("failing", ObservationHandler.class, () -> new FailingHandler(true, false))
			.run((context) -> {
				Mmap journal = context.getBean(Mmap.class);
				for (int i = 0; i < 10; i++) {
					journal.write(new byte[100]);
					journal.sync();
				}
			});
		assertThat(output.getOut().split("could not be observed", -1)).hasSize(2);
	}

	@Test
	void callerGetsTheFailureOfTheSyncAndNotThatOfAHandler() {
		observed().withBean("failing", ObservationHandler.class, () -> new FailingHandler(false, false))
			.run((context) -> {
				SyncObserverFactory observers = context.getBean(SyncObserverFactory.class);
				TrackedFile journal = Objects
					.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
				SyncObserver observer = observers.observerOf(journal.requiredSettings());
				for (Throwable failure : List.of(new NonWritableChannelException(), new InternalError("full"))) {
					assertThatThrownBy(() -> observer.observe(() -> sneakyThrow(failure))).isSameAs(failure);
				}
			});
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
		throw (T) failure;
	}

	private record FailingHandler(boolean atStart,
			boolean withError) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStart(Observation.Context context) {
			if (this.atStart) {
				fail("at start");
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			fail("at stop");
		}

		private void fail(String message) {
			if (this.withError) {
				throw new NoClassDefFoundError(message);
			}
			throw new IllegalStateException(message);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	static final class Recorder implements ObservationHandler<Observation.Context> {

		private final List<Observation.Context> stopped = new ArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return !"request".equals(context.getName());
		}

	}

}
