package dev.yammap.spring.boot.settings;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * What the properties say of one file, checked, and in the words of the engine. Touches
 * no file.
 */
public final class FileSettings {

	/** What the engine refuses for pages that are kept in memory. */
	private static final Set<Advice> AGAINST_MEMORY = EnumSet.of(Advice.DONT_NEED, Advice.COLD, Advice.PAGE_OUT);

	private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private final String name;

	private final Path baseDirectory;

	private final boolean relative;

	private final Path path;

	private final FileProperties properties;

	private final Set<PosixFilePermission> permissions;

	/**
	 * Creates and checks the settings of a file.
	 * @param name the name of the file
	 * @param baseDir what a relative path resolves against
	 * @param properties the properties of the file
	 * @throws InvalidConfigurationPropertyValueException if they contradict each other
	 */
	public FileSettings(String name, Path baseDir, FileProperties properties) {
		this.name = name;
		this.properties = properties;
		Path path = parsePath();
		this.baseDirectory = baseDir;
		this.relative = !path.isAbsolute();
		this.path = PropertyPath.withoutDots(baseDir.resolve(path).toAbsolutePath());
		this.permissions = parsePermissions();
		checkSizes();
		checkNothingChangesUnwritableFile();
		checkAdviceAndBackend();
		checkIntervalAndReload();
	}

	private Path parsePath() {
		String path = this.properties.getPath();
		if (!StringUtils.hasText(path)) {
			throw invalid("path", path,
					("A mapped file needs a path. If no file is to be named '%s', correct the property"
							+ " or environment variable that begins so; a name with a dot is written in brackets.")
						.formatted(this.name));
		}
		return PropertyPath.parse(property("path"), path);
	}

	private Set<PosixFilePermission> parsePermissions() {
		String permissions = this.properties.getPermissions();
		if (permissions.isBlank()) {
			permissions = new FileProperties().getPermissions();
		}
		try {
			return PosixFilePermissions.fromString(permissions);
		}
		catch (IllegalArgumentException ex) {
			throw invalid("permissions", permissions,
					"Permissions are written as three times 'rwx' with '-' for what is not allowed, such as 'rw-r-----'.");
		}
	}

