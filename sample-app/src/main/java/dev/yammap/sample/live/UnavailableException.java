package dev.yammap.sample.live;

/**
 * As much is going on as the server takes on at a time. The message tells the user what
 * to do.
 */
public class NoRoomException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	NoRoomException(String message) {
		super(message);
	}

}
