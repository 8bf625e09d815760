package dev.yammap.internal.event;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Printable;

/**
 * Tells the listeners of one file what happens to it, and the Flight Recorder if somebody
 * records. If a listener throws, that is logged, and the caller does not notice.
 */
public final class Events {

	private final Mmap file;

	private final List<MmapListener> listeners;

	private final AtomicBoolean closeUntold = new AtomicBoolean(true);

	public Events(Mmap file, List<MmapListener> listeners) {
		this.file = file;
		this.listeners = List.copyOf(listeners);
	}

	public void opened() {
		for (MmapListener listener : this.listeners) {
			try {
				listener.opened(this.file);
			}
			catch (RuntimeException | Error ex) {
				failed(ex);
			}
		}
	}

	public void resized(long from, long to) {
		boolean recorded = FlightRecording.isOn();
		if (to > from) {
			if (recorded) {
				new FileEvent.Grow(from, to).commitFor(this.file.path());
			}
			tell((listener) -> listener.grown(this.file, from, to));
		}
		else {
			if (recorded) {
				new FileEvent.Shrink(from, to).commitFor(this.file.path());
			}
			tell((listener) -> listener.shrunk(this.file, from, to));
		}
	}

	public void synced(long nanos, int callers, @Nullable IOException failure) {
		if (!this.listeners.isEmpty()) {
			Duration duration = Duration.ofNanos(nanos);
			tell((listener) -> listener.synced(this.file, duration, failure));
			if (callers > 1) {
				tell((listener) -> listener.coalesced(this.file, callers - 1));
			}
		}
	}

	public void faulted(MappedFaultException fault) {
		if (FlightRecording.isOn()) {
			new FileEvent.Fault(fault.getMessage()).commitFor(this.file.path());
		}
		tell((listener) -> listener.faulted(this.file, fault));
	}

	public void failed(WriteOperation operation, FailureCause cause, IOException failure) {
		tell((listener) -> listener.failed(this.file, operation, cause, failure));
	}

	/**
	 * Tells that the file was closed, if this is the first call.
	 * @param recorded the event that began before, if anybody records
	 */
	public void closed(FileEvent.@Nullable Close recorded) {
		if (!this.closeUntold.getAndSet(false)) {
			return;
		}
		if (recorded != null) {
			recorded.commit(this.file.path(), this.file.size());
		}
		tell((listener) -> listener.closed(this.file));
	}

	private void tell(Consumer<MmapListener> event) {
		for (MmapListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				failed(ex);
			}
		}
	}

	private void failed(Throwable failure) {
		try {
			EngineLogger.get()
				.log(Level.WARNING, "A listener of " + Printable.of(this.file.path()) + " failed", failure);
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// There is no room to say it.
		}
	}

}
