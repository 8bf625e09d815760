package dev.yammap.spring.boot.autoconfigure;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds properties that nothing reads. Spring Boot ignores them, so
 * {@code acess: read-only} would open a file for writing.
 */
final class UnknownProperties {

	private static final Log logger = LogFactory.getLog(UnknownProperties.class);

	/**
	 * The known properties. The keys have the form that is compared: lower case, without
	 * dashes.
	 */
	private static final Map<String, String> GLOBAL = known("enabled", "base-dir", "create-directories",
			"observation-enabled", "reload-interval", "files", "journals");

	private static final Map<String, String> OF_FILE = known("enabled", "path", "access", "create", "size", "truncate",
			"permissions", "preallocate", "max-size", "lock", "populate", "lock-in-memory", "advice", "backend",
			"primary", "reload-on-update", "reload-empty", "sync.interval", "sync.on-write", "sync.on-shutdown");

	private static final Map<String, String> OF_JOURNAL = known("enabled", "path", "access", "create", "segment-size",
			"max-size", "max-record-size", "permissions", "backend", "recovery", "primary", "retention.size",
			"retention.age", "retention.held-up", "sync.interval", "sync.on-append", "sync.on-shutdown");

	private static final String ROOT = "yammap";

	/** A property that the engine reads, and only as a system property. */
	private static final String LEAK_TRACKING = "leaktracking";

	/** What to say about each unknown property. */
	private final Map<String, String> found = new LinkedHashMap<>();

	/** The kinds of their resources: the report lists the properties of these. */
	private final Set<ResourceKind> kinds = EnumSet.noneOf(ResourceKind.class);

	private static Map<String, String> known(String... names) {
		Map<String, String> known = new LinkedHashMap<>();
		for (String name : names) {
			known.put(name.replace("-", ""), name);
		}
		return known;
	}

	/**
	 * Returns the end of a name, after its first elements, in the form that is compared.
	 */
	private static String rest(ConfigurationPropertyName property, int from) {
		StringBuilder rest = new StringBuilder(property.getElement(from, Form.UNIFORM));
		for (int i = from + 1; i < property.getNumberOfElements(); i++) {
			rest.append('.').append(property.getElement(i, Form.UNIFORM));
		}
		return rest.toString();
	}

	/**
	 * Returns the names of all properties of a resource.
	 */
	static Collection<String> known(ResourceKind kind) {
		return of(kind).values();
	}

	private static Map<String, String> of(ResourceKind kind) {
		return (kind == ResourceKind.FILE) ? OF_FILE : OF_JOURNAL;
	}

	/**
	 * Records a property that does not belong to a resource, if it is unknown.
	 * Environment variables are left alone: others set them, as Kubernetes does for each
	 * service.
	 * @param source where it was found
	 * @param property its name, below {@code yammap}
	 */
	void inspect(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		String name = rest(property, 1);
		if (name.equals(LEAK_TRACKING) && !isSystemProperty(source)) {
			add(source, property, didYouMean("-Dyammap.leak-tracking, a system property"));
		}
		else if (isKindOfResource(name) && !isVariable(source) && !isBlank(source, property)) {
			add(source, property,
					"It has no value itself: write a name below it, as in '" + property + ".orders.path'.");
		}
		else if (!name.equals(LEAK_TRACKING) && !GLOBAL.containsKey(name) && !isTextOfResource(name)
				&& !isVariable(source)) {
			add(source, property, didYouMean(nearestGlobal(property.getElement(1, Form.UNIFORM), name)));
		}
	}

