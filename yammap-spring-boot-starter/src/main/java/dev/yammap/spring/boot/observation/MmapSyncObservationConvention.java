package dev.yammap.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * How a sync is observed: the name and the keys. A bean of this type replaces the
 * {@linkplain DefaultMmapSyncObservationConvention default}.
 */
public interface MmapSyncObservationConvention extends ObservationConvention<MmapSyncObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof MmapSyncObservationContext;
	}

}
