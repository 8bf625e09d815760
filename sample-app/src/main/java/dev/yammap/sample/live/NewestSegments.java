package dev.yammap.sample.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The newest segment of each journal, mapped once more to ask for its pages: the page
 * cache is that of the file, whoever maps it.
 */
@Component
class NewestSegments implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(NewestSegments.class);

	private final Map<String, Mmap> open = new HashMap<>();

	/**
	 * Returns the newest segment of a journal.
	 * @param name the name of the journal
	 * @param journal the journal
	 * @return its last file, open for reading until a newer one is asked for
	 */
	synchronized Mmap of(String name, Journal journal) throws IOException {
		Path path = path(journal);
		Mmap known = this.open.get(name);
		if (known != null && known.path().equals(path)) {
			return known;
		}
		Mmap newest = Mmap.open(path);
		this.open.put(name, newest);
		if (known != null) {
			close(known);
		}
		return newest;
	}

	/**
	 * Returns the path of the newest segment of a journal.
	 */
	static Path path(Journal journal) throws IOException {
		return journal.segments().getLast().file();
	}

	@Override
	public synchronized void destroy() {
		this.open.values().forEach(NewestSegments::close);
		this.open.clear();
	}

	private static void close(Mmap segment) {
		try {
			segment.close();
		}
		catch (IOException ex) {
			logger.warn("A segment could not be closed", ex);
		}
	}

}
