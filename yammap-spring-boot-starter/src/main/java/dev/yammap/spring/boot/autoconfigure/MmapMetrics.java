package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * Meters of the files of a registry. Those of one file are there from just before it is
 * opened, so that its first sync counts too, until it is closed. Nothing is measured
 * while reading and writing: sizes and counts are asked for, and a sync is reported by
 * the engine.
 */
class MmapMetrics implements MmapBuilderCustomizer, DisposableBean {

	private final MeterRegistry meterRegistry;

	private final FileStates states;

	private final Gauge filesOpen;

	MmapMetrics(MeterRegistry meterRegistry, Mmaps mmaps, FileStates states) {
		this.meterRegistry = meterRegistry;
		this.states = states;
		this.filesOpen = Gauge.builder("yammap.files.open", mmaps, (files) -> files.openFiles().size())
			.description("Mapped files that are open")
			.baseUnit(BaseUnits.FILES)
			.register(meterRegistry);
	}

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) {
		builder.listener(new FileMeters(name));
	}

	@Override
	public void destroy() {
		this.meterRegistry.remove(this.filesOpen);
	}

	private double size(String name) {
		FileState state = this.states.find(name);
		Mmap file = (state != null) ? state.file() : null;
		return (file != null && file.isOpen()) ? file.size() : Double.NaN;
	}

	private double errors(String name, ToLongFunction<FileState> errors) {
		FileState state = this.states.find(name);
		return (state != null) ? errors.applyAsLong(state) : 0;
	}

	private double syncAge(String name) {
		FileState state = this.states.find(name);
		return (state != null) ? state.syncAge() : Double.NaN;
	}

	/**
	 * The meters of one file.
	 */
	private final class FileMeters implements MmapListener {

		private final Gauge size;

		private final Timer syncSuccess;

		private final Timer syncFailure;

		private final TimeGauge syncAge;

		private final FunctionCounter failedSyncs;

		private final FunctionCounter faults;

		FileMeters(String name) {
			this.size = Gauge.builder("yammap.file.size", MmapMetrics.this, (metrics) -> metrics.size(name))
				.description("Size of a mapped file")
				.baseUnit(BaseUnits.BYTES)
				.tag("file", name)
				.register(MmapMetrics.this.meterRegistry);
			this.syncSuccess = syncTimer(name, "success");
			this.syncFailure = syncTimer(name, "failure");
			this.syncAge = TimeGauge
				.builder("yammap.sync.age", MmapMetrics.this, TimeUnit.NANOSECONDS, (metrics) -> metrics.syncAge(name))
				.description("Time since the last sync of a mapped file that succeeded")
				.tag("file", name)
				.register(MmapMetrics.this.meterRegistry);
			this.failedSyncs = errors(name, "sync", FileState::failedSyncs);
			this.faults = errors(name, "access", FileState::faults);
		}

		private Timer syncTimer(String name, String outcome) {
			return Timer.builder("yammap.sync")
				.description("Time to make what was written to a mapped file durable")
				.tag("file", name)
				.tag("outcome", outcome)
				.register(MmapMetrics.this.meterRegistry);
		}

		private FunctionCounter errors(String name, String operation, ToLongFunction<FileState> errors) {
			return FunctionCounter.builder("yammap.errors", MmapMetrics.this, (metrics) -> metrics.errors(name, errors))
				.description("Syncs of a mapped file that failed, and accesses that met a fault")
				.tag("file", name)
				.tag("operation", operation)
				.register(MmapMetrics.this.meterRegistry);
		}

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			((failure != null) ? this.syncFailure : this.syncSuccess).record(duration);
		}

		@Override
		public void closed(Mmap file) {
			List.of(this.size, this.syncSuccess, this.syncFailure, this.syncAge, this.failedSyncs, this.faults)
				.forEach(MmapMetrics.this.meterRegistry::remove);
		}

	}

}
