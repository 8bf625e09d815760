package dev.yammap.spring.boot;

import java.io.IOException;

import dev.yammap.Mmap;

/**
 * Callback for beans that check a file which has taken the place of a file with
 * {@code reload-on-update}, before the application uses it. If the callback throws
 * anything, the new file is refused: the old one stays in use, and the refusal is logged,
 * counted, and shown by health as a failed reload, until another file is at the path.
 * <p>
 * Every validator is called for every update, in the
 * {@linkplain org.springframework.core.annotation.Order order} of the beans, on the
 * thread that follows the files, one call at a time. No other file is followed until it
 * returns. A refused file is not validated again. The file that an application opens at
 * its start is not validated.
 * <p>
 * If the file was overwritten in place, and not replaced, nothing is left of the old
 * content. If a validator refuses the new content, that is reported, but reads find it
 * all the same.
 */
@FunctionalInterface
public interface MmapReloadValidator {

	/**
	 * Validates the file that has taken the place of another.
	 * @param name the name of the file under {@code yammap.files}
	 * @param replacement the file at the path now. It is open for the time of this call,
	 * is not the bean, and must not be closed
	 * @throws IOException if the replacement cannot be read, or must not be used
	 */
	void validate(String name, Mmap replacement) throws IOException;

}
