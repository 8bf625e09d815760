package dev.yammap.spring.boot.settings;

import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileAccess;
import dev.yammap.spring.boot.FileCreation;
import dev.yammap.spring.boot.FileLock;
import dev.yammap.spring.boot.FileProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * What the properties say of one file, checked, and in the words of the engine. Touches
 * no file.
 */
public class FileSettings {

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
	@SuppressWarnings("this-escape") // Tests alone have subclasses.
	public FileSettings(String name, Path baseDir, FileProperties properties) {
		this.name = name;
		this.properties = properties;
		Path path = parsePath();
		this.baseDirectory = baseDir;
		this.relative = !path.isAbsolute();
		this.path = PropertyPath.withoutDots(baseDir.resolve(path).toAbsolutePath());
		this.permissions = parsePermissions();
		new FileSettingsChecks(this, properties).run();
	}

	private Path parsePath() {
		String path = this.properties.getPath();
		if (!StringUtils.hasText(path)) {
			throw invalid("path", path,
					("A mapped file needs a path. If no file shall be named '%s', correct the property"
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
			.mode((access() == FileAccess.PRIVATE) ? MapMode.PRIVATE : MapMode.SHARED)
			.lock(lock())
			.populate(this.properties.isPopulate())
			.lockInMemory(this.properties.isLockInMemory())
			.advice(this.properties.getAdvice())
			.backend(this.properties.getBackend());
		DataSize maxSize = this.properties.getMaxSize();
		if (maxSize != null) {
			builder.maxSize(maxSize.toBytes());
		}
		if (access().changesFile()) {
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
		boolean opensOnce = this.properties.isTruncate() || create() == FileCreation.NEW;
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
		if (access().changesFile()) {
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

	public FileAccess access() {
		return this.properties.getAccess();
	}

	/**
	 * Tells whether opening the file may create it.
	 */
	public boolean mayBeCreated() {
		return access().changesFile() && create() != FileCreation.NEVER;
	}

	public Set<PosixFilePermission> permissions() {
		return this.permissions;
	}

	public FileCreation create() {
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
	 * @return the lock, never {@link FileLock#AUTO auto}
	 */
	public LockMode lock() {
		return this.properties.getLock().mode(access());
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
		return access().changesFile() && this.properties.getSync().isOnShutdown();
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
