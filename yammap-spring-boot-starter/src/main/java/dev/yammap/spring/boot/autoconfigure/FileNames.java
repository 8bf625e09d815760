package dev.yammap.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The names under {@code yammap.files}, each of which stands for a file.
 * <p>
 * The keys of a map are taken as they are written, while names of properties are compared
 * without their dashes and in lower case. So beside {@code user-events} in YAML, the
 * environment variable {@code YAMMAP_FILES_USEREVENTS_PATH} does what it should, it sets
 * the path of that file, but also makes an entry {@code userevents} of the map, with the
 * very same properties. ({@code YAMMAP_FILES_USER_EVENTS_PATH}, an older form that Spring
 * Boot still understands, makes an entry {@code user}.) Such phantoms are left out here,
 * and names that come from variables alone, none of which is a property of a file: others
 * set those, as Kubernetes does for each service.
 */
final class FileNames {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("yammap");

	private static final ConfigurationPropertyName PREFIX = ROOT.append("files");

	private static final Bindable<String> TEXT = Bindable.of(String.class);

	private static final int NAME_LENGTH = PREFIX.getNumberOfElements() + 1;

	private final Environment environment;

	private final Map<String, FileName> names = new LinkedHashMap<>();

	/** Left out of the names. */
	private final List<FileName> phantoms;

	private final UnknownProperties unknown = new UnknownProperties();

	/**
	 * Collects the names.
	 * @param environment where the properties are
	 * @throws FileNameException if two names are one to Spring Boot, if an environment
	 * variable does not reach the file that it seems to mean, or if a name cannot be that
	 * of a bean
	 */
	FileNames(Environment environment) {
		this.environment = environment;
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				collect(iterable);
			}
		}
		List<FileName> declared = declared();
		requireUsable(declared);
		requireDifferent(declared);
		this.phantoms = (declared.size() < this.names.size()) ? phantoms(declared) : List.of();
		this.names.values().removeAll(this.phantoms);
	}

	private List<FileName> declared() {
		List<FileName> declared = new ArrayList<>();
		for (FileName name : this.names.values()) {
			if (name.isDeclared()) {
				declared.add(name);
			}
		}
		return declared;
	}

	private void collect(IterableConfigurationPropertySource source) {
		for (ConfigurationPropertyName property : source) {
			if (property.getNumberOfElements() > NAME_LENGTH && PREFIX.isAncestorOf(property)) {
				FileName name = nameOf(property);
				name.foundIn(source, property);
				if (!UnknownProperties.isVariable(source)) {
					this.unknown.inspect(source, property, name.property());
				}
			}
			else if (ROOT.isAncestorOf(property)) {
				this.unknown.inspect(source, property);
			}
		}
	}

	private static void requireUsable(Collection<FileName> names) {
		for (FileName name : names) {
			String key = name.key();
			if (name.property().isLastElementIndexed() && key.equals("0")) {
				throw FileNameException.list();
			}
			if (key.isBlank()) {
				throw FileNameException.unusable(key, "it is blank");
			}
			if (key.startsWith(BeanFactory.FACTORY_BEAN_PREFIX)) {
				throw FileNameException.unusable(key, "Spring takes '&' at its start for the factory of a bean");
			}
			if (key.contains("#{") || key.contains("${")) {
				throw FileNameException.unusable(key, "Spring takes a part of it for an expression");
			}
		}
	}

	private FileName nameOf(ConfigurationPropertyName property) {
		ConfigurationPropertyName name = property.chop(NAME_LENGTH);
		String key = name.getLastElement(Form.ORIGINAL);
		FileName known = this.names.get(key);
		if (known == null) {
			known = new FileName(key, name);
			this.names.put(key, known);
		}
		return known;
	}

	private static void requireDifferent(Collection<FileName> declared) {
		Map<ConfigurationPropertyName, FileName> different = new HashMap<>();
		for (FileName name : declared) {
			FileName other = different.putIfAbsent(name.property(), name);
			if (other != null) {
				throw FileNameException.same(other, name);
			}
		}
	}

	private List<FileName> phantoms(Collection<FileName> declared) {
		List<FileName> phantoms = new ArrayList<>();
		for (FileName name : this.names.values()) {
			if (!name.isDeclared() && isPhantom(name, declared)) {
				phantoms.add(name);
			}
		}
		return phantoms;
	}

	private static boolean isPhantom(FileName name, Collection<FileName> declared) {
		List<ConfigurationPropertyName> unused = name.variables()
			.filter((variable) -> declared.stream().noneMatch((other) -> other.isReachedBy(variable)))
			.toList();
		for (ConfigurationPropertyName variable : unused) {
			for (FileName other : declared) {
				if (other.isMeantBy(variable, name)) {
					throw FileNameException.unreached(name.nameOf(variable), name, other);
				}
			}
		}
		return unused.stream().noneMatch((variable) -> UnknownProperties.isKnown(variable, NAME_LENGTH));
	}

	/**
	 * Finds properties that do not exist. Environment variables that set none are warned
	 * of alone, as not everybody can help what is there.
	 * @throws FileNameException if there are any elsewhere
	 */
	void requireKnown() {
		this.unknown.throwIfAny();
		warnOfUnknownVariables(this.names.values());
		warnOfUnknownVariables(this.phantoms);
	}

	private void warnOfUnknownVariables(Collection<FileName> names) {
		for (FileName name : names) {
			if (name.hasVariables()) {
				name.variables().forEach((variable) -> warnIfUnknown(name, variable));
			}
		}
	}

	/** A variable may set a property of each name that it reaches. */
	private void warnIfUnknown(FileName name, ConfigurationPropertyName variable) {
		FileName file = name;
		boolean known = UnknownProperties.isKnown(variable, NAME_LENGTH);
		for (FileName other : declared()) {
			if (!other.equals(name) && other.isReachedBy(variable)) {
				file = other;
				known |= UnknownProperties.isKnown(variable, other.lengthIn(variable));
			}
		}
		if (!known) {
			UnknownProperties.warn(name.nameOf(variable), variable, file.lengthIn(variable), file.property());
		}
	}

	/**
	 * Returns a property of a file as it is written.
	 * @param name one of the names
	 * @param property the name below the file's own
	 * @return its text, or {@code null} if it is not set
	 */
	@Nullable String text(String name, String property) {
		return text(property(name, property));
	}

	/**
	 * Returns a property that is not one of a file, as it is written.
	 * @param property the name below {@code yammap}
	 * @return its text, or {@code null} if it is not set
	 */
	@Nullable String text(String property) {
		return text(ROOT.append(property));
	}

	private @Nullable String text(ConfigurationPropertyName property) {
		return Binder.get(this.environment).bind(property, TEXT).orElse(null);
	}

	/**
	 * Returns the names.
	 * @return the names in the order of the configuration; unmodifiable
	 */
	Set<String> all() {
		return Collections.unmodifiableSet(this.names.keySet());
	}

	/**
	 * Returns where a property of a file is.
	 * @param name one of the names
	 * @param property the name below the file's own
	 * @return the full name
	 */
	ConfigurationPropertyName property(String name, String property) {
		FileName known = this.names.get(name);
		if (known == null) {
			throw new IllegalArgumentException("No file is named '" + name + "'");
		}
		return known.property().append(property);
	}

}
