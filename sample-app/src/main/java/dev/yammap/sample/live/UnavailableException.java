package dev.yammap.sample.live;

/**
 * The server cannot take this on now, whoever asks. The message tells the user why, and
 * what to do.
 */
public class UnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	UnavailableException(String message) {
		super(message);
	}

}
