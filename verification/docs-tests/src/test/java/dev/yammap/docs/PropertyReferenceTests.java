package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the reference of the properties agrees with the metadata. When asked to,
 * generates it.
 */
class PropertyReferenceTests {

	private static final String GENERATE = "docs.generate";

	@Test
	void referenceIsThatOfTheMetadata() throws IOException {
		Path reference = Documents.root().resolve(PropertyReference.NAME);
		String expected = PropertyReference.generate();
		if (Boolean.getBoolean(GENERATE)) {
			Files.writeString(reference, expected);
		}
		assertThat(reference).as("""
				%s is not what the metadata says. Do not edit it; generate it by
				mvn test -pl verification/docs-tests -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s=true
				""", PropertyReference.NAME, getClass().getSimpleName(), GENERATE).exists().hasContent(expected);
	}

}
