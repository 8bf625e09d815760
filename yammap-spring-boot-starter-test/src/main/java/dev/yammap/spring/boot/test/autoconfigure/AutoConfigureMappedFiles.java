package dev.yammap.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Annotation for a test class whose application context has mapped files or journals. It
 * moves every file configured under {@code yammap.files}, and every journal configured
 * under {@code yammap.journals}, into a temporary directory, whatever path is configured.
 * So a test finds no file of another test and touches no file of production. Each context
 * has a directory of its own. The directory exists as long as the context, cached or not,
 * and is deleted when the context closes.
 * <p>
 * Paths keep their form: a file below {@code yammap.base-dir} is at the same place below
 * the temporary directory. Any other file is at its absolute path below the directory
 * {@code absolute} in the temporary directory. Missing directories are created.
 * {@link dev.yammap.Mmap#path()} says where a file is, and
 * {@link dev.yammap.journal.Journal#directory()} where a journal is. Beans that the
 * application makes itself stay where they are.
 * <p>
 * In a slice test, such as {@code @JsonTest}, the annotation adds the auto-configuration
 * of mapped files and journals.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureMappedFiles {

	/**
	 * The contents of files that must exist before they are opened, such as look-up
	 * tables. All other files do not exist at first.
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
		 * The resource to copy into the file.
		 * @return the location of the resource: a path on the class path, or any other
		 * location that {@linkplain org.springframework.core.io.ResourceLoader Spring}
		 * understands, such as {@code file:src/test/data/table.bin}
		 */
		String resource();

	}

}
