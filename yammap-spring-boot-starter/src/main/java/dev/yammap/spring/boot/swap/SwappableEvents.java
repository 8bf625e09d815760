package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.MmapListener.WriteOperation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of a {@link SwappableMmap} everything that happens to any version
 * of its file. The events name the bean, as listeners know only that. Listeners hear of
 * the bean's close once, not of each version's.
 */
public final class SwappableEvents implements MmapListener {

	private static final Log logger = LogFactory.getLog(SwappableEvents.class);

	private final List<MmapListener> listeners = new ArrayList<>();

	private final AtomicBoolean closeUntold = new AtomicBoolean(true);

	private volatile @Nullable Mmap bean;

	/** A version that is being validated, and not used yet. */
	private volatile @Nullable Mmap candidate;

	/**
	 * Adds a listener, before the file is opened.
	 * @param listener the listener
	 */
	void add(MmapListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Sets the bean that the events name, once the file is open.
	 * @param bean the bean
	 */
	void opened(SwappableMmap bean) {
		this.bean = bean;
		tell(bean, MmapListener::opened);
	}

	/**
	 * Sets the version whose events are not reported, as it may still be refused.
	 * @param candidate the version, or {@code null} for none
	 */
	public void ignore(@Nullable Mmap candidate) {
		this.candidate = candidate;
	}

	@Override
	public void grown(Mmap file, long from, long to) {
		tell(file, (listener, bean) -> listener.grown(bean, from, to));
	}

	@Override
	public void shrunk(Mmap file, long from, long to) {
		tell(file, (listener, bean) -> listener.shrunk(bean, from, to));
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		tell(file, (listener, bean) -> listener.synced(bean, duration, failure));
	}

	@Override
	public void coalesced(Mmap file, int callers) {
		tell(file, (listener, bean) -> listener.coalesced(bean, callers));
	}

	@Override
	public void faulted(Mmap file, MappedFaultException fault) {
		tell(file, (listener, bean) -> listener.faulted(bean, fault));
	}

	@Override
	public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
		tell(file, (listener, bean) -> listener.failed(bean, operation, cause, failure));
	}

	/**
	 * Tells that the bean is closed; further calls do nothing.
	 */
	void closed() {
		Mmap bean = this.bean;
		if (bean != null && this.closeUntold.getAndSet(false)) {
			tell(bean, MmapListener::closed);
		}
	}

	@SuppressWarnings("ReferenceEquality")
	private void tell(Mmap version, BiConsumer<MmapListener, Mmap> event) {
		if (version == this.candidate) {
			return;
		}
		Mmap bean = this.bean;
		for (MmapListener listener : this.listeners) {
			try {
				event.accept(listener, (bean != null) ? bean : version);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A listener of " + version.path() + " failed", ex);
			}
		}
	}

}
