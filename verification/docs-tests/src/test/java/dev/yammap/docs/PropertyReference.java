package dev.yammap.docs;

import java.util.List;
import java.util.Map;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ValueHint;

/**
 * The reference of the properties, made from the metadata in the jar of the starter.
 */
final class PropertyReference {

	/** The path of the document, relative to the root of the project. */
	static final String NAME = "docs/properties.md";

	private static final String INTRODUCTION = """
			# Properties

			Every property of the starter, with the texts that an editor shows: this page is generated from the
			metadata in the starter's jar. [The guide](guide.md#properties) says what the properties are for.
			""";

	private static final Map<String, String> KINDS = Map.of("java.lang.Boolean", "`true` or `false`",
			"java.lang.String", "text", "java.time.Duration", "time, such as `5s`",
			"org.springframework.util.unit.DataSize", "size, such as `64KB`");

	private final StringBuilder text = new StringBuilder(INTRODUCTION);

	private String owner = "";

	private PropertyReference() {
	}

	/** Returns the document as it should be. */
	static String generate() {
		PropertyReference reference = new PropertyReference();
		reference.add("Of the application", ConfigurationMetadata.ofStarter("yammap."), "", "");
		reference.add("Of each file", ConfigurationMetadata.ofFiles(), "",
				"""

						These properties are below `yammap.files.<name>`, with the name of the bean. Write a name in brackets if it has
						characters other than letters, digits, dashes and underscores, as in `yammap.files[my file]`.
						""");
		reference.add("Of each journal", ConfigurationMetadata.ofJournals(), " of a journal",
				"""

						These properties are below `yammap.journals.<name>`, with the name of the bean. No file may have the same
						name.
						""");
		reference.add("Of Actuator", ConfigurationMetadata.ofStarter("management."), "",
				"""

						As for every endpoint, `management.endpoints.web.exposure.include` and similar properties decide whether the
						endpoint is exposed.
						""");
		return reference.text.toString();
	}

	/**
	 * Adds a section.
	 * @param owner what the properties are of, where others have the same names
	 */
	private void add(String title, List<ConfigurationMetadataProperty> properties, String owner, String introduction) {
		this.owner = owner;
		this.text.append("\n## ").append(title).append('\n').append(introduction);
		this.text.append("\n| property | type | default | description |\n|---|---|---|---|\n");
		properties.forEach(this::addRow);
		properties.forEach(this::addValues);
	}

	private void addRow(ConfigurationMetadataProperty property) {
		Object value = property.getDefaultValue();
		this.text.append("| ")
			.append(code(property.getId()))
			.append(" | ")
			.append(kind(property))
			.append(" | ")
			.append((value != null) ? code(canonical(property, value)) : "")
			.append(" | ")
			.append(property.getDescription())
			.append(" |\n");
	}

	private String kind(ConfigurationMetadataProperty property) {
		if (property.getType().startsWith("java.util.Map<")) {
			return "properties by name, see [below](#of-each-"
					+ (property.getId().endsWith("files") ? "file" : "journal") + ")";
		}
		if (isChoice(property)) {
			return "[one of these](#" + anchor(property) + ")";
		}
		String kind = KINDS.get(property.getType());
		if (kind == null) {
			throw new IllegalStateException("How to write " + property.getType() + ", the type of " + property.getId()
					+ "? It is neither known here, nor has it hints");
		}
		return kind;
	}

	private static boolean isChoice(ConfigurationMetadataProperty property) {
		return !property.getHints().getValueHints().isEmpty() && property.getHints().getValueProviders().isEmpty();
	}

	private static String canonical(ConfigurationMetadataProperty property, Object value) {
		// Of endpoints the constant is written as in Java.
		return isChoice(property) ? value.toString().replace('_', '-') : value.toString();
	}

	private void addValues(ConfigurationMetadataProperty property) {
		List<ValueHint> hints = property.getHints().getValueHints();
		if (hints.isEmpty()) {
			return;
		}
		String title = "Values of " + code(property.getId()) + this.owner + (isChoice(property) ? "" : ", and others");
		this.text.append("\n### ").append(title).append("\n\n| value | meaning |\n|---|---|\n");
		hints.forEach((hint) -> this.text.append("| ")
			.append(code(hint.getValue()))
			.append(" | ")
			.append(hint.getDescription())
			.append(" |\n"));
	}

	private String anchor(ConfigurationMetadataProperty property) {
		return "values-of-" + property.getId().replace(".", "") + this.owner.replace(' ', '-');
	}

	private static String code(Object text) {
		return "`" + text + "`";
	}

}
