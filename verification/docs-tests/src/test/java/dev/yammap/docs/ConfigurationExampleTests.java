package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.YammapProperties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that Spring Boot and the starter accept every example of configuration.
 */
class ConfigurationExampleTests {

	@TempDir
	private Path directory;

	static List<Snippet> examples() {
		return Documents.snippets("yaml", "properties");
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyPropertyIsKnown(Snippet example) {
		assertThat(names(example)).isNotEmpty().allSatisfy((name) -> {
			assertThat(ConfigurationMetadata.isKnown(name)).as("property '%s' at %s", name, example).isTrue();
		});
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyFileIsBoundWithoutARest(Snippet example) {
		Binder binder = new Binder(ConfigurationPropertySources.from(load(example)));
		binder.bindOrCreate("yammap", Bindable.of(YammapProperties.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
	}

	@ParameterizedTest
	@MethodSource("examples")
	void theStarterTakesEveryFile(Snippet example) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			// What the properties say is checked, but no file is opened.
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withInitializer((context) -> load(example).forEach(context.getEnvironment().getPropertySources()::addLast))
			.withPropertyValues("yammap.base-dir=" + this.directory)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Mmaps.class).openFiles()).isEmpty();
			});
	}

	private static List<String> names(Snippet example) {
		List<String> names = new ArrayList<>();
		for (PropertySource<?> source : load(example)) {
			names.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
		}
		return names;
	}

	private static List<PropertySource<?>> load(Snippet example) {
		PropertySourceLoader loader = example.language().equals("yaml") ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		try {
			return loader.load(example.toString(),
					new ByteArrayResource(example.text().getBytes(StandardCharsets.UTF_8)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
