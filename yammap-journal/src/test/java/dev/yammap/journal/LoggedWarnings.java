package dev.yammap.journal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What journals log, from now until this is closed.
 */
public final class LoggedWarnings extends Handler implements AutoCloseable {

	private static final Logger LOGGER = Logger.getLogger("dev.yammap");

	private final List<String> messages = new CopyOnWriteArrayList<>();

	public LoggedWarnings() {
		LOGGER.setUseParentHandlers(false);
		LOGGER.addHandler(this);
	}

	public List<String> messages() {
		return this.messages;
	}

	@Override
	public void publish(LogRecord record) {
		if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
			this.messages.add(record.getMessage());
		}
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		LOGGER.removeHandler(this);
		LOGGER.setUseParentHandlers(true);
	}

}
