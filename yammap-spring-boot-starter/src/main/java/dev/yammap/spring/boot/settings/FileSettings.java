package dev.yammap.spring.boot.settings;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * What the properties say of one file, checked, and in the words of the engine. Touches
 * no file.
 */
public final class FileSettings extends ResourceSettings {

	/** What the engine refuses for pages that are kept in memory. */
	private static final Set<Advice> AGAINST_MEMORY = EnumSet.of(Advice.DONT_NEED, Advice.COLD, Advice.PAGE_OUT);

	private final FileProperties properties;

	/**
	 * Creates and checks the settings of a file.
	 * @param name the name of the file
	 * @param baseDir what a relative path resolves against
	 * @param properties the properties of the file
	 * @throws InvalidConfigurationPropertyValueException if they contradict each other
	 */
	public FileSettings(String name, Path baseDir, FileProperties properties) {
		super(ResourceKind.FILE, name, baseDir, properties.getPath(), properties.getPermissions());
		this.properties = properties;
		checkSizes();
		checkNothingChangesUnwritableFile();
		checkAdviceAndBackend();
		requireSensibleInterval();
		checkReload();
	}

	private void checkSizes() {
		DataSize size = size();
		DataSize maxSize = maxSize();
		requirePositiveOrZero("size", size);
		requirePositiveOrZero("max-size", maxSize);
		if (maxSize != null && size.compareTo(maxSize) > 0) {
			throw invalid("size", size,
					"The size is greater than '%s' (%s).".formatted(property("max-size"), canonical(maxSize)));
		}
	}

	private void checkNothingChangesUnwritableFile() {
		if (isWritten()) {
			return;
		}
		FileProperties.Sync sync = this.properties.getSync();
		refuseIf(create() == FileProperties.Create.NEW, "create", "new", "created");
		refuseIf(this.properties.isTruncate(), "truncate", true, "emptied");
		refuseIf(size().toBytes() > 0, "size", size(), "given a size");
		refuseIf(sync.isOnWrite(), "sync.on-write", true, "synced");
		refuseIf(sync.getInterval() != null, "sync.interval", sync.getInterval(), "synced");
		refuseIf(lock() == LockMode.EXCLUSIVE, "lock", "exclusive", "locked exclusively");
		refuseIf(advice() == Advice.POPULATE_WRITE && access() == FileProperties.Access.READ_ONLY, "advice",
				"populate-write", "prepared to be written");
	}

	private void checkAdviceAndBackend() {
		String advice = canonical(advice());
		if (locksInMemory() && AGAINST_MEMORY.contains(advice())) {
			throw invalid("advice", advice, "This advice contradicts '%s: true', which keeps the file in memory."
				.formatted(property("lock-in-memory")));
		}
		if (advice() == Advice.DONT_NEED && access() == FileProperties.Access.PRIVATE) {
			throw invalid("advice", advice,
					"With '%s: private' this advice would drop what was written.".formatted(property("access")));
		}
		if (backend() == Backend.PORTABLE) {
			String reason = "With '%s: portable' %s. Only the native backend can do that.";
			if (locksInMemory()) {
				throw invalid("lock-in-memory", true,
						reason.formatted(property("backend"), "a file cannot be kept in memory"));
			}
			if (advice() != Advice.NORMAL) {
				throw invalid("advice", advice, reason.formatted(property("backend"), "the kernel gets no advice"));
			}
		}
	}

	private void checkReload() {
		if (reloadOnUpdate() && access() != FileProperties.Access.READ_ONLY) {
			throw invalid("reload-on-update", true,
					"Only a file with '%s: read-only' can be reloaded: what was written to the old one would be lost."
						.formatted(property("access")));
		}
	}

