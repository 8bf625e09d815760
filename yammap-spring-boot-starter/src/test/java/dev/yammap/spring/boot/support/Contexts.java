package dev.yammap.spring.boot.support;

import java.nio.file.Path;

import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Application contexts with files and journals, and nothing else.
 */
public final class Contexts {

	private Contexts() {
	}

	/**
	 * Returns contexts whose files are in a directory.
	 * @param directory the base directory
	 * @param properties other properties
	 */
	public static ApplicationContextRunner in(Path directory, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withPropertyValues("yammap.base-dir=" + directory)
			.withPropertyValues(properties);
	}

}
