package dev.yammap.internal.event;

import java.nio.file.Path;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;

/**
 * What all events have in common. An event begins when it is created.
 */
@Category("Yammap")
@SuppressWarnings("unused")
abstract class FileEvent extends Event {

	@Label("Path")
	String path = "";

	FileEvent() {
		begin();
	}

	/** Ends the event, and commits it if events of its type are recorded. */
	void commitFor(Path path) {
		end();
		if (shouldCommit()) {
			this.path = path.toString();
			commit();
		}
	}

}
