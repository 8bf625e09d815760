package dev.yammap.spring.boot.crac;

/**
 * There was no checkpoint; why is suppressed in this.
 */
public class CheckpointException extends Exception {

	private static final long serialVersionUID = 1L;

}