	/**
	 * Returns a builder of the engine, with everything that the properties say.
	 * @return a new builder
	 */
	public Mmap.Builder builder() {
		Mmap.Builder builder = Mmap.builder(path())
			.options(options())
			.mode((access() == FileProperties.Access.PRIVATE) ? MapMode.PRIVATE : MapMode.SHARED)
			.lock(lock())
			.populate(this.properties.isPopulate())
			.lockInMemory(this.properties.isLockInMemory())
			.advice(this.properties.getAdvice())
			.backend(this.properties.getBackend());
		DataSize maxSize = this.properties.getMaxSize();
		if (maxSize != null) {
			builder.maxSize(maxSize.toBytes());
		}
		if (isWritten()) {
			builder.permissions(permissions())
				.size(this.properties.getSize().toBytes())
				.preallocate(this.properties.isPreallocate());
		}
		return builder;
	}

	/**
	 * Returns the options with which the file is opened for the first time.
	 */
	public OpenOption[] options() {
		List<OpenOption> options = new ArrayList<>();
		options.add(StandardOpenOption.READ);
		switch (access()) {
			case READ_ONLY -> {
			}
			case READ_WRITE, PRIVATE -> options.add(StandardOpenOption.WRITE);
			case APPEND -> options.add(StandardOpenOption.APPEND);
		}
		if (isWritten()) {
			switch (this.properties.getCreate()) {
				case NEVER -> {
				}
				case IF_MISSING -> options.add(StandardOpenOption.CREATE);
				case NEW -> options.add(StandardOpenOption.CREATE_NEW);
			}
		}
		if (this.properties.isTruncate()) {
			options.add(StandardOpenOption.TRUNCATE_EXISTING);
		}
		if (this.properties.getSync().isOnWrite()) {
			options.add(StandardOpenOption.SYNC);
		}
		return options.toArray(new OpenOption[0]);
	}

	@Override
	public FileProperties.Access access() {
		return this.properties.getAccess();
	}

	@Override
	public boolean isWritten() {
		return access() == FileProperties.Access.READ_WRITE || access() == FileProperties.Access.APPEND;
	}

	/**
	 * Tells whether the application may write within the file, and not only at its end.
	 */
	public boolean isWrittenWithin() {
		return access() == FileProperties.Access.READ_WRITE;
	}

	@Override
	public boolean mayBeCreated() {
		return isWritten() && create() != FileProperties.Create.NEVER;
	}

	public FileProperties.Create create() {
		return this.properties.getCreate();
	}

	public DataSize size() {
		return this.properties.getSize();
	}

	public boolean isPreallocated() {
		return this.properties.isPreallocate();
	}

	/**
	 * Returns the lock that is held on the file.
	 * @return the lock, never {@link FileProperties.Lock#AUTO auto}
	 */
	public LockMode lock() {
		return switch (this.properties.getLock()) {
			case AUTO -> isWritten() ? LockMode.EXCLUSIVE : LockMode.NONE;
			case NONE -> LockMode.NONE;
			case SHARED -> LockMode.SHARED;
			case EXCLUSIVE -> LockMode.EXCLUSIVE;
		};
	}

	public boolean locksInMemory() {
		return this.properties.isLockInMemory();
	}

	public Advice advice() {
		return this.properties.getAdvice();
	}

	@Override
	public Backend backend() {
		return this.properties.getBackend();
	}

	public @Nullable DataSize maxSize() {
		return this.properties.getMaxSize();
	}

	/**
	 * Tells whether the registry syncs the file when the application stops.
	 * @return {@code false} also if there is nothing to sync: for a file opened for
	 * reading only, or a private mapping
	 */
	@Override
	public boolean syncOnShutdown() {
		return isWritten() && this.properties.getSync().isOnShutdown();
	}

	@Override
	public @Nullable Duration syncInterval() {
		return this.properties.getSync().getInterval();
	}

	/**
	 * Tells whether the file is replaced when another file takes its place.
	 */
	public boolean reloadOnUpdate() {
		return this.properties.isReloadOnUpdate();
	}

	/**
	 * Tells whether an empty file may take the place of one that is not empty.
	 */
	public boolean reloadEmpty() {
		return this.properties.isReloadEmpty();
	}

}
