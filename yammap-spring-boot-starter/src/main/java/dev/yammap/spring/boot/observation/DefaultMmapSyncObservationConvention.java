package dev.yammap.spring.boot.observation;

import dev.yammap.spring.boot.observation.MmapSyncObservationDocumentation.HighCardinalityKeyNames;
import dev.yammap.spring.boot.observation.MmapSyncObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValues;

/**
 * The {@link MmapSyncObservationConvention} that is used unless the application has its
 * own. The name is {@code yammap.file.sync}; a sync of the file {@code journal} is shown
 * as {@code sync journal}.
 */
public class DefaultMmapSyncObservationConvention implements MmapSyncObservationConvention {

	@Override
	public String getName() {
		return "yammap.file.sync";
	}

	@Override
	public String getContextualName(MmapSyncObservationContext context) {
		return "sync " + context.getFile();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MmapSyncObservationContext context) {
		return KeyValues.of(LowCardinalityKeyNames.FILE.withValue(context.getFile()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(MmapSyncObservationContext context) {
		return KeyValues.of(HighCardinalityKeyNames.PATH.withValue(context.getPath().toString()));
	}

}
