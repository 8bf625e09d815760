package dev.yammap.docs;

import java.io.File;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every example of JSON or XML can be parsed, and that what it names exists.
 */
class MarkupExampleTests {

	static List<Snippet> json() {
		return Documents.snippets("json");
	}

	static List<Snippet> xml() {
		return Documents.snippets("xml");
	}

	@ParameterizedTest
	@MethodSource("json")
	void jsonCanBeRead(Snippet example) {
		assertThat(new JsonMapper().readTree(example.text()).isContainer()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("xml")
	void dependenciesAndPluginsOfXmlExist(Snippet example) {
		Document document = Xml.parse("<example>" + example.text() + "</example>");
		List<Element> dependencies = Xml.elements(document, "//dependency");
		List<Element> plugins = Xml.elements(document, "//plugin");
		assertThat(dependencies.size() + plugins.size()).isPositive();
		assertThat(dependencies).allSatisfy((dependency) -> assertExists(dependency));
		assertThat(plugins).allSatisfy(
				(plugin) -> assertThat(MavenProject.pluginArtifacts()).contains(Xml.child(plugin, "artifactId")));
	}

	private static void assertExists(Element dependency) {
		String artifact = Xml.child(dependency, "artifactId");
		if ("dev.yammap".equals(Xml.child(dependency, "groupId"))) {
			assertThat(MavenProject.published()).contains(artifact);
			assertThat(Xml.child(dependency, "version")).isEqualTo(MavenProject.version());
		}
		else {
			// That of another project must be one that the examples are tested with.
			assertThat(System.getProperty("java.class.path")).contains(File.separator + artifact + "-");
		}
	}

}
