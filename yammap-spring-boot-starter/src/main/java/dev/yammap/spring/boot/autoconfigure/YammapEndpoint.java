package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.YammapProperties.Access;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} that shows the mapped files of an application, and syncs
 * one. Unless more access is granted, it only shows them.
 */
@Endpoint(id = "yammap", defaultAccess = org.springframework.boot.actuate.endpoint.Access.READ_ONLY)
public class YammapEndpoint {

	private final FileStates states;

	YammapEndpoint(FileStates states) {
		this.states = states;
	}

	/**
	 * Shows all files.
	 * @return the files by name
	 */
	@ReadOperation
	public FilesDescriptor files() {
		Map<String, FileDescriptor> files = new LinkedHashMap<>();
		this.states.all().forEach((name, state) -> files.put(name, describe(state)));
		return new FilesDescriptor(files);
	}

	/**
	 * Shows one file.
	 * @param name the name of the file
	 * @return the file, or {@code null} if none has that name
	 */
	@ReadOperation
	public @Nullable FileDescriptor file(@Selector String name) {
		FileState state = this.states.find(name);
		return (state != null) ? describe(state) : null;
	}

	/**
	 * Syncs one file: what was written to it before is durable afterwards.
	 * @param name the name of the file
	 * @return the file as it is then, or {@code null} if none has that name
	 * @throws InvalidEndpointRequestException if the file is not open, or is never synced
	 * @throws UncheckedIOException if the sync failed
	 */
	@WriteOperation
	public @Nullable FileDescriptor sync(@Selector String name) {
		FileState state = this.states.find(name);
		if (state == null) {
			return null;
		}
		Mmap file = state.file();
		if (file == null || !file.isOpen()) {
			throw new InvalidEndpointRequestException("File '" + name + "' is not open", "File is not open");
		}
		try {
			file.sync();
		}
		catch (UnsupportedOperationException ex) {
			throw new InvalidEndpointRequestException("File '" + name + "' is never synced, as it is private",
					"File is private");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return describe(state);
	}

	private static FileDescriptor describe(FileState state) {
		Mmap file = state.file();
		Path path = state.path();
		Access access = state.access();
		return new FileDescriptor((path != null) ? path.toString() : null, state.isManaged(), state.isOpen(),
				(access != null) ? FileSettings.canonical(access) : null, (file != null) ? file.isWritable() : null,
				(file != null) ? file.size() : null,
				state.isManaged() ? new EventsDescriptor(state.lastSync(), state.failedSyncs(), state.faults()) : null,
				state.problems());
	}

	/**
	 * Description of all mapped files.
	 *
	 * @param files the files by name
	 */
	public record FilesDescriptor(Map<String, FileDescriptor> files) implements OperationResponseBody {

	}

	/**
	 * Description of a mapped file.
	 *
	 * @param path where it is
	 * @param managed whether it is configured under {@code yammap.files}, and not a bean
	 * that the application made itself
	 * @param open whether it is open
	 * @param access the configured access, where it is managed
	 * @param writable whether it can be written to, where it was ever open
	 * @param size its size in bytes, where it was ever open
	 * @param events what happened to it since it was opened, where it is managed
	 * @param problems what is wrong with it now, in sentences; empty if all is well
	 */
	public record FileDescriptor(@Nullable String path, boolean managed, boolean open, @Nullable String access,
			@Nullable Boolean writable, @Nullable Long size, @Nullable EventsDescriptor events,
			List<String> problems) implements OperationResponseBody {

	}

	/**
	 * Description of what happened to a mapped file.
	 *
	 * @param lastSync when the last sync that succeeded ended, if there was one
	 * @param failedSyncs how many syncs failed
	 * @param faults how many faults were met
	 */
	public record EventsDescriptor(@Nullable Instant lastSync, long failedSyncs, long faults) {

	}

}
