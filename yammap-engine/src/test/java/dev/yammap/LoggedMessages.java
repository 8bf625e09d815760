package dev.yammap;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What the engine logs of a file, from now until this is closed.
 */
public final class LoggedMessages extends Handler implements AutoCloseable {

	private static final Logger LOGGER = Logger.getLogger("dev.yammap");

	private static final SimpleFormatter FORMATTER = new SimpleFormatter();

	private final String name;

	private final List<String> messages = new CopyOnWriteArrayList<>();

	/**
	 * Begins to listen.
	 * @param name what the messages must contain: those of other tests may come meanwhile
	 */
	public LoggedMessages(String name) {
		this.name = name;
		LOGGER.setUseParentHandlers(false);
		LOGGER.addHandler(this);
	}

	/**
	 * Returns what was logged, each with its level.
	 */
	public List<String> messages() {
		return this.messages;
	}

	@Override
	public void publish(LogRecord record) {
		String message = FORMATTER.formatMessage(record);
		if (message.contains(this.name)) {
			this.messages.add(record.getLevel() + " " + message);
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
