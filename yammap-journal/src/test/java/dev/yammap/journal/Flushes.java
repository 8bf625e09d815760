package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * What is flushed to the disk, and in which order, as the Flight Recorder tells it. That
 * a file was written to says nothing of a power cut; that it was flushed does.
 */
final class Flushes {

	private static final String FILE = "yammap.Sync";

	private static final String DIRECTORY = "jdk.FileForce";

	private Flushes() {
	}

	/**
	 * Returns what a call flushes below a directory: the names of files, and "." for the
	 * directory itself.
	 */
	static List<String> of(Path directory, ThrowingCallable call) throws IOException {
		Path events = Files.createTempFile("flushes", ".jfr");
		try (Recording recording = new Recording()) {
			recording.enable(FILE).withoutStackTrace().withoutThreshold();
			recording.enable(DIRECTORY).withoutStackTrace().withoutThreshold();
			recording.start();
			call.call();
			recording.stop();
			recording.dump(events);
			return RecordingFile.readAllEvents(events)
				.stream()
				.filter(Flushes::isOne)
				.sorted(Comparator.<RecordedEvent, Instant>comparing(RecordedEvent::getStartTime))
				.map((event) -> name(directory, Path.of(event.getString("path"))))
				.toList();
		}
		catch (IOException | RuntimeException | Error failure) {
			throw failure;
		}
		catch (Throwable failure) {
			throw new AssertionError(failure);
		}
		finally {
			Files.delete(events);
		}
	}

	/**
	 * A backend may flush files by a channel as well, which is not counted twice. The
	 * position of a reader is also flushed without a mapping.
	 */
	private static boolean isOne(RecordedEvent event) {
		String path = event.getString("path");
		return event.getEventType().getName().equals(FILE) ? event.getString("outcome").equals("success")
				: path.endsWith(".reader") || Files.isDirectory(Path.of(path));
	}

	private static String name(Path directory, Path path) {
		String name = directory.relativize(path).toString();
		return name.isEmpty() ? "." : name;
	}

}
