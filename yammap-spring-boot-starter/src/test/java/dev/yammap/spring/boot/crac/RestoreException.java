package dev.yammap.spring.boot.crac;

/**
 * Not everything is restored; why is suppressed in this.
 */
public class RestoreException extends Exception {

	private static final long serialVersionUID = 1L;

}
