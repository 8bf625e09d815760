package dev.yammap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the Flight Recorder records of one file.
 */
public final class RecordedEvents {

	private RecordedEvents() {
	}

	/**
	 * Does something, and returns what was recorded of a file meanwhile, in the order in
	 * which it ended.
	 */
	public static List<RecordedEvent> of(Path file, Task task, String... disabled) throws Exception {
		Path dump = Files.createTempFile("events", ".jfr");
		try (Recording recording = new Recording()) {
			for (String name : disabled) {
				recording.disable(name);
			}
			recording.start();
			task.run();
			recording.stop();
			recording.dump(dump);
			return RecordingFile.readAllEvents(dump)
				.stream()
				.filter((event) -> event.getEventType().getName().startsWith("yammap."))
				.filter((event) -> file.toString().equals(event.getString("path")))
				.sorted(Comparator.comparing(RecordedEvent::getEndTime))
				.toList();
		}
		finally {
			Files.delete(dump);
		}
	}

	/**
	 * Something that is recorded.
	 */
	public interface Task {

		void run() throws Exception;

	}

}