	private void checkSizes() {
		DataSize size = size();
		DataSize maxSize = maxSize();
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
		if (changesFile()) {
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

	private void refuseIf(boolean refused, String property, @Nullable Object value, String what) {
		if (refused) {
			throw invalid(property, value,
					"A file with '%s: %s' cannot be %s.".formatted(property("access"), canonical(access()), what));
		}
	}

	private void checkAdviceAndBackend() {
		String advice = canonical(advice());
		if (locksInMemory() && AGAINST_MEMORY.contains(advice())) {
			throw invalid("advice", advice,
					"A file with '%s: true' stays in memory.".formatted(property("lock-in-memory")));
		}
		if (advice() == Advice.DONT_NEED && access() == FileProperties.Access.PRIVATE) {
			throw invalid("advice", advice,
					"With '%s: private' that would drop what is written.".formatted(property("access")));
		}
		if (backend() == Backend.PORTABLE) {
			String reason = "With '%s: portable' a file cannot be %s. Only the native backend can do that.";
			if (locksInMemory()) {
				throw invalid("lock-in-memory", true, reason.formatted(property("backend"), "kept in memory"));
			}
			if (advice() != Advice.NORMAL) {
				throw invalid("advice", advice,
						reason.formatted(property("backend"), "the subject of advice to the kernel"));
			}
		}
	}

	private void checkIntervalAndReload() {
		Duration interval = syncInterval();
		if (interval != null) {
			Intervals.requireSensible(property("sync.interval"), interval);
		}
		if (reloadOnUpdate() && access() != FileProperties.Access.READ_ONLY) {
			throw invalid("reload-on-update", true,
					"Only a file with '%s: read-only' can be reloaded: what was written to the old one would be lost."
						.formatted(property("access")));
		}
	}

	private InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(property(property), value, reason);
	}

	/**
	 * Starts the description of the file for the engine.
	 * @return a new builder, with everything the properties say
	 */
	public Mmap.Builder builder() {
		Mmap.Builder builder = Mmap.builder(this.path)
			.options(options(true))
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
		if (changesFile()) {
			builder.permissions(this.permissions)
				.size(this.properties.getSize().toBytes())
				.preallocate(this.properties.isPreallocate());
		}
		return builder;
	}

	/**
	 * Has a builder open the file once more, after a restore: it is not emptied again,
	 * and need not be new.
	 * @param builder the builder that opened it
	 * @return the builder
	 */
	public Mmap.Builder opensAgain(Mmap.Builder builder) {
		boolean opensOnce = this.properties.isTruncate() || create() == FileProperties.Create.NEW;
		return opensOnce ? builder.options(options(false)) : builder;
	}

	private OpenOption[] options(boolean first) {
		List<OpenOption> options = new ArrayList<>();
		options.add(StandardOpenOption.READ);
		switch (access()) {
			case READ_ONLY -> {
			}
			case READ_WRITE, PRIVATE -> options.add(StandardOpenOption.WRITE);
			case APPEND -> options.add(StandardOpenOption.APPEND);
		}
		if (changesFile()) {
			switch (this.properties.getCreate()) {
				case NEVER -> {
				}
				case IF_MISSING -> options.add(StandardOpenOption.CREATE);
				case NEW -> options.add(first ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
			}
		}
		if (this.properties.isTruncate() && first) {
			options.add(StandardOpenOption.TRUNCATE_EXISTING);
		}
		if (this.properties.getSync().isOnWrite()) {
			options.add(StandardOpenOption.SYNC);
		}
		return options.toArray(new OpenOption[0]);
	}

	public String name() {
		return this.name;
	}

	/**
	 * Returns where the file is.
	 * @return the path, absolute. A '..' in it is left for the operating system
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Tells whether the path is relative to the base directory.
	 */
	public boolean isRelative() {
		return this.relative;
	}

	/**
	 * Returns the base directory.
	 * @return the path, absolute or relative to the working directory
	 */
	public Path baseDirectory() {
		return this.baseDirectory;
	}

	public FileProperties.Access access() {
		return this.properties.getAccess();
	}

	/**
	 * Tells whether what is written reaches the file on disk.
	 */
	public boolean changesFile() {
		return access() == FileProperties.Access.READ_WRITE || access() == FileProperties.Access.APPEND;
	}

	/**
	 * Tells whether opening the file may create it.
	 */
	public boolean mayBeCreated() {
		return changesFile() && create() != FileProperties.Create.NEVER;
	}

	public Set<PosixFilePermission> permissions() {
		return this.permissions;
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
			case AUTO -> changesFile() ? LockMode.EXCLUSIVE : LockMode.NONE;
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

	public Backend backend() {
		return this.properties.getBackend();
	}

	public @Nullable DataSize maxSize() {
		return this.properties.getMaxSize();
	}

	/**
	 * Tells whether the registry syncs the file when the application stops.
	 * @return {@code false} also where there is nothing to sync: a file opened for
	 * reading only, or a private mapping
	 */
	public boolean syncOnShutdown() {
		return changesFile() && this.properties.getSync().isOnShutdown();
	}

	/**
	 * Returns how often the file is synced by itself.
	 * @return the time between two syncs, or {@code null} if it is not
	 */
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

	/**
	 * Returns the full name of a property of this file.
	 * @param property the name below the file's own
	 * @return the name as an application writes it
	 */
	public String property(String property) {
		return property(this.name, property);
	}

	/**
	 * Returns the full name of a property of a file.
	 * @param file the name of the file
	 * @param property the name below the file's own
	 * @return the name as an application writes it
	 */
	public static String property(String file, String property) {
		return file(file) + "." + property;
	}

	/**
	 * Refuses a name that cannot be that of a bean.
	 * @param name the name of a file
	 * @throws InvalidFileException if it is blank, or if Spring does not take it as it is
	 */
	public static void requireUsableName(String name) {
		if (name.isBlank()) {
			throw unusable(name, "it is blank");
		}
		if (name.startsWith(BeanFactory.FACTORY_BEAN_PREFIX)) {
			throw unusable(name, "Spring takes '&' at its start for the factory of a bean");
		}
		if (name.contains("#{") || name.contains("${")) {
			throw unusable(name, "Spring takes a part of it for an expression");
		}
	}

	private static InvalidFileException unusable(String name, String reason) {
		return new InvalidFileException(
				"The mapped file '%s' cannot become a bean of that name: %s.".formatted(name, reason),
				"Give the file another name in place of '%s'.".formatted(file(name)));
	}

	/**
	 * Returns the exception for two names of one file.
	 * @param first the file that was there first
	 * @param second the other
	 */
	public static InvalidFileException sameFile(FileSettings first, FileSettings second) {
		String description = first.path.equals(second.path)
				? "The mapped files '%s' and '%s' have the same path, '%s'.".formatted(first.name, second.name,
						first.path)
				: "The mapped files '%s' and '%s' are the same file: '%s' and '%s' lead to one file."
					.formatted(first.name, second.name, first.path, second.path);
		return new InvalidFileException(description,
				"Change '%s' or '%s', or remove one of the two files and inject the other in its place."
					.formatted(first.property("path"), second.property("path")));
	}

	/**
	 * Returns what all properties of a file begin with. Names with other characters than
	 * letters, digits, dashes and underscores are written in brackets.
	 * @param name the name of the file
	 * @return the start of the name as an application writes it
	 */
	public static String file(String name) {
		return PLAIN_NAME.matcher(name).matches() ? "yammap.files." + name : "yammap.files[" + name + "]";
	}

	/**
	 * Returns the form of a constant that is written in properties.
	 * @param value the constant
	 * @return such as {@code read-only}
	 */
	public static String canonical(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	@Override
	public String toString() {
		return "'" + this.name + "' (" + this.path + ")";
	}

}
