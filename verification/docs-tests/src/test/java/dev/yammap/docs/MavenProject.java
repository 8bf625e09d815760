package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The build of the project, as its {@code pom.xml} files say.
 */
final class MavenProject {

	/** The POMs by the name of the module, which is empty for the parent. */
	private static final Map<String, String> TEXTS = new LinkedHashMap<>();

	private static final Map<String, Document> POMS = read();

	private MavenProject() {
	}

	private static Map<String, Document> read() {
		Map<String, Document> poms = new LinkedHashMap<>();
		read(poms, "");
		for (Element module : Xml.elements(poms.get(""), "/project/modules/module")) {
			read(poms, module.getTextContent());
		}
		return poms;
	}

	private static void read(Map<String, Document> poms, String module) {
		try {
			Path file = Documents.root().resolve(module).resolve("pom.xml");
			String text = Files.readString(file);
			TEXTS.put(module, text);
			poms.put(module, Xml.parse(text));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns the names of all modules. */
	static Set<String> modules() {
		return POMS.keySet().stream().filter((module) -> !module.isEmpty()).collect(Collectors.toSet());
	}

	/** Returns the names of the modules that others can depend on. */
	static List<String> published() {
		return modules().stream()
			.filter((module) -> Xml.elements(POMS.get(module), "/project/properties/maven.install.skip").isEmpty())
			.filter((module) -> !module.equals("sample-app"))
			.toList();
	}

	static String version() {
		return Xml.elements(POMS.get(""), "/project/properties/revision").getFirst().getTextContent();
	}

	/** Returns the ids of all profiles. */
	static Set<String> profiles() {
		return texts("/project/profiles/profile/id");
	}

	/**
	 * Returns the prefixes of the goals of all plugins: {@code spring-boot},
	 * {@code exec}.
	 */
	static Set<String> pluginPrefixes() {
		return pluginArtifacts().stream()
			.map((artifact) -> artifact.replaceFirst("^maven-", "").replaceFirst("-?maven-plugin$|-plugin$", ""))
			.collect(Collectors.toSet());
	}

	/** Returns the artifact ids of all plugins. */
	static Set<String> pluginArtifacts() {
		return texts("//plugin/artifactId");
	}

	/** Tells whether a property is set or used somewhere, or known to every Maven. */
	static boolean hasProperty(String name) {
		return List.of("skipTests", "skipITs", "test", "surefire.failIfNoSpecifiedTests", "docs.generate")
			.contains(name)
				|| TEXTS.values()
					.stream()
					.anyMatch((text) -> text.contains("<" + name + ">") || text.contains("${" + name + "}"));
	}

	private static Set<String> texts(String path) {
		List<String> texts = new ArrayList<>();
		POMS.values()
			.forEach((pom) -> Xml.elements(pom, path).forEach((element) -> texts.add(element.getTextContent())));
		return Set.copyOf(texts);
	}

}
