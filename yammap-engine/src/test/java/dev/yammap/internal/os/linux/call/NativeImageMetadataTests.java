package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the metadata for native images in the engine's jar is what
 * {@link NativeLinker} needs.
 */
class NativeImageMetadataTests {

	private static final String METADATA = "/META-INF/native-image/dev.yammap/yammap-engine/reachability-metadata.json";

	@Test
	void downcallHasTheSignatureThatIsLinked() throws IOException {
		List<MemoryLayout> parameters = Arrays.stream(find("\"parameterTypes\":\\[([^\\]]*)\\]").split(",", -1))
			.map((type) -> layout(type.replace("\"", "")))
			.toList();
		MemoryLayout result = layout(find("\"returnType\":\"(\\w+)\""));
		assertThat(FunctionDescriptor.of(result, parameters.toArray(MemoryLayout[]::new)))
			.isEqualTo(NativeLinker.SIGNATURE);
	}

	@Test
	void downcallLeavesErrno() throws IOException {
		assertThat(find("\"options\":\\{([^}]*)\\}")).isEqualTo("\"captureCallState\":true");
	}

	@Test
	void thereIsOneDowncall() throws IOException {
		assertThat(metadata()).containsOnlyOnce("\"returnType\"");
	}

	/** What the linker itself calls the layout, as GraalVM does. */
	private static MemoryLayout layout(String type) {
		return Objects.requireNonNull(Linker.nativeLinker().canonicalLayouts().get(type.replace("jlong", "long long")));
	}

	private static String find(String pattern) throws IOException {
		Matcher matcher = Pattern.compile(pattern).matcher(metadata());
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	/** The metadata without its white space. */
	private static String metadata() throws IOException {
		try (InputStream stream = Objects
			.requireNonNull(NativeImageMetadataTests.class.getResourceAsStream(METADATA))) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\s", "");
		}
	}

}
