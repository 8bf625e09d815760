package dev.yammap.spring.boot.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.ResourceUtils;
import org.springframework.util.StringUtils;

/**
 * Paths in properties: a text, or the URL of a file.
 */
public final class PropertyPath {

	/** The prefixes of resources that Spring finds, and of URLs. */
	private static final Pattern RESOURCE = Pattern
		.compile("(classpath\\*?|jar|optional):.*|[A-Za-z][A-Za-z0-9+.-]+://.*", Pattern.DOTALL);

	/** What a shell expands: the home of the user, or of another whose name follows. */
	private static final Pattern HOME = Pattern.compile("~|~(?<user>[^/]*)/.*", Pattern.DOTALL);

	private static final String CURRENT_DIRECTORY = ".";

	private PropertyPath() {
	}

	/**
	 * Reads a path.
	 * @param property the full name of the property
	 * @param text its value
	 * @return the path, absolute or relative
	 * @throws InvalidConfigurationPropertyValueException if it is not the path of a file
	 */
	public static Path parse(String property, @Nullable String text) {
		if (text == null || !StringUtils.hasText(text)) {
			throw invalid(property, text, "A path is needed.");
		}
		if (text.contains("${")) {
			// The binder leaves it as it is, and it would name a new, empty file.
			throw invalid(property, text, "The placeholder has no value.");
		}
		boolean url = text.startsWith(ResourceUtils.FILE_URL_PREFIX);
		Matcher home = HOME.matcher(url ? text.substring(ResourceUtils.FILE_URL_PREFIX.length()) : text);
		if (home.matches()) {
			boolean own = !StringUtils.hasLength(home.group("user"));
			throw invalid(property, text,
					"Only a shell expands '~'. Begin the path with "
							+ (own ? "'${user.home}'" : "the home of '" + home.group("user") + "' written in full")
							+ " instead, or with './~' if a directory has that name.");
		}
		try {
			return url ? parseUrl(property, text) : parsePath(property, text);
		}
		catch (InvalidPathException ex) {
			throw invalid(property, text, "This is not a valid path: " + ex.getReason() + "." + remedy());
		}
	}

	/** Says what to do if the encoding of the locale lacks a character of the path. */
	private static String remedy() {
		String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
		return encoding.startsWith("UTF") ? "" : " The locale of this process has names in " + encoding
				+ " only: start it with LC_ALL=C.UTF-8, or use other characters.";
	}

	private static Path parsePath(String property, String text) {
		if (RESOURCE.matcher(text).matches()) {
			throw invalid(property, text,
					"Only a file of the file system can be mapped. A resource of the class path may be in a jar:"
							+ " copy it to a file first, and name that here.");
		}
		return Path.of(text);
	}

	private static Path parseUrl(String property, String text) {
		try {
			URI url = ResourceUtils.toURI(text);
			return url.isOpaque() ? Path.of(url.getSchemeSpecificPart()) : Path.of(url);
		}
		catch (URISyntaxException ex) {
			throw invalid(property, text, "This is not the URL of a file: " + ex.getReason() + ".");
		}
		catch (IllegalArgumentException ex) {
			throw invalid(property, text, "This is not the URL of a file: " + ex.getMessage() + ".");
		}
	}

	/**
	 * Leaves out every '.' that has no effect. A '..' stays: only the operating system
	 * knows where it leads, as the name before it may be a symbolic link.
	 * @param path an absolute path
	 * @return the same path
	 */
	static Path withoutDots(Path path) {
		Path result = path.getRoot();
		if (result == null) {
			return path;
		}
		int last = path.getNameCount() - 1;
		for (int i = 0; i <= last; i++) {
			Path name = path.getName(i);
			if (i == last || !name.toString().equals(CURRENT_DIRECTORY)) {
				result = result.resolve(name);
			}
		}
		return result;
	}

	private static InvalidConfigurationPropertyValueException invalid(String property, @Nullable String text,
			String reason) {
		return new InvalidConfigurationPropertyValueException(property, text, reason);
	}

}
