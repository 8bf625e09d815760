package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/**
 * Converts a property that is a {@link Path} object, as tests register them, to text. The
 * properties themselves are not of type {@code Path}, because Spring looks for such a
 * path on the class path first: {@code data} would become the directory of that name
 * among the resources of the application.
 * <p>
 * It is a bean only if there is such an object: with an own converter Spring Boot binds
 * every property of the application in another way, which takes 20 ms at start.
 */
@ConfigurationPropertiesBinding
class PathToStringConverter implements Converter<Path, String> {

	@Override
	public String convert(Path source) {
		return source.toString();
	}

}
