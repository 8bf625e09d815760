package dev.yammap.sample.kafka;

/**
 * Something that does not pass by itself: somebody must look at it. The message says at
 * what.
 */
class AlarmException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	AlarmException(String message) {
		super(message);
	}

}
