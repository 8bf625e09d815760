package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;

import dev.yammap.spring.boot.path.PathState;
import dev.yammap.spring.boot.settings.ResourceSettings;

/**
 * Thrown when a configured file or journal can't be opened.
 */
public final class ResourceOpenException extends UncheckedIOException {

	private static final long serialVersionUID = 1L;

	private final transient ResourceSettings settings;

	private final transient PathState pathState;

	public ResourceOpenException(ResourceSettings settings, IOException cause) {
		super(settings.kind().title() + " " + settings + " could not be opened: " + cause.getMessage(), cause);
		this.settings = settings;
		this.pathState = PathState.of(settings.path());
	}

	public ResourceSettings settings() {
		return this.settings;
	}

	/**
	 * Returns what was found at the path right after the failure. When somebody explains
	 * the failure later, it may have changed.
	 */
	public PathState pathState() {
		return this.pathState;
	}

}
