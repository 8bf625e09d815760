package dev.yammap.spring.boot.settings;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.yammap.Backend;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * What the properties say about one resource of any kind: its name, its path, who may use
 * it, and when it is synced. Touches no file.
 */
public abstract sealed class ResourceSettings permits FileSettings, JournalSettings {

	private static final List<String> UNITS = List.of("TB", "GB", "MB", "KB");

	private static final String USUAL_PERMISSIONS = "rw-------";

	private final ResourceKind kind;

	private final String name;

	private final Path baseDirectory;

	private final boolean relative;

	private final Path path;

	private final Set<PosixFilePermission> permissions;

	/**
	 * Creates and checks what all kinds have in common.
	 * @param kind the kind
	 * @param name the name of the resource
	 * @param baseDirectory what a relative path resolves against
	 * @param path its path, as it is configured
	 * @param permissions its permissions, as they are configured
	 * @throws InvalidConfigurationPropertyValueException if one of them is not valid
	 */
	ResourceSettings(ResourceKind kind, String name, Path baseDirectory, @Nullable String path, String permissions) {
		this.kind = kind;
		this.name = name;
		Path parsed = parsePath(path);
		this.baseDirectory = baseDirectory;
		this.relative = !parsed.isAbsolute();
		this.path = PropertyPath.withoutDots(baseDirectory.resolve(parsed).toAbsolutePath());
		this.permissions = parsePermissions(permissions);
	}

	private Path parsePath(@Nullable String path) {
		if (!StringUtils.hasText(path)) {
			throw invalid("path", path,
					("A %1$s needs a path. If no %2$s is to be named '%3$s', correct the property"
							+ " or environment variable that names it; a name with a dot is written in brackets.")
						.formatted(this.kind.noun(), this.kind.word(), this.name));
		}
		return PropertyPath.parse(property("path"), path);
	}

	private Set<PosixFilePermission> parsePermissions(String permissions) {
		try {
			return PosixFilePermissions.fromString(permissions.isBlank() ? USUAL_PERMISSIONS : permissions);
		}
		catch (IllegalArgumentException ex) {
			throw invalid("permissions", permissions,
					"Permissions are written as three times 'rwx' with '-' for what is not allowed, such as 'rw-r-----'.");
		}
	}

	/**
	 * Refuses a value that contradicts the access of the application.
	 */
	final void refuseIf(boolean refused, String property, @Nullable Object value, String what) {
		if (refused) {
			throw invalid(property, value, "A %s with '%s: %s' cannot be %s.".formatted(this.kind.word(),
					property("access"), canonical(access()), what));
		}
	}

	final void requirePositiveOrZero(String property, @Nullable DataSize size) {
		if (size != null && size.isNegative()) {
			throw invalid(property, size, "A size is 0 or more.");
		}
	}

	final void requireSensibleInterval() {
		Duration interval = syncInterval();
		if (interval != null) {
			Intervals.requireSensible(property("sync.interval"), interval);
		}
	}

	final InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(property(property), value, reason);
	}

	public final ResourceKind kind() {
		return this.kind;
	}

	public final String name() {
		return this.name;
	}

	/**
	 * Returns where the resource is.
	 * @return the path, absolute. A '..' in it is left for the operating system
	 */
	public final Path path() {
		return this.path;
	}

	/**
	 * Tells whether the path is relative to the base directory.
	 */
	public final boolean isRelative() {
		return this.relative;
	}

	/**
	 * Returns the base directory.
	 * @return the path, absolute or relative to the working directory
	 */
	public final Path baseDirectory() {
		return this.baseDirectory;
	}

	public final Set<PosixFilePermission> permissions() {
		return this.permissions;
	}

	/**
	 * Returns what the application may do.
	 */
	public abstract Enum<?> access();

	/**
	 * Tells whether what is written reaches the disk.
	 */
	public abstract boolean isWritten();

	/**
	 * Tells whether opening the resource may create it.
	 */
	public abstract boolean mayBeCreated();

	/**
	 * Returns the backend that is asked for.
	 */
	public abstract Backend backend();

	/**
	 * Tells whether the registry syncs the resource when the application stops.
	 * @return {@code false} also if there is nothing to sync
	 */
	public abstract boolean syncOnShutdown();

	/**
	 * Returns how often the resource is synced while the application runs.
	 * @return the time between two syncs, or {@code null} if it is not synced by itself
	 */
	public abstract @Nullable Duration syncInterval();

	/**
	 * Returns the full name of a property of this resource.
	 * @param property the name below the resource's own
	 * @return the name as an application writes it
	 */
	public final String property(String property) {
		return this.kind.property(this.name, property);
	}

	/**
	 * Refuses a name that cannot be that of a bean.
	 * @param kind the kind of the resource
	 * @param name its name
	 * @throws InvalidFileException if it is blank, or if Spring would not take it
	 * literally
	 */
	public static void requireUsableName(ResourceKind kind, String name) {
		if (name.isBlank()) {
			throw unusable(kind, name, "it is blank");
		}
		if (name.startsWith(BeanFactory.FACTORY_BEAN_PREFIX)) {
			throw unusable(kind, name, "Spring takes '&' at its start for the factory of a bean");
		}
		if (name.contains("#{") || name.contains("${")) {
			throw unusable(kind, name, "Spring takes a part of it for an expression");
		}
	}

	private static InvalidFileException unusable(ResourceKind kind, String name, String reason) {
		return new InvalidFileException(
				"The %s '%s' cannot become a bean of that name: %s.".formatted(kind.noun(), name, reason),
				"Give the %s another name in place of '%s'.".formatted(kind.word(), kind.prefix(name)));
	}

	/**
	 * Returns the exception for two names with one path.
	 * @param first the resource that was there first
	 * @param second the other
	 */
	public static InvalidFileException samePlace(ResourceSettings first, ResourceSettings second) {
		String place = (first.kind == ResourceKind.FILE && second.kind == ResourceKind.FILE) ? "file" : "directory";
		String both = (first.kind == second.kind)
				? "The %ss '%s' and '%s'".formatted(first.kind.noun(), first.name, second.name)
				: "The %s '%s' and the %s '%s'".formatted(first.kind.noun(), first.name, second.kind.noun(),
						second.name);
		String description = first.path.equals(second.path) ? "%s have the same path, '%s'.".formatted(both, first.path)
				: "%s are the same %3$s: '%2$s' and '%4$s' lead to one %3$s.".formatted(both, first.path, place,
						second.path);
		return new InvalidFileException(description,
				"Change '%s' or '%s', or remove one of the two %ss and inject the other in its place."
					.formatted(first.property("path"), second.property("path"), second.kind.word()));
	}

	/**
	 * Returns the form of a constant that is written in properties.
	 * @param value the constant
	 * @return such as {@code read-only}
	 */
	public static String canonical(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Returns the form of a size that is written in properties.
	 * @param size the size
	 * @return such as {@code 64MB}, in the largest unit that needs no fraction
	 */
	public static String canonical(DataSize size) {
		for (String unit : UNITS) {
			DataSize one = DataSize.parse("1" + unit);
			if (size.toBytes() != 0 && size.toBytes() % one.toBytes() == 0) {
				return size.toBytes() / one.toBytes() + unit;
			}
		}
		return size.toBytes() + "B";
	}

	@Override
	public String toString() {
		return "'" + this.name + "' (" + this.path + ")";
	}

}
