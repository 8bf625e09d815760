package dev.yammap.spring.boot.settings;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * What the properties say about one journal: checked, and translated for its builder.
 * Touches no file.
 */
public final class JournalSettings extends ResourceSettings {

	private static final DataSize LEAST_SEGMENT = DataSize.ofKilobytes(8);

	private static final DataSize MOST_SEGMENT = DataSize.ofGigabytes(8);

	private static final DataSize MOST_RECORD = DataSize.ofBytes(Integer.MAX_VALUE);

	private final JournalProperties properties;

	/**
	 * Creates and checks the settings of a journal.
	 * @param name the name of the journal
	 * @param baseDir what a relative path resolves against
	 * @param properties the properties of the journal
	 * @throws InvalidConfigurationPropertyValueException if they contradict each other
	 */
	public JournalSettings(String name, Path baseDir, JournalProperties properties) {
		super(ResourceKind.JOURNAL, name, baseDir, properties.getPath(), properties.getPermissions());
		this.properties = properties;
		checkSizes();
		checkRetention();
		checkNothingChangesUnwritableJournal();
		requireSensibleInterval();
	}

	private void checkSizes() {
		DataSize segment = segmentSize();
		if (segment.compareTo(LEAST_SEGMENT) < 0 || segment.compareTo(MOST_SEGMENT) > 0) {
			throw invalid("segment-size", segment, "A segment has from 8KB to 8GB. A size without a unit is in bytes.");
		}
		DataSize most = maxSize();
		if (most != null && most.compareTo(segment) < 0) {
			throw invalid("max-size", most,
					"No segment fits into that: '%s' is %s.".formatted(property("segment-size"), canonical(segment)));
		}
		DataSize record = this.properties.getMaxRecordSize();
		requirePositiveOrZero("max-record-size", record);
		if (record.compareTo(MOST_RECORD) > 0) {
			throw invalid("max-record-size", record, "A record has less than 2GB.");
		}
	}

	private void checkRetention() {
		DataSize size = this.properties.getRetention().getSize();
		if (size != null && size.compareTo(segmentSize()) < 0) {
			throw invalid("retention.size", size, "The last segment is always kept, and '%s' is %s."
				.formatted(property("segment-size"), canonical(segmentSize())));
		}
		DataSize most = maxSize();
		if (size != null && most != null && size.compareTo(most) > 0) {
			throw invalid("retention.size", size,
					"The size is greater than '%s' (%s).".formatted(property("max-size"), canonical(most)));
		}
		Duration age = this.properties.getRetention().getAge();
		if (age != null && !age.isPositive()) {
			throw invalid("retention.age", age, "An age is longer than 0. Leave the property out to keep all records.");
		}
	}

	private void checkNothingChangesUnwritableJournal() {
		if (isWritten()) {
			return;
		}
		JournalProperties.Retention retention = this.properties.getRetention();
		JournalProperties.Sync sync = this.properties.getSync();
		refuseIf(this.properties.getCreate() == FileProperties.Create.NEW, "create", "new", "created");
		refuseIf(maxSize() != null, "max-size", maxSize(), "made larger");
		refuseIf(retention.getSize() != null, "retention.size", retention.getSize(), "made smaller");
		refuseIf(retention.getAge() != null, "retention.age", retention.getAge(), "made smaller");
		refuseIf(sync.isOnAppend(), "sync.on-append", true, "synced");
		refuseIf(sync.getInterval() != null, "sync.interval", sync.getInterval(), "synced");
		refuseIf(recovery() == DamageAction.KEEP_WHOLE_PREFIX, "recovery", canonical(recovery()), "repaired");
	}

	/**
	 * Returns a builder with everything that the properties say.
	 * @return a new builder
	 */
	public Journal.Builder builder() {
		Journal.Builder builder = Journal.builder(path())
			.options(options())
			.backend(this.properties.getBackend())
			.whenDamaged(recovery());
		if (!isWritten()) {
			return builder;
		}
		DataSize most = maxSize();
		if (most != null) {
			builder.sizeLimit(most.toBytes());
		}
		JournalProperties.Retention retention = this.properties.getRetention();
		if (retention.getSize() != null) {
			builder.maxSize(retention.getSize().toBytes());
		}
		if (retention.getAge() != null) {
			builder.maxAge(retention.getAge());
		}
		return builder.permissions(permissions())
			.segmentSize(segmentSize().toBytes())
			.maxRecordLength((int) this.properties.getMaxRecordSize().toBytes())
			.whenHeldUp(retention.getHeldUp())
			.syncOnAppend(this.properties.getSync().isOnAppend());
	}

	private OpenOption[] options() {
		List<OpenOption> options = new ArrayList<>();
		options.add(StandardOpenOption.READ);
		if (isWritten()) {
			options.add(StandardOpenOption.WRITE);
			switch (create()) {
				case NEVER -> {
				}
				case IF_MISSING -> options.add(StandardOpenOption.CREATE);
				case NEW -> options.add(StandardOpenOption.CREATE_NEW);
			}
		}
		return options.toArray(new OpenOption[0]);
	}

	@Override
	public JournalProperties.Access access() {
		return this.properties.getAccess();
	}

	@Override
	public boolean isWritten() {
		return access() == JournalProperties.Access.READ_WRITE;
	}

	@Override
	public boolean mayBeCreated() {
		return isWritten() && create() != FileProperties.Create.NEVER;
	}

	public FileProperties.Create create() {
		return this.properties.getCreate();
	}

	public DataSize segmentSize() {
		return this.properties.getSegmentSize();
	}

	/**
	 * Returns the size of all segments together past which appends are refused.
	 * @return the size, or {@code null} if there is no limit
	 */
	public @Nullable DataSize maxSize() {
		return this.properties.getMaxSize();
	}

	/**
	 * Returns the size of all segments together past which the first ones are removed.
	 * @return the size, or {@code null} if there is no limit
	 */
	public @Nullable DataSize retentionSize() {
		return this.properties.getRetention().getSize();
	}

	/**
	 * Returns the age at which segments are removed.
	 * @return the age, or {@code null} if there is no limit
	 */
	public @Nullable Duration retentionAge() {
		return this.properties.getRetention().getAge();
	}

	/**
	 * Returns what is done if the journal is damaged.
	 */
	public DamageAction recovery() {
		return this.properties.getRecovery();
	}

	@Override
	public Backend backend() {
		return this.properties.getBackend();
	}

	@Override
	public boolean syncOnShutdown() {
		return isWritten() && this.properties.getSync().isOnShutdown();
	}

	/**
	 * Tells whether each append returns only when its record is durable.
	 */
	public boolean syncOnAppend() {
		return this.properties.getSync().isOnAppend();
	}

	@Override
	public @Nullable Duration syncInterval() {
		return this.properties.getSync().getInterval();
	}

}
