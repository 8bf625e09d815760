package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;

/**
 * The builder that customizers get for a {@link SwappableMmap}. It keeps the listeners
 * that they add for the bean, and passes everything else to the builder of the versions.
 * Only the first version empties the file, or must be new: the later ones are the same
 * file again, with what was written to it.
 */
public final class SwappableBuilder implements Mmap.Builder {

	private final Mmap.Builder versions;

	private final SwappableEvents events = new SwappableEvents();

	private final SyncObserver syncs;

	/** Empty if nobody has set any. */
	private OpenOption[] options = {};

	public SwappableBuilder(Mmap.Builder versions, SyncObserver syncs) {
		this.syncs = syncs;
		this.versions = versions.listener(this.events);
	}

	/**
	 * Returns the builder of the file's versions. Each opens the path anew.
	 */
	public Mmap.Builder versions() {
		return this.versions;
	}

	@Override
	public Mmap.Builder options(OpenOption... options) {
		this.versions.options(options);
		this.options = options.clone();
		return this;
	}

	@Override
	public Mmap.Builder permissions(Set<PosixFilePermission> permissions) {
		this.versions.permissions(permissions);
		return this;
	}

	@Override
	public Mmap.Builder size(long size) {
		this.versions.size(size);
		return this;
	}

	@Override
	public Mmap.Builder preallocate(boolean preallocate) {
		this.versions.preallocate(preallocate);
		return this;
	}

	@Override
	public Mmap.Builder syncOnCreate(boolean syncOnCreate) {
		this.versions.syncOnCreate(syncOnCreate);
		return this;
	}

	@Override
	public Mmap.Builder maxSize(long maxSize) {
		this.versions.maxSize(maxSize);
		return this;
	}

	@Override
	public Mmap.Builder reserve(long reserve) {
		this.versions.reserve(reserve);
		return this;
	}

	@Override
	public Mmap.Builder mode(MapMode mode) {
		this.versions.mode(mode);
		return this;
	}

	@Override
	public Mmap.Builder populate(boolean populate) {
		this.versions.populate(populate);
		return this;
	}

	@Override
	public Mmap.Builder lockInMemory(boolean lockInMemory) {
		this.versions.lockInMemory(lockInMemory);
		return this;
	}

	@Override
	public Mmap.Builder advice(Advice advice) {
		this.versions.advice(advice);
		return this;
	}

	@Override
	public Mmap.Builder lock(LockMode lock) {
		this.versions.lock(lock);
		return this;
	}

	@Override
	public Mmap.Builder backend(Backend backend) {
		this.versions.backend(backend);
		return this;
	}

	@Override
	public Mmap.Builder listener(MmapListener listener) {
		this.events.add(listener);
		return this;
	}

	/** Opens a file of its own, which nothing replaces. */
	@Override
	public FileChannel openChannel() throws IOException {
		return this.versions.openChannel();
	}

	@Override
	public SwappableMmap open() throws IOException {
		SwappableMmap file = new SwappableMmap(new FileVersions(this.versions.open()), this.events, this.syncs,
				this.versions);
		if (this.options.length > 0) {
			this.versions.options(optionsOfLaterVersions());
		}
		this.events.opened(file);
		return file;
	}

	private OpenOption[] optionsOfLaterVersions() {
		return Arrays.stream(this.options)
			.filter((option) -> !StandardOpenOption.TRUNCATE_EXISTING.equals(option))
			.map((option) -> StandardOpenOption.CREATE_NEW.equals(option) ? StandardOpenOption.CREATE : option)
			.toArray(OpenOption[]::new);
	}

}
