package dev.yammap.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepository;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;

/**
 * What is known of the properties of Spring Boot and of the starter, from the metadata on
 * the class path.
 */
final class ConfigurationMetadata {

	private static final Map<String, ConfigurationMetadataProperty> PROPERTIES = read(
			"META-INF/spring-configuration-metadata.json")
		.getAllProperties();

	private static final Map<String, ConfigurationMetadataProperty> PROPERTIES_OF_FILES = of(FileProperties.class);

	private static final Map<String, ConfigurationMetadataProperty> PROPERTIES_OF_JOURNALS = of(
			JournalProperties.class);

	private static final List<String> RESOURCES = List.of("yammap.files.", "yammap.journals.");

	private ConfigurationMetadata() {
	}

	private static Map<String, ConfigurationMetadataProperty> of(Class<?> type) {
		return read("META-INF/spring/configuration-metadata/" + type.getName() + ".json").getAllProperties();
	}

	private static ConfigurationMetadataRepository read(String resource) {
		try {
			ConfigurationMetadataRepositoryJsonBuilder builder = ConfigurationMetadataRepositoryJsonBuilder.create();
			for (URL url : Collections.list(ConfigurationMetadata.class.getClassLoader().getResources(resource))) {
				try (InputStream in = url.openStream()) {
					builder.withJsonResource(in);
				}
			}
			return builder.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tells whether a name is that of a property, or of an entry of a property that is a
	 * map. What is below the name of a file or journal is left to the binder.
	 */
	static boolean isKnown(String name) {
		if (PROPERTIES.containsKey(name) || RESOURCES.stream().anyMatch(name::startsWith)) {
			return true;
		}
		for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
			ConfigurationMetadataProperty above = PROPERTIES.get(name.substring(0, dot));
			if (above != null && String.valueOf(above.getType()).startsWith("java.util.Map<")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the properties of the starter that are not those of a file or journal, by
	 * name.
	 * @param start how their names begin
	 */
	static List<ConfigurationMetadataProperty> ofStarter(String start) {
		return sorted(PROPERTIES).filter((property) -> property.getId().startsWith(start))
			.filter((property) -> (property.getId() + ".").contains("yammap."))
			.toList();
	}

	/** Returns the properties of a file, by their name below that of the file. */
	static List<ConfigurationMetadataProperty> ofFiles() {
		return sorted(PROPERTIES_OF_FILES).toList();
	}

	/** Returns the properties of a journal, by their name below that of the journal. */
	static List<ConfigurationMetadataProperty> ofJournals() {
		return sorted(PROPERTIES_OF_JOURNALS).toList();
	}

	private static Stream<ConfigurationMetadataProperty> sorted(Map<String, ConfigurationMetadataProperty> properties) {
		return properties.values().stream().sorted(Comparator.comparing(ConfigurationMetadataProperty::getId));
	}

	/**
	 * Tells whether a name is that of a property, or of a group of properties.
	 */
	static boolean isKnownBelow(String name) {
		return isKnown(name) || PROPERTIES.keySet().stream().anyMatch((property) -> property.startsWith(name + "."));
	}

}