	private static boolean isKindOfResource(String name) {
		for (ResourceKind kind : ResourceKind.values()) {
			if (name.equals(kind.property())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * {@link ResourceNames} finds a text where the properties of a resource are expected.
	 */
	private static boolean isTextOfResource(String name) {
		for (ResourceKind kind : ResourceKind.values()) {
			if (name.startsWith(kind.property() + ".")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Records a property of a resource if it is unknown.
	 * @param source where it was found, not among environment variables
	 * @param property its name
	 * @param kind the kind of the resource
	 * @param resource the start of the names of the resource's properties
	 */
	void inspect(ConfigurationPropertySource source, ConfigurationPropertyName property, ResourceKind kind,
			ConfigurationPropertyName resource) {
		String name = rest(property, resource.getNumberOfElements());
		if (of(kind).containsKey(name)) {
			return;
		}
		List<String> below = of(kind).entrySet()
			.stream()
			.filter((known) -> known.getKey().startsWith(name + "."))
			.map((known) -> "'" + resource + "." + known.getValue() + "'")
			.toList();
		if (below.isEmpty()) {
			this.kinds.add(kind);
			add(source, property, hint(name, kind, resource.toString()));
		}
		else if (!isBlank(source, property)) {
			add(source, property, "It has no value itself, but the properties " + String.join(", ", below) + ".");
		}
	}

	private static String hint(String name, ResourceKind kind, String resource) {
		for (ResourceKind other : ResourceKind.values()) {
			if (other != kind && of(other).containsKey(name)) {
				return "A " + other.word() + " has one of that name, but a " + kind.word() + " has none.";
			}
		}
		return didYouMean(nearest(name, of(kind), resource));
	}

	private static String didYouMean(String nearest) {
		return "Did you mean '" + nearest + "'?";
	}

	private void add(ConfigurationPropertySource source, ConfigurationPropertyName property, String hint) {
		this.found.putIfAbsent(describe(source, property), hint);
	}

	/**
	 * Returns a property and where it is written, for a message.
	 */
	static String describe(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		ConfigurationProperty value = source.getConfigurationProperty(property);
		String origin = (value != null && value.getOrigin() != null) ? " (" + value.getOrigin() + ")" : "";
		return "'" + property + "'" + origin;
	}

	/**
	 * Tells whether an environment variable sets a property of a resource.
	 * @param kind the kind of the resource
	 * @param property what the variable stands for
	 * @param from the number of elements before those of the property
	 */
	static boolean isKnown(ResourceKind kind, ConfigurationPropertyName property, int from) {
		// Each underscore stands for a dot or a dash.
		String letters = rest(property, from).replace(".", "");
		return of(kind).keySet().stream().anyMatch((known) -> known.replace(".", "").equals(letters));
	}

	/**
	 * Warns of an environment variable that sets no property of a resource.
	 * @param variable the name of the variable
	 * @param property what it stands for
	 * @param kind the kind of the resource
	 * @param from the number of elements before those of the property
	 * @param resource the start of the names of the resource's properties
	 */
	static void warn(String variable, ConfigurationPropertyName property, ResourceKind kind, int from,
			ConfigurationPropertyName resource) {
		logger.warn("The environment variable '" + variable + "' has no effect: there is no property '" + property
				+ "'. Did you mean '" + nearest(rest(property, from), of(kind), resource.toString()) + "'?");
	}

	private static boolean isBlank(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		ConfigurationProperty found = source.getConfigurationProperty(property);
		return found != null && isBlank(found);
	}

	/**
	 * Tells whether a property has a blank text.
	 */
	static boolean isBlank(ConfigurationProperty property) {
		return property.getValue() instanceof CharSequence text && text.toString().isBlank();
	}

	/**
	 * Tells whether properties were found among environment variables.
	 */
	static boolean isVariable(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
	}

	private static boolean isSystemProperty(ConfigurationPropertySource source) {
		return isVariable(source) || (source.getUnderlyingSource() instanceof PropertySource<?> named
				&& named.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME));
	}

	/**
	 * Throws if something was found.
	 * @throws InvalidFileException if an unknown property was found
	 */
	void throwIfAny() {
		if (!this.found.isEmpty()) {
			String description = this.found.entrySet()
				.stream()
				.map((entry) -> "There is no property %s. %s".formatted(entry.getKey(), entry.getValue()))
				.collect(Collectors.joining(System.lineSeparator()));
			throw new InvalidFileException(description, "Correct or remove it."
					+ this.kinds.stream().map(UnknownProperties::describe).collect(Collectors.joining()));
		}
	}

	private static String describe(ResourceKind kind) {
		return " The properties of a %1$s are %2$s. A name of a %1$s that has a dot is written in brackets, as in '%3$s'."
			.formatted(kind.word(), String.join(", ", known(kind)), kind.property("a.b", "path"));
	}

	/**
	 * Returns the nearest name by the first element, as in {@code fils.orders.path}, or
	 * by all of them, as in {@code reload.interval}.
	 */
	private static String nearestGlobal(String first, String all) {
		String byFirst = nearestKey(first, GLOBAL);
		String byAll = nearestKey(all, GLOBAL);
		String key = (distance(all, byAll) < distance(first, byFirst)) ? byAll : byFirst;
		return ROOT + "." + GLOBAL.get(key);
	}

	private static String nearest(String name, Map<String, String> known, String prefix) {
		return prefix + "." + known.get(nearestKey(name, known));
	}

	private static String nearestKey(String name, Map<String, String> known) {
		String nearest = "";
		int least = Integer.MAX_VALUE;
		for (String key : known.keySet()) {
			int distance = distance(name, key);
			if (distance < least) {
				least = distance;
				nearest = key;
			}
		}
		return nearest;
	}

	/** Returns how many letters must be added, left out or changed (Levenshtein). */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int changed = diagonal + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
