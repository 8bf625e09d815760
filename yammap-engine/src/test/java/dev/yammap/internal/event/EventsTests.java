package dev.yammap.internal.event;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jdk.jfr.consumer.RecordedEvent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.FailureCause;
import dev.yammap.LoggedMessages;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.RecordedEvents;
import dev.yammap.MmapListener.WriteOperation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Events}: what listeners and the Flight Recorder are told, and how.
 */
@NullMarked
class EventsTests {

	private static final Path PATH = Path.of("some.dat");

	private final Mmap file = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
			(proxy, method, arguments) -> switch (method.getName()) {
				case "path" -> PATH;
				case "size" -> 40L;
				default -> throw new AssertionError(method);
			});

	private final List<String> told = new ArrayList<>();

	private final Events events = new Events(this.file, List.of(new Teller()));

	private void tellAll() {
		this.events.opened();
		this.events.resized(10, 40);
		this.events.resized(40, 20);
		this.events.synced(1_000, 1, null);
		this.events.synced(2_000, 3, new IOException("broken"));
		this.events.faulted(new MappedFaultException("no page", null));
		this.events.failed(WriteOperation.APPEND, FailureCause.NO_SPACE, new IOException("full"));
		this.events.closed(new FileEvent.Close());
		this.events.closed(new FileEvent.Close());
	}

	@Test
	void listenerIsToldOfEverythingInOrderAndOfTheEndOnce() {
		tellAll();
		assertThat(this.told).containsExactly("opened", "grown 10-40", "shrunk 40-20", "synced PT0.000001S null",
				"synced PT0.000002S broken", "coalesced 2", "faulted no page", "failed APPEND NO_SPACE full", "closed");
	}

	@Test
	void recorderIsToldOfEverythingButOpeningsAndSyncs() throws Exception {
		List<RecordedEvent> recorded = RecordedEvents.of(PATH, this::tellAll);
		assertThat(recorded).extracting((event) -> event.getEventType().getName())
			.containsExactly("yammap.Grow", "yammap.Shrink", "yammap.Fault", "yammap.Close");
		assertThat(recorded.get(0).getLong("oldSize")).isEqualTo(10);
		assertThat(recorded.get(0).getLong("newSize")).isEqualTo(40);
		assertThat(recorded.get(1).getLong("oldSize")).isEqualTo(40);
		assertThat(recorded.get(1).getLong("newSize")).isEqualTo(20);
		assertThat(recorded.get(2).getString("message")).isEqualTo("no page");
		assertThat(recorded.get(3).getLong("size")).isEqualTo(40);
	}

	@Test
	void openingAndSyncsAreRecordedWhereTheyAreDone(@TempDir Path directory) throws Exception {
		Path path = directory.resolve("file.dat");
		List<RecordedEvent> recorded = RecordedEvents.of(path, () -> {
			try (Mmap opened = Mmap.create(path, 100)) {
				opened.sync();
				opened.sync(10, 20);
			}
		});
		assertThat(recorded).extracting((event) -> event.getEventType().getName())
			.containsExactly("yammap.Open", "yammap.Grow", "yammap.Sync", "yammap.Sync", "yammap.Close");
		assertThat(recorded.getFirst().getLong("size")).isEqualTo(100);
		assertThat(recorded.get(2).getLong("length")).isEqualTo(-1);
		assertThat(recorded.get(3).getLong("offset")).isEqualTo(10);
		assertThat(recorded.get(3).getLong("length")).isEqualTo(20);
	}

	@Test
	void failureOfAListenerIsLogged() {
		Events failing = new Events(this.file, List.of(new MmapListener() {

			@Override
			public void opened(Mmap mmap) {
				throw new IllegalStateException("of the listener");
			}

		}, new Teller()));
		try (LoggedMessages log = new LoggedMessages(PATH.toString())) {
			failing.opened();
			assertThat(log.messages()).containsExactly("WARNING A listener of " + PATH + " failed");
		}
		assertThat(this.told).containsExactly("opened");
	}

	/**
	 * Notes what it is told.
	 */
	private final class Teller implements MmapListener {

		private void tell(String event) {
			EventsTests.this.told.add(event);
		}

		@Override
		public void opened(Mmap mmap) {
			tell("opened");
		}

		@Override
		public void grown(Mmap mmap, long oldSize, long newSize) {
			tell("grown " + oldSize + "-" + newSize);
		}

		@Override
		public void shrunk(Mmap mmap, long oldSize, long newSize) {
			tell("shrunk " + oldSize + "-" + newSize);
		}

		@Override
		public void synced(Mmap mmap, Duration duration, @Nullable IOException failure) {
			tell("synced " + duration + " " + ((failure != null) ? failure.getMessage() : null));
		}

		@Override
		public void coalesced(Mmap mmap, int callers) {
			tell("coalesced " + callers);
		}

		@Override
		public void faulted(Mmap mmap, MappedFaultException fault) {
			tell("faulted " + fault.getMessage());
		}

		@Override
		public void failed(Mmap mmap, WriteOperation operation, FailureCause cause, IOException failure) {
			tell("failed " + operation + " " + cause + " " + failure.getMessage());
		}

		@Override
		public void closed(Mmap mmap) {
			tell("closed");
		}

	}

}
