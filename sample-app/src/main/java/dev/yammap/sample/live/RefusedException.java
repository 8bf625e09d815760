package dev.yammap.sample.live;

/**
 * Something that cannot be done at the moment, such as a second burst beside one that is
 * running. The message tells the user why.
 */
public class RefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	RefusedException(String message) {
		super(message);
	}

}
