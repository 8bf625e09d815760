package dev.yammap.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * The names of one kind of resource: those under {@code yammap.files} or
 * {@code yammap.journals}.
 * <p>
 * Spring Boot takes the keys of a map as they are written, but compares names of
 * properties without their dashes and in lower case. So beside {@code user-events} in
 * YAML, the environment variable {@code YAMMAP_FILES_USEREVENTS_PATH} sets the path of
 * that file, as it should, but also makes an entry {@code userevents} of the map.
 * ({@code YAMMAP_FILES_USER_EVENTS_PATH}, an older form, makes an entry {@code user}.)
 * Such entries are left out here. So are names that come from variables alone, none of
 * which is a property of a resource: others set those, as Kubernetes does for each
 * service.
 */
final class ResourceNames {

	private static final Bindable<String> TEXT = Bindable.of(String.class);

	private static final Bindable<Boolean> BOOLEAN = Bindable.of(Boolean.class);

	/** The number of elements of {@code yammap.files.name}. */
	private static final int NAME_LENGTH = 3;

	private final Environment environment;

	private final ResourceKind kind;

	private final ConfigurationPropertyName all;

	private final Map<String, Name> names = new LinkedHashMap<>();

	/** Left out of the names. */
	private List<Name> phantoms = List.of();

	private final Set<String> disabled = new LinkedHashSet<>();

	private final UnknownProperties unknown;

	private @Nullable InvalidFileException misplaced;

	/**
	 * Creates the collector. It knows no names yet.
	 * @param environment where the properties are
	 * @param kind the kind of the resources
	 * @param unknown what records properties that do not exist
	 */
	ResourceNames(Environment environment, ResourceKind kind, UnknownProperties unknown) {
		this.environment = environment;
		this.kind = kind;
		this.all = ConfigurationPropertyName.of("yammap." + kind.property());
		this.unknown = unknown;
	}

	/**
	 * Records the name in a property.
	 * @param source where the property was found
	 * @param property the property
	 * @return whether it belongs to a resource of this kind
	 */
	boolean collect(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		if (!this.all.isAncestorOf(property)) {
			return false;
		}
		if (property.getNumberOfElements() == NAME_LENGTH) {
			inspectText(source, property);
			return false;
		}
		Name name = nameOf(property);
		name.foundIn(source, property);
		name.hasProperties = true;
		if (!UnknownProperties.isVariable(source)) {
			this.unknown.inspect(source, property, this.kind, name.property);
		}
		return true;
	}

	/**
	 * Decides which names there are, once all properties were seen.
	 * @throws InvalidFileException if two names are the same to Spring Boot, if a name
	 * cannot be that of a bean, or if there is a text in place of a resource
	 */
	void complete() {
		if (this.misplaced != null) {
			throw this.misplaced;
		}
		List<Name> declared = declared();
		requireUsable(declared);
		requireDifferent(declared);
		this.phantoms = (declared.size() < this.names.size()) ? phantoms(declared) : List.of();
		this.names.values().removeAll(this.phantoms);
		for (Name name : this.names.values()) {
			if (!isTrue(name.key, "enabled", true)) {
				this.disabled.add(name.key);
			}
		}
	}

	/**
	 * Handles a text where the properties of a resource are expected. If it is a
	 * variable, others may have set it. If it is blank, it is a name in YAML with nothing
	 * below it.
	 */
	private void inspectText(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		ConfigurationProperty value = source.getConfigurationProperty(property);
		if (value == null || UnknownProperties.isVariable(source)) {
			return;
		}
		if (UnknownProperties.isBlank(value)) {
			Name name = nameOf(property);
			name.foundIn(source, property);
			name.emptyAt = UnknownProperties.describe(source, property);
		}
		else if (isOfList(property)) {
			this.misplaced = list();
		}
		else if (this.misplaced == null) {
			this.misplaced = new InvalidFileException(
					"%s has a value, '%s', where a %s has properties."
						.formatted(UnknownProperties.describe(source, property), value.getValue(), this.kind.word()),
					"Write its path as the property 'path' below it: '%s.path'. A name with a dot is written in brackets."
						.formatted(property));
		}
	}

