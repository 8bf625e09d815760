package dev.yammap.spring.boot.autoconfigure.observation;

import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.observation.MmapSyncObservationConvention;
import dev.yammap.spring.boot.observation.SyncObservations;
import dev.yammap.spring.boot.registry.TrackedResources;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for observations of the syncs of
 * mapped files and journals.
 */
@AutoConfiguration(after = { ObservationAutoConfiguration.class, YammapAutoConfiguration.class })
@ConditionalOnClass({ ObservationRegistry.class, ObservationAutoConfiguration.class })
@ConditionalOnBooleanProperty("yammap.observation-enabled")
@ConditionalOnBean({ ObservationRegistry.class, TrackedResources.class })
public final class YammapObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "mmapSyncObservations")
	SyncObservations mmapSyncObservations(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<MmapSyncObservationConvention> convention) {
		return new SyncObservations(registry::getObject, convention::getIfUnique);
	}

}
