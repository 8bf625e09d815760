package dev.yammap.spring.boot.actuate.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.yammap.Backend;
import dev.yammap.journal.Journal;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.ResourceEvents;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Description of a journal.
 *
 * @param path where its directory is
 * @param managed whether it is configured under {@code yammap.journals}, and not a bean
 * that the application made itself
 * @param open whether it is open
 * @param backend how it is mapped, {@code native} or {@code portable}, if it was ever
 * open
 * @param size the size of all its segments in bytes
 * @param mappedSize how much address space it takes, in bytes: the segments in use
 * @param segments how many segments it has
 * @param records which records it has, if it is open
 * @param lags how many records each named reader still needs
 * @param settings how it was opened, if it is managed
 * @param recovery what was found when it was opened, if it was ever open
 * @param events what happened to it since it was opened, if it is managed
 * @param problems what is wrong with it now, in sentences; empty if all is well
 * @param warnings what else an operator should know, in sentences
 */
public record JournalDescriptor(@Nullable String path, boolean managed, boolean open, @Nullable String backend,
		long size, long mappedSize, int segments, @Nullable RecordsDescriptor records, Map<String, Long> lags,
		@Nullable SettingsDescriptor settings, @Nullable RecoveryDescriptor recovery, @Nullable EventsDescriptor events,
		List<String> problems, List<String> warnings) implements ResourceDescriptor {

	static JournalDescriptor of(TrackedJournal tracked) {
		Journal journal = tracked.resource();
		Path path = tracked.path();
		Backend backend = tracked.backend();
		RecoveryReport recovery = tracked.recovery();
		JournalSettings settings = tracked.settings();
		return new JournalDescriptor((path != null) ? path.toString() : null, tracked.isManaged(), tracked.isOpen(),
				(backend != null) ? ResourceSettings.canonical(backend) : null, tracked.size(), tracked.mappedSize(),
				tracked.segments().size(), (journal != null && journal.isOpen()) ? RecordsDescriptor.of(journal) : null,
				tracked.lags(), (settings != null) ? SettingsDescriptor.of(settings) : null,
				(recovery != null) ? RecoveryDescriptor.of(recovery) : null,
				tracked.isManaged() ? EventsDescriptor.of(tracked.events()) : null, tracked.problems(),
				tracked.warnings());
	}

	/**
	 * Description of the records of a journal.
	 *
	 * @param first the number of the first record that was not removed
	 * @param next the number that the next record gets
	 * @param durable the first number whose record a power cut may take back
	 */
	public record RecordsDescriptor(long first, long next, long durable) {

		static @Nullable RecordsDescriptor of(Journal journal) {
			try {
				return new RecordsDescriptor(journal.firstSequence(), journal.nextSequence(),
						journal.durableSequence());
			}
			catch (IOException ex) {
				// It was closed meanwhile, or the problems tell what is wrong.
				return null;
			}
		}

	}

	/**
	 * Description of how a journal was opened.
	 *
	 * @param access what the application may do with it
	 * @param segmentSize the size of new segments in bytes
	 * @param maxSize the size of all segments past which appends are refused, in bytes,
	 * if there is one
	 * @param retentionSize the size of all segments past which the first ones are
	 * removed, in bytes, if there is one
	 * @param retentionAge the age at which segments are removed, if there is one
	 * @param syncInterval the time between two syncs while the application runs, if it is
	 * synced by itself
	 * @param syncOnAppend whether each append returns only when its record is durable
	 * @param recovery what is done if it is damaged
	 */
	public record SettingsDescriptor(String access, long segmentSize, @Nullable Long maxSize,
			@Nullable Long retentionSize, @Nullable Duration retentionAge, @Nullable Duration syncInterval,
			boolean syncOnAppend, String recovery) {

		static SettingsDescriptor of(JournalSettings settings) {
			DataSize maxSize = settings.maxSize();
			DataSize retention = settings.retentionSize();
			return new SettingsDescriptor(ResourceSettings.canonical(settings.access()),
					settings.segmentSize().toBytes(), (maxSize != null) ? maxSize.toBytes() : null,
					(retention != null) ? retention.toBytes() : null, settings.retentionAge(), settings.syncInterval(),
					settings.syncOnAppend(), ResourceSettings.canonical(settings.recovery()));
		}

	}

	/**
	 * Description of what was found when a journal was opened.
	 *
	 * @param next the number of the first record that was appended afterwards
	 * @param tornBytes how many bytes behind the last whole record were cut off
	 * @param putAside the files that hold what was cut off
	 * @param skippedRecords how many records were not whole and were passed over
	 */
	public record RecoveryDescriptor(long next, long tornBytes, List<String> putAside, long skippedRecords) {

		static RecoveryDescriptor of(RecoveryReport report) {
			return new RecoveryDescriptor(report.nextSequence(), report.tornBytes(),
					report.putAside().stream().map(Path::toString).toList(), report.skippedRecords());
		}

	}

	/**
	 * Description of what happened to a journal.
	 *
	 * @param lastSync when the last sync that succeeded ended, if there was one
	 * @param coalescedSyncs how many calls were served by the sync of another call
	 * @param failedSyncs how many syncs failed
	 * @param failedAppends how many appends failed
	 */
	public record EventsDescriptor(@Nullable Instant lastSync, long coalescedSyncs, long failedSyncs,
			long failedAppends) {

		static EventsDescriptor of(ResourceEvents events) {
			return new EventsDescriptor(events.lastSync(), events.coalescedSyncs(), events.failedSyncs(),
					events.failedWrites().count());
		}

	}

}
