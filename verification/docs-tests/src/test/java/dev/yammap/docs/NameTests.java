package dev.yammap.docs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.AotDetector;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.test.context.cache.ContextCache;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every name in the documents is the name of something.
 */
class NameTests {

	private static final Pattern DOTTED = Pattern.compile("(yammap|management|spring)(\\.[A-Za-z0-9-]+)+");

	/** Properties that Spring reads before there is an environment have no metadata. */
	private static final Set<String> SYSTEM_PROPERTIES = Set.of(AotDetector.AOT_ENABLED,
			DefaultLifecycleProcessor.EXIT_PROPERTY_NAME, ContextCache.CONTEXT_CACHE_PAUSE_PROPERTY_NAME);

	private static final Pattern CALL = Pattern.compile("\\b[a-z]\\w*(?=\\(|$)");

	static List<Document> documents() {
		return Documents.all();
	}

	/** Properties, meters, events, steps of the start. */
	@ParameterizedTest
	@MethodSource("documents")
	void everyDottedNameIsKnown(Document document) throws IOException {
		Set<String> literals = Sources.literals("yammap.");
		Set<String> names = document.code()
			.stream()
			.map((code) -> code.replaceFirst("[=:].*", ""))
			.filter((code) -> DOTTED.matcher(code).matches())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(names).allSatisfy((name) -> assertThat(isKnown(name) || literals.contains(name))
			.as("'%s' in %s is a property, meter, event or step", name, document)
			.isTrue());
	}

	private static boolean isKnown(String name) {
		return SYSTEM_PROPERTIES.contains(name) || ConfigurationMetadata.isKnownBelow(name);
	}

	@Test
	void everyCallOfAnMmapIsListedAndNoOther() {
		Set<String> listed = Documents.get("docs/guide/mmap.md")
			.section("The calls of an Mmap")
			.firstCells()
			.stream()
			.flatMap(List::stream)
			.flatMap((code) -> CALL.matcher(code).results())
			.map((match) -> match.group())
			// "and the same for Long"
			.flatMap((name) -> Stream.of(name, name.replace("Int", "Long")))
			.collect(Collectors.toSet());
		Set<String> calls = Arrays.stream(Mmap.class.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()))
			.map(Method::getName)
			.collect(Collectors.toSet());
		assertThat(listed).containsExactlyInAnyOrderElementsOf(calls);
	}

	@Test
	void answerOfTheEndpointHasTheFieldsItIsShownWith() {
		List<JsonNode> answers = Documents.get("docs/guide.md")
			.snippets()
			.stream()
			.filter((snippet) -> snippet.language().equals("json"))
			.map((snippet) -> new JsonMapper().readTree(snippet.text()))
			.toList();
		assertThat(answers).hasSize(2);
		JsonNode file = answers.getFirst();
		// A journal has no greatest size unless it is told, and is not followed.
		assertHasFieldsOf(file, YammapEndpoint.FileDescriptor.class, "reloads");
		assertHasFieldsOf(file.get("settings"), YammapEndpoint.SettingsDescriptor.class, "maxSize");
		assertHasFieldsOf(file.get("pageCache"), YammapEndpoint.PageCacheDescriptor.class);
		assertHasFieldsOf(file.get("events"), YammapEndpoint.EventsDescriptor.class);
		assertHasFieldsOf(answers.getLast().get("reloads"), YammapEndpoint.ReloadsDescriptor.class);
	}

	private static void assertHasFieldsOf(JsonNode shown, Class<? extends Record> type, String... missing) {
		assertThat(shown.propertyNames()).containsExactlyElementsOf(Arrays.stream(type.getRecordComponents())
			.map((part) -> part.getName())
			.filter((name) -> !List.of(missing).contains(name))
			.toList());
	}

}
