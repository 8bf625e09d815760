package dev.yammap.spring.boot.observation;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.yammap.spring.boot.registry.SyncObserverFactory;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.swap.SyncObserver;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;

/**
 * Observations of the calls that sync files and journals. Unlike the timer of the
 * metrics, which times what the operating system does, and once for all threads that
 * share it, these have all that a caller waits for, as a part of what the caller does.
 */
public final class SyncObservations implements SyncObserverFactory, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(SyncObservations.class);

	private static final MmapSyncObservationConvention DEFAULT_CONVENTION = new DefaultMmapSyncObservationConvention();

	private final Supplier<ObservationRegistry> registry;

	private final Supplier<Optional<MmapSyncObservationConvention>> convention;

	/** Whether the log says so: a handler that fails may do so at every sync. */
	private final AtomicBoolean failing = new AtomicBoolean();

	/**
	 * Creates the observations.
	 * @param registry where they go; asked for when the context is complete or with the
	 * first sync, as what belongs to it may itself depend on a file
	 * @param convention how a sync is observed, or {@code null} for the default; asked
	 * for with the registry
	 */
	public SyncObservations(Supplier<ObservationRegistry> registry,
			Supplier<@Nullable MmapSyncObservationConvention> convention) {
		this.registry = SingletonSupplier.of(registry);
		this.convention = SingletonSupplier.of(() -> Optional.ofNullable(convention.get()));
	}

	@Override
	public void afterSingletonsInstantiated() {
		var _ = this.registry.get();
		var _ = this.convention.get();
	}

	@Override
	public SyncObserver observerOf(ResourceSettings resource) {
		return (call) -> observe(resource, new ObservedCall(call));
	}

	/**
	 * A handler that fails must not keep anything from being synced. One may well fail at
	 * the end of the context: all is synced once more after all other beans are gone.
	 */
	private void observe(ResourceSettings resource, ObservedCall call) throws IOException {
		try {
			MmapSyncObservationDocumentation.SYNC
				.observation(this.convention.get().orElse(null), DEFAULT_CONVENTION,
						() -> new MmapSyncObservationContext(resource.name(), resource.path()), this.registry.get())
				.observeChecked(call::sync);
		}
		catch (RuntimeException ex) {
			call.finishUnobserved(ex);
			if (this.failing.compareAndSet(false, true)) {
				logger.warn("A sync of " + resource.kind().word() + " " + resource
						+ " could not be observed. Further failures are not logged", ex);
			}
		}
	}

	/**
	 * A call, and what became of it.
	 */
	private static final class ObservedCall {

		private final SyncObserver.Call call;

		private boolean begun;

		private @Nullable Exception failure;

		ObservedCall(SyncObserver.Call call) {
			this.call = call;
		}

		void sync() throws IOException {
			this.begun = true;
			try {
				this.call.sync();
			}
			catch (IOException | RuntimeException ex) {
				this.failure = ex;
				throw ex;
			}
		}

		/**
		 * Ends as the call alone would have.
		 * @param thrown what came of the call or of a handler
		 */
		void finishUnobserved(RuntimeException thrown) throws IOException {
			if (!this.begun) {
				sync();
			}
			else if (this.failure instanceof IOException io) {
				io.addSuppressed(thrown);
				throw io;
			}
			else if (this.failure != null) {
				throw thrown;
			}
		}

	}

}
