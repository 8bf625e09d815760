package dev.yammap.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.PropertySource;

/**
 * A name under {@code yammap.files}, and what of its properties is in the environment.
 */
final class FileName {

	private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^a-z0-9]");

	private static final Pattern EXPRESSIBLE = Pattern.compile("[A-Za-z0-9_-]+");

	private static final String PATH = "path";

	private final String key;

	private final ConfigurationPropertyName property;

	private final Map<ConfigurationPropertyName, String> variables = new LinkedHashMap<>();

	private boolean declared;

	private @Nullable String place;

	/**
	 * Creates a name.
	 * @param key the name as it is written
	 * @param property the start of the names of its properties
	 */
	FileName(String key, ConfigurationPropertyName property) {
		this.key = key;
		this.property = property;
	}

	/**
	 * Takes down that a property of that name was found.
	 * @param source where
	 * @param found the property
	 */
	void foundIn(ConfigurationPropertySource source, ConfigurationPropertyName found) {
		Object place = source.getUnderlyingSource();
		if (UnknownProperties.isVariable(source)) {
			this.variables.put(found, variable(source, found));
		}
		else if (!this.declared) {
			this.declared = true;
			this.place = (place instanceof PropertySource<?> named) ? named.getName() : null;
		}
	}

	private static String variable(ConfigurationPropertySource source, ConfigurationPropertyName found) {
		ConfigurationProperty property = source.getConfigurationProperty(found);
		return (property != null && property.getOrigin() instanceof PropertySourceOrigin origin)
				? origin.getPropertyName() : found.toString();
	}

	String key() {
		return this.key;
	}

	ConfigurationPropertyName property() {
		return this.property;
	}

	/**
	 * Tells whether somebody wrote the name as it is, which nobody can in a variable.
	 * @return whether it was found elsewhere than in the environment
	 */
	boolean isDeclared() {
		return this.declared;
	}

	boolean hasVariables() {
		return !this.variables.isEmpty();
	}

	/**
	 * Returns what the variables with that name stand for.
	 * @return the names of properties
	 */
	Stream<ConfigurationPropertyName> variables() {
		return this.variables.keySet().stream();
	}

	/**
	 * Returns the variable behind a property.
	 * @param variable one of {@link #variables()}
	 * @return the name of the variable
	 */
	String nameOf(ConfigurationPropertyName variable) {
		return String.valueOf(this.variables.get(variable));
	}

	/**
	 * Tells whether a variable sets a property of this name, as Spring Boot binds it.
	 * @param variable what the variable stands for
	 * @return whether it is used
	 */
	boolean isReachedBy(ConfigurationPropertyName variable) {
		return this.property.isAncestorOf(variable) || (isExpressible() && underscored().isAncestorOf(variable));
	}

	/**
	 * Returns how much of a variable is this name.
	 * @param variable what the variable stands for; one that
	 * {@linkplain #isReachedBy(ConfigurationPropertyName) reaches} this name
	 * @return the number of elements before those of the property
	 */
	int lengthIn(ConfigurationPropertyName variable) {
		ConfigurationPropertyName start = this.property.isAncestorOf(variable) ? this.property : underscored();
		return start.getNumberOfElements();
	}

	/**
	 * Tells whether there are variables that set properties of this name at all.
	 * @return whether each character can be part of a variable, or is a dash
	 */
	boolean isExpressible() {
		return EXPRESSIBLE.matcher(this.key).matches();
	}

	/**
	 * Returns the start of the variables that set properties of this name, if it
	 * {@linkplain #isExpressible() can be expressed}.
	 * @return the start, with an underscore at its end
	 */
	String variablePrefix() {
		// A name in brackets keeps its dashes, of which underscores are made then.
		String last = this.property.getLastElement(Form.UNIFORM).replace('-', '_');
		return "YAMMAP_FILES_" + last.toUpperCase(Locale.ROOT) + "_";
	}

	private ConfigurationPropertyName underscored() {
		String last = this.key.toLowerCase(Locale.ROOT).replace('-', '.').replace('_', '.');
		return ConfigurationPropertyName.adapt(this.property.getParent() + "." + last, '.');
	}

	/**
	 * Tells whether a variable that does not reach this name was probably meant to.
	 * @param variable what the variable stands for
	 * @param other the name that it stands for
	 * @return whether they have the same letters and digits
	 */
	boolean isMeantBy(ConfigurationPropertyName variable, FileName other) {
		String wanted = alphanumeric(this.key);
		if (alphanumeric(other.key).equals(wanted)) {
			return true;
		}
		if (other.hasPath()) {
			return false;
		}
		StringBuilder name = new StringBuilder();
		for (int i = this.property.getNumberOfElements() - 1; i < variable.getNumberOfElements() - 1; i++) {
			name.append(variable.getElement(i, Form.UNIFORM));
			if (name.toString().equals(wanted)) {
				return true;
			}
		}
		return false;
	}

	/** Without a path of its own, it is no file. */
	private boolean hasPath() {
		return this.variables.containsKey(this.property.append(PATH));
	}

	private static String alphanumeric(String text) {
		return NOT_ALPHANUMERIC.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
	}

	@Override
	public String toString() {
		return "'" + this.key + "'" + ((this.place != null) ? " (" + this.place + ")" : "");
	}

}
