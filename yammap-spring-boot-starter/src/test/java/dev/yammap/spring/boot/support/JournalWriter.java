package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import dev.yammap.Mmap;
import dev.yammap.Whence;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Writes until it is stopped.
 */
public class JournalWriter implements SmartLifecycle {

	private final EventLog log;

	public @Nullable Mmap journal;

	private boolean running;

	public JournalWriter(EventLog log) {
		this.log = log;
	}

	@Override
	public void start() {
		this.running = true;
		this.log.add("writer started");
	}

	@Override
	public void stop() {
		this.running = false;
		this.log.add("writer stopped");
		if (this.journal != null) {
			writeTo(this.journal);
		}
	}

	private static void writeTo(Mmap journal) {
		try {
			if (journal.isOpen()) {
				journal.seek(0, Whence.START);
				journal.write("stopped".getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
