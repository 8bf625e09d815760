package dev.yammap.spring.boot.autoconfigure;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/**
 * Observations of the calls that sync files. Unlike the timer of the metrics, which times
 * what the operating system does, and once for all threads that share it, these have all
 * that a caller waits for, as a part of what the caller does.
 */
final class SyncObservations implements SyncObserver.Factory {

	private final ObservationRegistry registry;

	SyncObservations(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public SyncObserver observerOf(FileSettings file) {
		return (call) -> Observation.createNotStarted("yammap.file.sync", this.registry)
			.contextualName("sync " + file.name())
			.lowCardinalityKeyValue("file", file.name())
			.highCardinalityKeyValue("path", file.path().toString())
			.observeChecked(call::sync);
	}

}
