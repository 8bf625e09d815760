package dev.yammap.spring.boot.autoconfigure;

import java.util.EnumMap;
import java.util.Map;

import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * The names of all resources in the environment, and all other properties that begin with
 * {@code yammap}, found in one pass.
 */
final class ConfiguredNames {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("yammap");

	private static final Bindable<String> TEXT = Bindable.of(String.class);

	private final Environment environment;

	private final Map<ResourceKind, ResourceNames> names = new EnumMap<>(ResourceKind.class);

	private final UnknownProperties unknown = new UnknownProperties();

	/**
	 * Collects the names.
	 * @param environment where the properties are
	 * @throws InvalidFileException if two names are the same to Spring Boot, or if a name
	 * cannot be that of a bean
	 */
	ConfiguredNames(Environment environment) {
		this.environment = environment;
		for (ResourceKind kind : ResourceKind.values()) {
			this.names.put(kind, new ResourceNames(environment, kind, this.unknown));
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				collect(iterable);
			}
		}
		this.names.values().forEach(ResourceNames::complete);
		requireDifferent();
	}

	private void collect(IterableConfigurationPropertySource source) {
		for (ConfigurationPropertyName property : source) {
			if (ROOT.isAncestorOf(property) && !isOfResource(source, property)) {
				this.unknown.inspect(source, property);
			}
		}
	}

	private boolean isOfResource(ConfigurationPropertySource source, ConfigurationPropertyName property) {
		for (ResourceNames names : this.names.values()) {
			if (names.collect(source, property)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Refuses a file and a journal of one name, as each name becomes the name of a bean.
	 */
	private void requireDifferent() {
		for (String name : files().enabled()) {
			if (journals().enabled().contains(name)) {
				throw new InvalidFileException(
						"A mapped file and a journal are both named '%s', and only one can be the bean of that name."
							.formatted(name),
						"Give '%s' or '%s' another name.".formatted(ResourceKind.FILE.prefix(name),
								ResourceKind.JOURNAL.prefix(name)));
			}
		}
	}

	ResourceNames of(ResourceKind kind) {
		ResourceNames names = this.names.get(kind);
		if (names == null) {
			throw new IllegalArgumentException("No such kind: " + kind);
		}
		return names;
	}

	ResourceNames files() {
		return of(ResourceKind.FILE);
	}

	ResourceNames journals() {
		return of(ResourceKind.JOURNAL);
	}

	/**
	 * Finds properties that do not exist, except for environment variables. Called before
	 * anything is bound, as the binder's message for a text in place of a group of
	 * properties does not help.
	 * @throws InvalidFileException if there are any
	 */
	void requireBindable() {
		this.unknown.throwIfAny();
	}

	/**
	 * Finds properties that do not exist. For environment variables it only logs a
	 * warning, as others may set them.
	 * @throws InvalidFileException if there are any elsewhere
	 */
	void requireKnown() {
		this.unknown.throwIfAny();
		this.names.values().forEach(ResourceNames::warnOfUnknownVariables);
	}

	/**
	 * Returns a property that does not belong to a resource, as it is written.
	 * @param property the name below {@code yammap}
	 * @return its text, or {@code null} if it is not set
	 */
	@Nullable String text(String property) {
		return Binder.get(this.environment).bind(ROOT.append(property), TEXT).orElse(null);
	}

}
