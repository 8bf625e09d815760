package dev.yammap.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * Boot still understands, makes an entry {@code user}.) Such phantoms are left out here.
 */
final class FileNames {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("yammap.files");

	private static final int NAME_LENGTH = PREFIX.getNumberOfElements() + 1;

	private final Map<String, FileName> names = new LinkedHashMap<>();

	/**
	 * Collects the names.
	 * @param environment where the properties are
	 * @throws FileNameException if two names are one to Spring Boot, or if an environment
	 * variable does not reach the file that it seems to mean
	 */
	FileNames(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				collect(iterable);
			}
		}
		List<FileName> declared = declared();
		requireDifferent(declared);
		if (declared.size() < this.names.size()) {
			this.names.values().removeIf((name) -> !name.isDeclared() && isPhantom(name, declared));
		}
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
				nameOf(property).foundIn(source, property);
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
		return unused.isEmpty();
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
