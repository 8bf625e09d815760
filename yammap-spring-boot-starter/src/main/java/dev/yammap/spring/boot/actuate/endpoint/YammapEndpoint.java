package dev.yammap.spring.boot.actuate.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.spring.boot.tracking.Reloads;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.ResourceSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.util.unit.DataSize;

/**
 * {@link Endpoint @Endpoint} that shows the mapped files and journals of an application,
 * and can sync one. Unless more access is granted, it only shows them.
 */
@Endpoint(id = "yammap", defaultAccess = Access.READ_ONLY)
public class YammapEndpoint {

	private final TrackedResources resources;

	public YammapEndpoint(TrackedResources resources) {
		this.resources = resources;
	}

	/**
	 * Shows all files and journals.
	 * @return the files and the journals by name
	 */
	@ReadOperation
	public ResourcesDescriptor resources() {
		Map<String, FileDescriptor> files = new LinkedHashMap<>();
		this.resources.files().forEach((name, tracked) -> files.put(name, describe(tracked)));
		Map<String, JournalDescriptor> journals = new LinkedHashMap<>();
		this.resources.journals().forEach((name, tracked) -> journals.put(name, JournalDescriptor.of(tracked)));
		return new ResourcesDescriptor(files, journals);
	}

	/**
	 * Shows one file or journal.
	 * @param name its name
	 * @return its description, or {@code null} if none has that name
	 */
	@ReadOperation
	public @Nullable ResourceDescriptor resource(@Selector String name) {
		TrackedResource tracked = this.resources.find(name);
		return (tracked != null) ? describe(tracked) : null;
	}