	private Name nameOf(ConfigurationPropertyName property) {
		ConfigurationPropertyName name = property.chop(NAME_LENGTH);
		String key = name.getLastElement(Form.ORIGINAL);
		Name known = this.names.get(key);
		if (known == null) {
			known = new Name(key, name);
			this.names.put(key, known);
		}
		return known;
	}

	private List<Name> declared() {
		List<Name> declared = new ArrayList<>();
		for (Name name : this.names.values()) {
			if (name.declared) {
				declared.add(name);
			}
		}
		return declared;
	}

	private void requireUsable(Collection<Name> names) {
		for (Name name : names) {
			if (isOfList(name.property)) {
				throw list();
			}
			if (name.emptyAt != null && name.hasProperties) {
				// The binder would stop at the blank text.
				throw new InvalidFileException(
						"%s has nothing below it, and so hides the properties of the %s that are written elsewhere."
							.formatted(name.emptyAt, this.kind.word()),
						"Remove it. To leave the %s out in a profile, set '%s' to 'false' there."
							.formatted(this.kind.word(), this.kind.property(name.key, "enabled")));
			}
			ResourceSettings.requireUsableName(this.kind, name.key);
		}
	}

	private static boolean isOfList(ConfigurationPropertyName name) {
		return name.isLastElementIndexed() && name.getLastElement(Form.ORIGINAL).equals("0");
	}

	private InvalidFileException list() {
		return new InvalidFileException(
				"'%s' is a list, and the %ss in it have no names.".formatted(this.all, this.kind.word()),
				"Write a name in place of each dash, as in '%s'.".formatted(this.kind.property("orders", "path")));
	}

	private void requireDifferent(Collection<Name> declared) {
		Map<ConfigurationPropertyName, Name> different = new HashMap<>();
		for (Name name : declared) {
			Name other = different.putIfAbsent(name.property, name);
			if (other != null) {
				throw new InvalidFileException(
						"The %ss %s and %s cannot be told apart: in names of properties, dashes, underscores and upper case do not count, so that each would have the properties of both."
							.formatted(this.kind.noun(), other, name),
						"Give one of them another name. If they are meant to be one %s, write its name in the same way everywhere."
							.formatted(this.kind.word()));
			}
		}
	}

	private List<Name> phantoms(Collection<Name> declared) {
		List<Name> phantoms = new ArrayList<>();
		for (Name name : this.names.values()) {
			if (!name.declared && isPhantom(name, declared)) {
				phantoms.add(name);
			}
		}
		return phantoms;
	}

	private boolean isPhantom(Name name, Collection<Name> declared) {
		return name.variables.keySet()
			.stream()
			.filter((variable) -> declared.stream().noneMatch((other) -> other.isReachedBy(variable)))
			.noneMatch((variable) -> UnknownProperties.isKnown(this.kind, variable, NAME_LENGTH));
	}

	/**
	 * Logs a warning for each environment variable that has no effect.
	 */
	void warnOfUnknownVariables() {
		warnOfUnknownVariables(this.names.values());
		warnOfUnknownVariables(this.phantoms);
	}

	private void warnOfUnknownVariables(Collection<Name> names) {
		for (Name name : names) {
			if (!name.variables.isEmpty()) {
				name.variables.keySet().forEach((variable) -> warnIfUnknown(name, variable));
			}
		}
	}

	/**
	 * Logs a warning, unless the variable sets a property of one of the names that it
	 * reaches.
	 */
	private void warnIfUnknown(Name name, ConfigurationPropertyName variable) {
		Name file = name;
		boolean known = UnknownProperties.isKnown(this.kind, variable, NAME_LENGTH);
		for (Name other : declared()) {
			if (!other.equals(name) && other.isReachedBy(variable)) {
				file = other;
				known |= UnknownProperties.isKnown(this.kind, variable, other.lengthIn(variable));
			}
		}
		if (!known) {
			UnknownProperties.warn(String.valueOf(name.variables.get(variable)), variable, this.kind,
					file.lengthIn(variable), file.property);
		}
	}

