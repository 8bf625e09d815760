package dev.yammap.spring.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Qualifies an injection point of type {@link dev.yammap.Mmap} with the name of a file,
 * as configured under {@code yammap.files}:
 * {@snippet :
 * class Visits {
 *
 * 	private final Mmap file;
 *
 * 	Visits(@MappedFile("journal") Mmap file) {
 * 		this.file = file;
 * 	}
 *
 * }
 * }
 *
 * Where the parameter or field has the name of the file, no qualifier is needed.
 */
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Qualifier
public @interface MappedFile {

	/**
	 * The name of the file.
	 * @return the name under {@code yammap.files}
	 */
	String value();

}