	/**
	 * Syncs one file or journal: what was written to it before is durable afterwards.
	 * @param name its name
	 * @return its description after the sync, or {@code null} if none has that name
	 * @throws InvalidEndpointRequestException if it is not open, or is never synced
	 * @throws UncheckedIOException if the sync failed
	 */
	@WriteOperation
	public @Nullable ResourceDescriptor sync(@Selector String name) {
		TrackedResource tracked = this.resources.find(name);
		if (tracked == null) {
			return null;
		}
		String kind = (tracked instanceof TrackedJournal) ? "Journal" : "File";
		if (!tracked.isOpen()) {
			throw new InvalidEndpointRequestException(kind + " '" + name + "' is not open", kind + " is not open");
		}
		try {
			tracked.sync();
		}
		catch (UnsupportedOperationException ex) {
			throw new InvalidEndpointRequestException("File '" + name + "' is never synced, as it is private",
					"File is private");
		}
		catch (NonWritableChannelException ex) {
			throw new InvalidEndpointRequestException(kind + " '" + name + "' is never synced, as it is only read",
					kind + " is read-only");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return describe(tracked);
	}

	private static ResourceDescriptor describe(TrackedResource tracked) {
		return switch (tracked) {
			case TrackedFile file -> describe(file);
			case TrackedJournal journal -> JournalDescriptor.of(journal);
		};
	}

	private static FileDescriptor describe(TrackedFile tracked) {
		Mmap file = tracked.file();
		Path path = tracked.path();
		Backend backend = tracked.backend();
		return new FileDescriptor((path != null) ? path.toString() : null, tracked.isManaged(), tracked.isOpen(),
				(backend != null) ? ResourceSettings.canonical(backend) : null,
				(file != null) ? file.isWritable() : null, (file != null) ? file.size() : null,
				(file != null) ? file.mappedSize() : null, describeSettings(tracked.settings()),
				describePageCache(file), describeEvents(tracked), describeReloads(tracked), tracked.problems());
	}

	private static @Nullable SettingsDescriptor describeSettings(@Nullable FileSettings settings) {
		if (settings == null) {
			return null;
		}
		DataSize maxSize = settings.maxSize();
		return new SettingsDescriptor(ResourceSettings.canonical(settings.access()),
				ResourceSettings.canonical(settings.lock()), ResourceSettings.canonical(settings.advice()),
				ResourceSettings.canonical(settings.backend()), settings.locksInMemory(),
				(maxSize != null) ? maxSize.toBytes() : null, settings.syncInterval(), settings.reloadOnUpdate());
	}

	private static @Nullable PageCacheDescriptor describePageCache(@Nullable Mmap file) {
		try {
			return (file != null && file.isOpen()) ? file.pageCache().map(PageCacheDescriptor::of).orElse(null) : null;
		}
		catch (IOException ex) {
			// It was closed meanwhile; or an operator could do nothing about the failure.
			return null;
		}
	}

	private static @Nullable EventsDescriptor describeEvents(TrackedFile tracked) {
		return tracked.isManaged() ? new EventsDescriptor(tracked.events().lastSync(),
				tracked.events().coalescedSyncs(), tracked.events().failedSyncs(),
				tracked.events().failedWrites().count(), tracked.events().faults()) : null;
	}

	private static @Nullable ReloadsDescriptor describeReloads(TrackedFile tracked) {
		return tracked.isFollowed() ? ReloadsDescriptor.of(tracked.reloads().counts()) : null;
	}

	/**
	 * Description of all mapped files and journals.
	 *
	 * @param files the files by name
	 * @param journals the journals by name
	 */
	public record ResourcesDescriptor(Map<String, FileDescriptor> files,
			Map<String, JournalDescriptor> journals) implements OperationResponseBody {

	}

	/**
	 * Description of a mapped file.
	 *
	 * @param path where it is
	 * @param managed whether it is configured under {@code yammap.files}, and not a bean
	 * that the application made itself
	 * @param open whether it is open
	 * @param backend how it is mapped, {@code native} or {@code portable}, if it was ever
	 * open
	 * @param writable whether it can be written to, if it was ever open
	 * @param size its size in bytes, if it was ever open
	 * @param mappedSize how much address space it takes, in bytes, if it was ever open
	 * @param settings how it was opened, if it is managed
	 * @param pageCache what of it is in memory, if the operating system tells
	 * @param events what happened to it since it was opened, if it is managed
	 * @param reloads how its replacements went, if it is followed
	 * @param problems what is wrong with it now, in sentences; empty if all is well
	 */
	public record FileDescriptor(@Nullable String path, boolean managed, boolean open, @Nullable String backend,
			@Nullable Boolean writable, @Nullable Long size, @Nullable Long mappedSize,
			@Nullable SettingsDescriptor settings, @Nullable PageCacheDescriptor pageCache,
			@Nullable EventsDescriptor events, @Nullable ReloadsDescriptor reloads,
			List<String> problems) implements ResourceDescriptor {

	}

	/**
	 * Description of how a mapped file was opened.
	 *
	 * @param access what the application may do with it
	 * @param lock which lock is held on it
	 * @param advice what the kernel is told about its use
	 * @param backend which backend was asked for
	 * @param lockInMemory whether its pages are kept in memory
	 * @param maxSize the size past which it does not grow, in bytes, if there is one
	 * @param syncInterval the time between two syncs while the application runs, if it is
	 * synced by itself
	 * @param reloadOnUpdate whether it is followed when another file takes its place
	 */
	public record SettingsDescriptor(String access, String lock, String advice, String backend, boolean lockInMemory,
			@Nullable Long maxSize, @Nullable Duration syncInterval, boolean reloadOnUpdate) {

	}

	/**
	 * Description of what the page cache holds of a mapped file, in pages. Numbers that
	 * the operating system does not tell are missing.
	 *
	 * @param pageSize the size of a page in bytes
	 * @param cached pages in memory
	 * @param dirty cached pages that must be written back
	 * @param writeback cached pages that are being written back
	 * @param evicted pages that were in memory
	 * @param recentlyEvicted evicted pages that would be in memory if memory were a
	 * little larger
	 */
	public record PageCacheDescriptor(long pageSize, @Nullable Long cached, @Nullable Long dirty,
			@Nullable Long writeback, @Nullable Long evicted, @Nullable Long recentlyEvicted) {

		static PageCacheDescriptor of(PageCacheStats stats) {
			return new PageCacheDescriptor(stats.pageSize(), known(stats.cached()), known(stats.dirty()),
					known(stats.writeback()), known(stats.evicted()), known(stats.recentlyEvicted()));
		}

		private static @Nullable Long known(long pages) {
			return (pages != PageCacheStats.UNKNOWN) ? pages : null;
		}

	}

	/**
	 * Description of what happened to a mapped file.
	 *
	 * @param lastSync when the last sync that succeeded ended, if there was one
	 * @param coalescedSyncs how many calls were served by the sync of another call
	 * @param failedSyncs how many syncs failed
	 * @param failedWrites how many writes the operating system refused
	 * @param faults how many faults were met
	 */
	public record EventsDescriptor(@Nullable Instant lastSync, long coalescedSyncs, long failedSyncs, long failedWrites,
			long faults) {

	}

	/**
	 * Description of how the replacements of a mapped file went.
	 *
	 * @param succeeded how often the file was replaced
	 * @param last when it was last replaced, if it ever was
	 * @param failed how many replacements could not be opened, or were missing
	 * @param lastFailed when that was last found, if it ever was
	 * @param lastFailure why. It is one of the problems of the file while it lasts
	 */
	public record ReloadsDescriptor(long succeeded, @Nullable Instant last, long failed, @Nullable Instant lastFailed,
			@Nullable String lastFailure) {

		static ReloadsDescriptor of(Reloads.Counts counts) {
			Reloads.Failure failure = counts.lastFailure();
			return new ReloadsDescriptor(counts.count(), counts.last(), counts.failed(),
					(failure != null) ? failure.at() : null, (failure != null) ? failure.reason() : null);
		}

	}

}