	/**
	 * Returns a property of a resource as it is written.
	 * @param name one of the names
	 * @param property the name below the resource's own
	 * @return its text, or {@code null} if it is not set
	 */
	@Nullable String text(String name, String property) {
		return Binder.get(this.environment).bind(property(name, property), TEXT).orElse(null);
	}

	/**
	 * Tells whether a property of a resource is true.
	 * @param name one of the names
	 * @param property the name below the resource's own
	 * @param unset the answer if it is not set
	 */
	boolean isTrue(String name, String property, boolean unset) {
		return Binder.get(this.environment).bind(property(name, property), BOOLEAN).orElse(unset);
	}

	/**
	 * Returns the names of the resources that are to be opened.
	 * @return the names in the order of the configuration
	 */
	Set<String> enabled() {
		Set<String> enabled = new LinkedHashSet<>(this.names.keySet());
		enabled.removeAll(this.disabled);
		return Collections.unmodifiableSet(enabled);
	}

	/**
	 * Returns the names of the resources with {@code enabled: false}.
	 * @return the names in the order of the configuration
	 */
	Set<String> disabled() {
		return Collections.unmodifiableSet(this.disabled);
	}

	/**
	 * Returns where a property of a resource is.
	 * @param name one of the names
	 * @param property the name below the resource's own
	 * @return the full name
	 */
	ConfigurationPropertyName property(String name, String property) {
		Name known = this.names.get(name);
		if (known == null) {
			throw new IllegalArgumentException("No " + this.kind.word() + " is named '" + name + "'");
		}
		return known.property.append(property);
	}

	/**
	 * One of the names, and which of its properties are in the environment.
	 */
	private static final class Name {

		private static final Pattern EXPRESSIBLE = Pattern.compile("[A-Za-z0-9_-]+");

		private final String key;

		/** What the names of its properties start with. */
		private final ConfigurationPropertyName property;

		/**
		 * The environment variables with that name: what each stands for, and its name.
		 */
		private final Map<ConfigurationPropertyName, String> variables = new LinkedHashMap<>();

		/**
		 * Whether somebody wrote the name in this form, which is not possible in a
		 * variable.
		 */
		private boolean declared;

		private @Nullable String place;

		/** Where the name was found with nothing below it. */
		private @Nullable String emptyAt;

		private boolean hasProperties;

		Name(String key, ConfigurationPropertyName property) {
			this.key = key;
			this.property = property;
		}

		void foundIn(ConfigurationPropertySource source, ConfigurationPropertyName found) {
			if (UnknownProperties.isVariable(source)) {
				this.variables.put(found, variable(source, found));
			}
			else if (!this.declared) {
				this.declared = true;
				this.place = (source.getUnderlyingSource() instanceof PropertySource<?> named) ? named.getName() : null;
			}
		}

		private static String variable(ConfigurationPropertySource source, ConfigurationPropertyName found) {
			ConfigurationProperty property = source.getConfigurationProperty(found);
			return (property != null && property.getOrigin() instanceof PropertySourceOrigin origin)
					? origin.getPropertyName() : found.toString();
		}

		/**
		 * Tells whether a variable sets a property of this name, as Spring Boot binds it.
		 */
		boolean isReachedBy(ConfigurationPropertyName variable) {
			return this.property.isAncestorOf(variable)
					|| (EXPRESSIBLE.matcher(this.key).matches() && underscored().isAncestorOf(variable));
		}

		/**
		 * Returns how many elements of a variable form this name.
		 */
		int lengthIn(ConfigurationPropertyName variable) {
			ConfigurationPropertyName start = this.property.isAncestorOf(variable) ? this.property : underscored();
			return start.getNumberOfElements();
		}

		private ConfigurationPropertyName underscored() {
			String last = this.key.toLowerCase(Locale.ROOT).replace('-', '.').replace('_', '.');
			return ConfigurationPropertyName.adapt(this.property.getParent() + "." + last, '.');
		}

		@Override
		public String toString() {
			return "'" + this.key + "'" + ((this.place != null) ? " (" + this.place + ")" : "");
		}

	}

}
