package dev.yammap.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Annotation for a test class whose application context has mapped files: every file
 * configured under {@code yammap.files} is in a temporary directory, wherever the
 * configuration says it is, so that a test finds no file of another one and touches none
 * of production. Each context has a directory of its own, which is there as long as the
 * context, cached or not, and is deleted when it closes.
 * <p>
 * Paths keep their form: a file below {@code yammap.base-dir} is at the same place below
 * the temporary directory, any other at its absolute path below the directory
 * {@code absolute} in it. Directories are created. {@link dev.yammap.Mmap#path()} says
 * where a file is. {@code Mmap} beans that the application makes itself stay where they
 * are.
 * <p>
 * In a test of a slice of the application, such as {@code @JsonTest}, the annotation adds
 * the auto-configuration of mapped files.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureMappedFiles {

	/**
	 * Files that have a content before they are opened, such as look-up tables. All
	 * others do not exist at first.
	 * @return the contents, one for each file that needs one
	 */
	Content[] contents() default {};

	/**
	 * The content of a file.
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@interface Content {

		/**
		 * The name of the file.
		 * @return the name under {@code yammap.files}
		 */
		String file();

		/**
		 * What the file is a copy of.
		 * @return the location of a resource: a path on the class path, or what
		 * {@linkplain org.springframework.core.io.ResourceLoader Spring} understands
		 * otherwise, such as {@code file:src/test/data/table.bin}
		 */
		String resource();

	}

}
