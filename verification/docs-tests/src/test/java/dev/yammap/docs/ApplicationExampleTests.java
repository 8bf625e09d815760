package dev.yammap.docs;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the components of a document, with the configuration beside them, make an
 * application; and that the tests in the guide pass.
 */
class ApplicationExampleTests {

	/** The document that builds the look-up table. The others expect it to exist. */
	private static final String BUILDS_TABLE = "docs/guide/lookup-table.md";

	private static final YamlPropertySourceLoader YAML = new YamlPropertySourceLoader();

	@TempDir
	private Path directory;

	/**
	 * The documents with a component, and with a file or journal under {@code yammap}.
	 */
	static Stream<String> documents() {
		return Documents.all()
			.stream()
			.map(Document::name)
			.filter((document) -> configuration(document).findAny().isPresent() && !components(document).isEmpty());
	}

	@ParameterizedTest
	@MethodSource("documents")
	void componentsAndConfigurationMakeAnApplication(String document) throws Exception {
		// Where the files of the examples are.
		Path data = Files.createDirectories(this.directory.resolve("data"));
		if (!document.equals(BUILDS_TABLE)) {
			Files.createFile(data.resolve("prices.bin"));
		}
		List<PropertySource<?>> configuration = load(configuration(document).findFirst().orElseThrow());
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withUserConfiguration(components(document).toArray(Class<?>[]::new))
			.withPropertyValues("yammap.base-dir=" + this.directory)
			.withPropertyValues(redirected(configuration))
			.withInitializer((context) -> configuration.forEach(context.getEnvironment().getPropertySources()::addLast))
			.withInitializer((context) -> otherBeans(document).forEach(context.getBeanFactory()::registerSingleton))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(Stream.concat(context.getBean(Mmaps.class).openFiles().values().stream(),
						context.getBeansOfType(Journal.class).values().stream()))
					.isNotEmpty();
			});
	}

	/** Also puts files with absolute paths into the directory of the test. */
	private String[] redirected(List<PropertySource<?>> configuration) {
		return configuration.stream()
			.flatMap((source) -> ((EnumerablePropertySource<?>) source).getSource() instanceof Map<?, ?> map
					? map.entrySet().stream() : Stream.empty())
			.filter((property) -> property.getKey().toString().endsWith(".path"))
			.filter((property) -> property.getValue().toString().startsWith("/"))
			.map((property) -> property.getKey() + "=" + this.directory.resolve("redirected"))
			.toArray(String[]::new);
	}

	/** Stands for what the application of the reader has of its own. */
	private static Map<String, Object> otherBeans(String document) {
		return JavaExamples.of(document)
			.types()
			.stream()
			.filter(Class::isInterface)
			.collect(Collectors.toMap(Class::getSimpleName, (type) -> Proxy.newProxyInstance(type.getClassLoader(),
					new Class<?>[] { type }, (proxy, method, arguments) -> new TreeMap<>(Map.of(1L, 2L)))));
	}

	private static Stream<Snippet> configuration(String document) {
		return Documents.get(document)
			.snippets()
			.stream()
			.filter((snippet) -> snippet.language().equals("yaml") && snippet.text().startsWith("yammap:"));
	}

	private static List<Class<?>> components(String document) {
		return JavaExamples.of(document)
			.types()
			.stream()
			.filter((type) -> AnnotatedElementUtils.hasAnnotation(type, Component.class))
			.toList();
	}

	private static List<PropertySource<?>> load(Snippet snippet) throws Exception {
		return YAML.load(snippet.toString(), new ByteArrayResource(snippet.text().getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void testsInTheGuidePass() {
		List<Class<?>> tests = JavaExamples.of("docs/guide/testing.md")
			.types()
			.stream()
			.filter((type) -> type.getSimpleName().endsWith("Tests"))
			// These would need an application.
			.filter((type) -> !type.isAnnotationPresent(SpringBootTest.class))
			.toList();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(tests.stream().map(DiscoverySelectors::selectClass).toList())
			.build();
		SummaryGeneratingListener summary = new SummaryGeneratingListener();
		LauncherFactory.create().execute(request, summary);
		assertThat(summary.getSummary().getFailures()).isEmpty();
		assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(tests.size()).isPositive();
	}

}
