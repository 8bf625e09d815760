package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.spring.boot.settings.ResourceSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds two names that lead to one file through links, which a comparison of paths does
 * not find. Where files have numbers ({@link BasicFileAttributes#fileKey() keys}), as on
 * POSIX systems, a look costs one system call, however many files there are. Any number
 * of threads may use it.
 */
public final class SameFiles {

	private final Map<Object, ResourceSettings> byKey = new HashMap<>();

	private final Map<String, ResourceSettings> withoutKey = new LinkedHashMap<>();

	/** The files that are being opened. */
	private final List<ResourceSettings> claimed = new ArrayList<>();

	/**
	 * Claims a file before it is opened, as opening may empty it. After that either
	 * {@link #opened} or {@link #closed} must be called.
	 * @param settings the file
	 * @throws dev.yammap.spring.boot.settings.InvalidFileException if the file is open
	 * under another name, or is being opened
	 */
	public synchronized void claim(ResourceSettings settings) throws IOException {
		for (ResourceSettings other : this.claimed) {
			if (FileIdentity.isSame(settings.path(), other.path())) {
				throw ResourceSettings.samePlace(other, settings);
			}
		}
		requireOther(settings);
		this.claimed.add(settings);
	}

	private void requireOther(ResourceSettings settings) throws IOException {
		BasicFileAttributes attributes = attributes(settings.path());
		if (attributes == null) {
			return;
		}
		for (ResourceSettings other : candidates(attributes.fileKey())) {
			// A number is used again once its file is gone, so compare again.
			if (!other.name().equals(settings.name()) && Files.exists(other.path())
					&& Files.isSameFile(settings.path(), other.path())) {
				throw ResourceSettings.samePlace(other, settings);
			}
		}
	}

	private Collection<ResourceSettings> candidates(@Nullable Object key) {
		ResourceSettings known = (key != null) ? this.byKey.get(key) : null;
		if (key == null) {
			return this.withoutKey.values();
		}
		return (known != null) ? List.of(known) : List.of();
	}

	/**
	 * Records a file that was opened.
	 * @param settings the file
	 */
	public synchronized void opened(ResourceSettings settings) {
		this.claimed.remove(settings);
		Object key = key(settings.path());
		if (key != null) {
			this.byKey.put(key, settings);
		}
		else {
			this.withoutKey.put(settings.name(), settings);
		}
	}

	/**
	 * Forgets a file that was closed, or could not be opened.
	 * @param settings the file
	 */
	public synchronized void closed(ResourceSettings settings) {
		this.claimed.remove(settings);
		this.byKey.values().remove(settings);
		this.withoutKey.remove(settings.name());
	}

	private static @Nullable Object key(Path path) {
		try {
			BasicFileAttributes attributes = attributes(path);
			return (attributes != null) ? attributes.fileKey() : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
		try {
			return Files.readAttributes(path, BasicFileAttributes.class);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

}
