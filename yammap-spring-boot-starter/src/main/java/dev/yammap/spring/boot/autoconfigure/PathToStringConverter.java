package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/**
 * Lets a property that is a {@link Path} object, as tests register them, become the text
 * that it is everywhere else. The properties themselves are no {@code Path}s, because
 * Spring looks for the text of such a one on the class path first: {@code data} would
 * become the directory of that name among the resources of the application.
 * <p>
 * A bean only where there is such an object: with a converter of its own, Spring Boot
 * binds every property of the application by other means, which takes 20 ms at start.
 */
@ConfigurationPropertiesBinding
class PathToStringConverter implements Converter<Path, String> {

	@Override
	public String convert(Path source) {
		return source.toString();
	}

}
