package dev.yammap.sample.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;

import org.springframework.stereotype.Component;

/**
 * The pages of the mapped files: shows what is in the page cache, writes back what is
 * dirty, drops what is cached, and reads it again.
 */
@Component
public class PageCaches {

	/** So that one can watch the cells fill: the disk would take no time that is seen. */
	private static final long PAUSE_MILLIS = 16;

	private final Mmaps files;

	private final Journals journals;

	private final NewestSegments segments;

	/** The files that something is done with now. */
	private final Set<String> busy = ConcurrentHashMap.newKeySet();

	private volatile boolean stopped;

	PageCaches(Mmaps files, Journals journals, NewestSegments segments) {
		this.files = files;
		this.journals = journals;
		this.segments = segments;
	}

	/**
	 * Returns the pages of all open files, and of the newest segment of each journal, as
	 * far as the operating system tells.
	 * @return strips by the name of the file or journal
	 */
	Map<String, PageStrip> strips() {
		Map<String, PageStrip> strips = new TreeMap<>();
		this.files.openFiles().forEach((name, file) -> add(strips, name, () -> file));
		this.journals.openJournals()
			.forEach((name, journal) -> add(strips, name, () -> this.segments.of(name, journal)));
		return strips;
	}

	private static void add(Map<String, PageStrip> strips, String name, Pages pages) {
		try {
			PageStrip strip = PageStrip.of(pages.file());
			if (strip != null) {
				strips.put(name, strip);
			}
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			// Closed or replaced meanwhile: the next look finds the new file.
		}
	}

	/**
	 * Makes durable what was written to a file.
	 * @param name the name of the file or journal
	 * @throws NoSuchElementException if there is no file of that name
	 * @throws UncheckedIOException if the flush failed
	 */
	public void flush(String name) {
		run(name, (_) -> sync(name));
	}

	/**
	 * Flushes a file and drops it from the page cache. Of a journal, drops what nobody
	 * else has mapped of the newest segment.
	 * @param name the name of the file
	 * @throws NoSuchElementException if there is no file of that name
	 * @throws RefusedException if this cannot be done, or something else is done with the
	 * file
	 * @throws UncheckedIOException if the operating system reports an error
	 */
	public void drop(String name) {
		run(name, (file) -> {
			sync(name);
			// The kernel drops only what is mapped, so map first what others have cached.
			file.advise(Advice.POPULATE_READ);
			file.advise(Advice.PAGE_OUT);
		});
	}

	/**
	 * Reads a file into the page cache, slowly, from its first page to its last.
	 * @param name the name of the file
	 * @throws NoSuchElementException if there is no file of that name
	 * @throws RefusedException if this cannot be done, or something else is done with the
	 * file
	 * @throws UncheckedIOException if the operating system reports an error
	 */
	public void fill(String name) {
		run(name, (file) -> {
			PageStrip strip = PageStrip.of(file);
			long step = (strip != null) ? strip.cellSize() : file.size();
			// The kernel would read far ahead.
			file.advise(Advice.RANDOM);
			try {
				for (long offset = 0; offset < file.size() && !this.stopped; offset += step) {
					file.advise(Advice.POPULATE_READ, offset, Math.min(step, file.size() - offset));
					TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
				}
			}
			finally {
				file.advise(Advice.NORMAL);
			}
		});
	}

	/**
	 * Lets things take long, after a {@link #stop()}.
	 */
	void start() {
		this.stopped = false;
	}

	/**
	 * Ends what takes long, until {@link #start()}.
	 */
	void stop() {
		this.stopped = true;
	}

	private void sync(String name) throws IOException {
		Journal journal = this.journals.openJournals().get(name);
		Mmap file = this.files.openFiles().get(name);
		if (journal != null) {
			journal.sync();
		}
		else if (file != null && file.isWritable()) {
			file.sync();
		}
	}

	private void run(String name, Action action) {
		Journal journal = this.journals.openJournals().get(name);
		Mmap file = this.files.openFiles().get(name);
		if (journal == null && file == null) {
			throw new NoSuchElementException("There is no open file '" + name + "'");
		}
		if (!this.busy.add(name)) {
			throw new RefusedException("Something else is being done with '" + name + "': wait until it has ended");
		}
		try {
			if (file != null) {
				action.run(file);
			}
			else if (journal != null) {
				runOnNewestSegment(journal, action);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (UnsupportedOperationException ex) {
			throw new RefusedException(
					"The page cache of '" + name + "' cannot be changed: that needs the native backend");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.busy.remove(name);
		}
	}

	/**
	 * Maps the segment anew: that of {@link NewestSegments} is closed when the next
	 * segment begins, which may happen meanwhile.
	 */
	private static void runOnNewestSegment(Journal journal, Action action) throws IOException, InterruptedException {
		try (Mmap segment = Mmap.open(NewestSegments.path(journal))) {
			action.run(segment);
		}
	}

	private interface Pages {

		Mmap file() throws IOException;

	}

	private interface Action {

		void run(Mmap file) throws IOException, InterruptedException;

	}

}
