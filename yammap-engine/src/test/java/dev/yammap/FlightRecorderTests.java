package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What the Flight Recorder is told.
 */
class FlightRecorderTests extends AbstractMmapTests {

	@Test
	void lifeOfAFileIsRecorded() throws Exception {
		List<RecordedEvent> events = record(this::live);
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.containsExactly("yammap.Open", "yammap.Grow", "yammap.Grow", "yammap.Shrink", "yammap.Sync", "yammap.Sync",
					"yammap.Close");
		assertThat(events).allSatisfy((event) -> assertThat(event.getString("path")).isEqualTo(path().toString()));
		assertThat(events).allSatisfy((event) -> assertThat(event.getThread().getJavaThreadId())
			.isEqualTo(Thread.currentThread().threadId()));
		assertThat(events).allSatisfy((event) -> assertThat(event.getStackTrace().getFrames())
			.anySatisfy((frame) -> assertThat(frame.getMethod().getType().getName())
				.isEqualTo(FlightRecorderTests.class.getName())));
		RecordedEvent open = events.getFirst();
		assertThat(open.getLong("size")).isEqualTo(1000);
		assertThat(open.getString("options")).isEqualTo("CREATE, READ, WRITE");
		assertThat(open.getString("mode")).isEqualTo("SHARED");
		assertThat(open.getDuration()).isPositive();
		assertThat(sizes(events.get(1))).containsExactly(0L, 1000L);
		assertThat(sizes(events.get(2))).containsExactly(1000L, 3000L);
		assertThat(sizes(events.get(3))).containsExactly(3000L, 500L);
		assertSync(events.get(4), 0, -1);
		assertSync(events.get(5), 10, 20);
		assertThat(events.getLast().getLong("size")).isEqualTo(500);
		assertThat(events.getLast().getDuration()).isPositive();
	}

	private void live() throws IOException {
		try (Mmap file = builder(path())
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.size(1000)
			.open()) {
			file.truncate(3000);
			file.truncate(500);
			file.sync();
			file.sync(10, 20);
		}
	}

	private static List<Long> sizes(RecordedEvent event) {
		return List.of(event.getLong("oldSize"), event.getLong("newSize"));
	}

	private static void assertSync(RecordedEvent event, long offset, long length) {
		assertThat(event.getLong("offset")).isEqualTo(offset);
		assertThat(event.getLong("length")).isEqualTo(length);
		assertThat(event.getInt("callers")).isOne();
		assertThat(event.getString("outcome")).isEqualTo("success");
		assertThat(event.getString("failure")).isNull();
		assertThat(event.getDuration()).isPositive();
	}

	@Test
	void closeIsRecordedOnce() throws Exception {
		write(new byte[100]);
		List<RecordedEvent> events = record(() -> {
			Mmap file = open(path());
			file.close();
			file.close();
		});
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.containsExactly("yammap.Open", "yammap.Close");
	}

	@Test
	void failedOpenIsNotRecorded() throws Exception {
		List<RecordedEvent> events = record(
				() -> assertThat(catchThrowableOfType(IOException.class, () -> open(path()))).isNotNull());
		assertThat(events).isEmpty();
	}

	@Test
	void faultIsRecordedWithWhatItsCallerIsTold() throws Exception {
		AtomicReference<Throwable> fault = new AtomicReference<>();
		List<RecordedEvent> events = record(() -> fault.set(meetFault()));
		assertThat(events).hasSize(2);
		assertThat(events.getLast().getEventType().getName()).isEqualTo("yammap.Fault");
		assertThat(events.getLast().getString("message")).isEqualTo(fault.get().getMessage());
	}

	private Throwable meetFault() throws IOException {
		write(new byte[SOME_PAGES]);
		Mmap file = open(path());
		shortenFromOutside(100);
		return catchThrowableOfType(MappedFaultException.class, () -> file.readAt(new byte[10], 100_000));
	}

	@Test
	void readsAndWritesAreNotRecorded() throws Exception {
		write(new byte[SOME_PAGES]);
		List<RecordedEvent> events = record(() -> {
			Mmap file = open(readWrite());
			for (int i = 0; i < 100; i++) {
				file.readAt(new byte[100], i);
				file.writeAt(new byte[100], i);
				file.writeAt(new byte[10], file.size());
				file.set(ValueLayout.JAVA_LONG, 8L * i, file.get(ValueLayout.JAVA_LONG, 0));
			}
		});
		assertThat(events).extracting((event) -> event.getEventType().getName()).containsExactly("yammap.Open");
	}

	@Test
	void eventsCanBeStreamed() throws Exception {
		List<Duration> syncs = new ArrayList<>();
		try (RecordingStream stream = new RecordingStream()) {
			stream.enable("yammap.Sync").withoutThreshold();
			stream.onEvent("yammap.Sync", (event) -> syncs.add(event.getDuration()));
			stream.startAsync();
			write(new byte[100]);
			Mmap file = open(readWrite());
			file.sync();
			file.sync();
			stream.stop();
		}
		assertThat(syncs).hasSize(2).allSatisfy((duration) -> assertThat(duration).isPositive());
	}

	@Test
	void eventsThatAreDisabledAreNotRecorded() throws Exception {
		write(new byte[100]);
		List<RecordedEvent> events = record(() -> {
			Mmap file = open(readWrite());
			file.sync();
			file.truncate(1000);
			file.close();
		}, "yammap.Sync", "yammap.Grow", "yammap.Open");
		assertThat(events).extracting((event) -> event.getEventType().getName()).containsExactly("yammap.Close");
	}

	@Test
	void eventsAndTheirFieldsAreDescribed() throws Exception {
		record(() -> {
			live();
			meetFault();
		});
		List<EventType> types = FlightRecorder.getFlightRecorder()
			.getEventTypes()
			.stream()
			.filter((type) -> type.getName().startsWith("yammap."))
			.toList();
		assertThat(types).extracting(EventType::getName)
			.containsExactlyInAnyOrder("yammap.Open", "yammap.Grow", "yammap.Shrink", "yammap.Sync", "yammap.Fault",
					"yammap.Close");
		for (EventType type : types) {
			assertThat(type.getCategoryNames()).containsExactly("Yammap");
			assertThat(type.getLabel()).startsWith("Mapped File ");
			assertThat(type.getDescription()).isNotBlank();
			for (ValueDescriptor field : type.getFields()) {
				assertThat(field.getLabel()).as(type.getName() + "." + field.getName()).isNotBlank();
				boolean amount = List.of("size", "oldSize", "newSize", "offset", "length").contains(field.getName());
				assertThat(field.getAnnotationElements())
					.filteredOn((annotation) -> "jdk.jfr.DataAmount".equals(annotation.getTypeName()))
					.hasSize(amount ? 1 : 0);
			}
		}
	}

	private Mmap.Builder readWrite() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private List<RecordedEvent> record(RecordedEvents.Task task, String... disabled) throws Exception {
		return RecordedEvents.of(path(), task, disabled);
	}

}
