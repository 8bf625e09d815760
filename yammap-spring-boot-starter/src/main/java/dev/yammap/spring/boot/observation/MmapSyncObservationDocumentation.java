package dev.yammap.spring.boot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations of mapped files and journals, and their keys.
 */
public enum MmapSyncObservationDocumentation implements ObservationDocumentation {

	/**
	 * A call that syncs a file or journal, with everything that its caller waits for.
	 */
	SYNC {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultMmapSyncObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	};

	/**
	 * Keys with few values.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * The name of the file or journal in the registry.
		 */
		FILE {

			@Override
			public String asString() {
				return "file";
			}

		}

	}

	/**
	 * Keys with any number of values.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/**
		 * Where the file or journal is.
		 */
		PATH {

			@Override
			public String asString() {
				return "path";
			}

		}

	}

}
