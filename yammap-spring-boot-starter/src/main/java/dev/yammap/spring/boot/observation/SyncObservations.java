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
 * Observations of the calls that sync files and journals. The timer of the metrics
 * measures what the operating system does, once for all threads that share it. An
 * observation instead has everything that one caller waits for, as a part of what that
 * caller does.
 */
public final class SyncObservations implements SyncObserverFactory, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(SyncObservations.class);

	private static final MmapSyncObservationConvention DEFAULT_CONVENTION = new DefaultMmapSyncObservationConvention();

	private final Supplier<ObservationRegistry> registry;

	private final Supplier<Optional<MmapSyncObservationConvention>> convention;

	/** Whether a failure was logged: a handler that fails may do so at every sync. */
	private final AtomicBoolean failing = new AtomicBoolean();

	/**
	 * Creates the observations.
	 * @param registry returns the registry of the observations. It is asked for when the
	 * context is complete, or at the first sync, as the beans of the registry may
	 * themselves depend on a file
	 * @param convention returns how a sync is observed, or {@code null} for the default.
	 * It is asked for together with the registry
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
	 * Observes a sync. If a handler fails, the sync still takes place. A handler may well
	 * fail at the end of the context: everything is synced once more after all other
	 * beans are gone.
	 */
	private void observe(ResourceSettings resource, ObservedCall call) throws IOException {
		try {
			MmapSyncObservationDocumentation.SYNC
				.observation(this.convention.get().orElse(null), DEFAULT_CONVENTION,
						() -> new MmapSyncObservationContext(resource.name(), resource.path()), this.registry.get())
				.observeChecked(call::sync);
		}
		catch (RuntimeException | Error ex) {
			call.finishUnobserved(ex);
			if (this.failing.compareAndSet(false, true)) {
				logger.warn("A sync of " + resource.kind().word() + " " + resource
						+ " could not be observed. Further failures are not logged", ex);
			}
		}
	}

	/**
	 * A call, and how it ended.
	 */
	private static final class ObservedCall {

		private final SyncObserver.Call call;

		private boolean begun;

		private @Nullable Throwable failure;

		ObservedCall(SyncObserver.Call call) {
			this.call = call;
		}

		void sync() throws IOException {
			this.begun = true;
			try {
				this.call.sync();
			}
			catch (IOException | RuntimeException | Error ex) {
				this.failure = ex;
				throw ex;
			}
		}

		/**
		 * Ends as the call alone would have ended.
		 * @param thrown what the call or a handler threw
		 */
		void finishUnobserved(Throwable thrown) throws IOException {
			Throwable failure = this.failure;
			if (!this.begun) {
				sync();
			}
			else if (failure != null) {
				if (!failure.equals(thrown)) {
					failure.addSuppressed(thrown);
				}
				throw rethrown(failure);
			}
		}

		private static IOException rethrown(Throwable failure) {
			return switch (failure) {
				case IOException io -> io;
				case RuntimeException unchecked -> throw unchecked;
				case Error error -> throw error;
				default -> throw new IllegalStateException(failure);
			};
		}

	}

}
