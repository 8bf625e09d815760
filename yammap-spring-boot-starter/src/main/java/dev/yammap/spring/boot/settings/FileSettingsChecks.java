package dev.yammap.spring.boot.settings;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.spring.boot.FileAccess;
import dev.yammap.spring.boot.FileCreation;
import dev.yammap.spring.boot.FileProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Finds properties of a file that contradict each other, before any file is touched.
 */
class FileSettingsChecks {

	/**
	 * What the engine refuses for pages that are kept in memory.
	 */
	private static final Set<Advice> AGAINST_MEMORY = EnumSet.of(Advice.DONT_NEED, Advice.COLD, Advice.PAGE_OUT);

	private final FileSettings settings;

	private final FileProperties properties;

	FileSettingsChecks(FileSettings settings, FileProperties properties) {
		this.settings = settings;
		this.properties = properties;
	}

	/**
	 * Runs all of them.
	 * @throws InvalidConfigurationPropertyValueException if one finds something
	 */
	void run() {
		checkSizes();
		checkNothingChangesUnwritableFile();
		checkAdvice();
		checkBackend();
		checkSyncInterval();
		checkReload();
	}

	private void checkSizes() {
		DataSize size = this.properties.getSize();
		DataSize maxSize = this.properties.getMaxSize();
		if (size.isNegative()) {
			throw invalid("size", size, "A size is 0 or more.");
		}
		if (maxSize != null && maxSize.isNegative()) {
			throw invalid("max-size", maxSize, "A size is 0 or more.");
		}
		if (maxSize != null && size.compareTo(maxSize) > 0) {
			throw invalid("size", size, "The size is greater than '%s' (%s).".formatted(property("max-size"), maxSize));
		}
	}

	private void checkNothingChangesUnwritableFile() {
		if (this.properties.getAccess().changesFile()) {
			return;
		}
		if (this.properties.getCreate() == FileCreation.NEW) {
			throw unwritable("create", "new", "created");
		}
		if (this.properties.isTruncate()) {
			throw unwritable("truncate", true, "emptied");
		}
		if (this.properties.getSize().toBytes() > 0) {
			throw unwritable("size", this.properties.getSize(), "given a size");
		}
		if (this.properties.getSync().isOnWrite()) {
			throw unwritable("sync.on-write", true, "synced");
		}
		if (this.properties.getSync().getInterval() != null) {
			throw unwritable("sync.interval", this.properties.getSync().getInterval(), "synced");
		}
		if (this.settings.lock() == LockMode.EXCLUSIVE) {
			throw unwritable("lock", "exclusive", "locked exclusively");
		}
		if (this.properties.getAdvice() == Advice.POPULATE_WRITE
				&& this.properties.getAccess() == FileAccess.READ_ONLY) {
			throw unwritable("advice", "populate-write", "prepared to be written");
		}
	}

	private void checkAdvice() {
		Advice advice = this.properties.getAdvice();
		if (this.properties.isLockInMemory() && AGAINST_MEMORY.contains(advice)) {
			throw invalid("advice", FileSettings.canonical(advice),
					"A file with '%s: true' stays in memory.".formatted(property("lock-in-memory")));
		}
		if (advice == Advice.DONT_NEED && this.properties.getAccess() == FileAccess.PRIVATE) {
			throw invalid("advice", FileSettings.canonical(advice),
					"With '%s: private' that would drop what is written.".formatted(property("access")));
		}
	}

	private void checkBackend() {
		if (this.properties.getBackend() != Backend.PORTABLE) {
			return;
		}
		String reason = "With '%s: portable' a file cannot be %s. Only the native backend can do that.";
		if (this.properties.isLockInMemory()) {
			throw invalid("lock-in-memory", true, reason.formatted(property("backend"), "kept in memory"));
		}
		if (this.properties.getAdvice() != Advice.NORMAL) {
			throw invalid("advice", FileSettings.canonical(this.properties.getAdvice()),
					reason.formatted(property("backend"), "the subject of advice to the kernel"));
		}
	}

	private void checkSyncInterval() {
		Duration interval = this.properties.getSync().getInterval();
		if (interval != null) {
			Intervals.requireSensible(property("sync.interval"), interval);
		}
	}

	private void checkReload() {
		if (this.properties.isReloadOnUpdate() && this.properties.getAccess() != FileAccess.READ_ONLY) {
			throw invalid("reload-on-update", true,
					"Only a file with '%s: read-only' can be reloaded: what was written to the old one would be lost."
						.formatted(property("access")));
		}
	}

	private InvalidConfigurationPropertyValueException unwritable(String property, Object value, String what) {
		return invalid(property, value, "A file with '%s: %s' cannot be %s.".formatted(property("access"),
				FileSettings.canonical(this.properties.getAccess()), what));
	}

	private InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(property(property), value, reason);
	}

	private String property(String property) {
		return this.settings.property(property);
	}

}
