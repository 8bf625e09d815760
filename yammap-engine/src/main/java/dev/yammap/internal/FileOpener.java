package dev.yammap.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.internal.event.FileEvent;
import dev.yammap.internal.event.FlightRecording;
import dev.yammap.internal.file.Bytes;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Printable;

/**
 * The one {@link Mmap.Builder}. It collects and checks the settings of a file; an
 * {@link Opening} then opens it.
 */
public final class FileOpener implements Mmap.Builder {

	private final Path path;

	private final List<MmapListener> listeners = new ArrayList<>();

	private AccessOptions access = AccessOptions.READ_ONLY;

	private MappingOptions mapping = MappingOptions.DEFAULT;

	private Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");

	private long size;

	private boolean preallocate = true;

	private boolean syncOnCreate = true;

	private Backend backend = Backend.AUTO;

	public FileOpener(Path path) {
		if (!path.getFileSystem().equals(FileSystems.getDefault())) {
			throw new ProviderMismatchException("Cannot map " + Printable.of(path) + ": it belongs to file system "
					+ path.getFileSystem() + ", not to the operating system's");
		}
		this.path = path;
	}

	/**
	 * Returns the builder behind {@link Mmap#create}.
	 */
	public static Mmap.Builder forCreation(Path path, long size, OpenOption... options) {
		FileOpener opener = new FileOpener(path);
		opener.access = AccessOptions.forCreation(options);
		return opener.size(size);
	}

	@Override
	public Mmap.Builder options(OpenOption... options) {
		this.access = AccessOptions.of(options);
		return this;
	}

	@Override
	public Mmap.Builder permissions(Set<PosixFilePermission> permissions) {
		this.permissions = Set.copyOf(permissions);
		return this;
	}

	@Override
	public Mmap.Builder size(long size) {
		this.size = Bytes.requireNotNegative("size", size);
		return this;
	}

	@Override
	public Mmap.Builder preallocate(boolean preallocate) {
		this.preallocate = preallocate;
		return this;
	}

	@Override
	public Mmap.Builder syncOnCreate(boolean syncOnCreate) {
		this.syncOnCreate = syncOnCreate;
		return this;
	}

	@Override
	public Mmap.Builder maxSize(long maxSize) {
		this.mapping = this.mapping.withMaxSize(Bytes.requireNotNegative("maxSize", maxSize));
		return this;
	}

	@Override
	public Mmap.Builder reserve(long reserve) {
		this.mapping = this.mapping.withReserve(Bytes.requireNotNegative("reserve", reserve));
		return this;
	}

	@Override
	public Mmap.Builder mode(MapMode mode) {
		this.mapping = this.mapping.withMode(Objects.requireNonNull(mode, "mode"));
		return this;
	}

	@Override
	public Mmap.Builder populate(boolean populate) {
		this.mapping = this.mapping.withPopulate(populate);
		return this;
	}

	@Override
	public Mmap.Builder lockInMemory(boolean lockInMemory) {
		this.mapping = this.mapping.withLocked(lockInMemory);
		return this;
	}

	@Override
	public Mmap.Builder advice(Advice advice) {
		this.mapping = this.mapping.withAdvice(Objects.requireNonNull(advice, "advice"));
		return this;
	}

	@Override
	public Mmap.Builder lock(LockMode lock) {
		this.mapping = this.mapping.withLock(Objects.requireNonNull(lock, "lock"));
		return this;
	}

	@Override
	public Mmap.Builder backend(Backend backend) {
		this.backend = Objects.requireNonNull(backend, "backend");
		return this;
	}

	@Override
	public Mmap.Builder listener(MmapListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	@Override
	public Mmap open() throws IOException {
		return openFile();
	}

	@Override
	public FileChannel openChannel() throws IOException {
		return openFile().channel(true);
	}

	private FileMmap openFile() throws IOException {
		requireConsistent();
		FileEvent.Open recorded = FlightRecording.isOn() ? new FileEvent.Open() : null;
		boolean allocate = this.preallocate && !this.access.sparse();
		Opening opening = new Opening(Backends.get(this.backend), this.path, this.access, this.mapping, allocate,
				this.syncOnCreate);
		return opening.open(this.permissions, this.size, new LastStep(recorded));
	}

	private void requireConsistent() {
		require(!this.mapping.isPrivate() || !this.access.append(), "APPEND",
				"a mapping that is not PRIVATE, as it could not grow");
		if (this.mapping.isPrivate() || !this.access.write()) {
			requireNoChange("WRITE or APPEND, and a mapping that is not PRIVATE");
		}
		require(this.mapping.advice() != Advice.POPULATE_WRITE || this.access.write(), "The advice POPULATE_WRITE",
				"WRITE or APPEND");
		if (this.size > this.mapping.maxSize()) {
			require(false, "A size of " + this.size, "a maxSize of at least as much, not " + this.mapping.maxSize());
		}
	}

	/** Checks the settings of a file that must not be changed by opening it. */
	private void requireNoChange(String needed) {
		require(!this.access.createNew(), StandardOpenOption.CREATE_NEW.name(), needed);
		require(!this.access.create(), StandardOpenOption.CREATE.name(), needed);
		require(!this.access.truncateExisting(), StandardOpenOption.TRUNCATE_EXISTING.name(), needed);
		require(this.size == 0, "A size", needed);
		require(this.mapping.lock() != LockMode.EXCLUSIVE, "An EXCLUSIVE lock", needed);
	}

	private void require(boolean condition, String what, String needed) {
		if (!condition) {
			throw new IllegalArgumentException(
					"Cannot open " + Printable.of(this.path) + ": " + what + " needs " + needed);
		}
	}

	/** Makes the {@code Mmap} that the caller gets, and tells of it. */
	private final class LastStep implements Function<OpenedFile, FileMmap> {

		private final FileEvent.@Nullable Open recorded;

		LastStep(FileEvent.@Nullable Open recorded) {
			this.recorded = recorded;
		}

		@Override
		public FileMmap apply(OpenedFile opened) {
			AccessOptions access = FileOpener.this.access;
			FileMmap file = new FileMmap(opened, access.syncOnWrite(), FileOpener.this.listeners);
			if (this.recorded != null) {
				this.recorded.commit(file.path(), file.size(), access.options(), FileOpener.this.mapping.mode());
			}
			return file.opened();
		}

	}

}
