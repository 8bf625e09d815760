package dev.yammap.spring.boot;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.Mmap;

/**
 * Callback for beans that change how a configured file is opened, or prepare the file
 * itself: create its directory, build a look-up table, cut a torn record.
 * <p>
 * Every customizer is called once for every file, in the
 * {@linkplain org.springframework.core.annotation.Order order} of the beans, on the
 * thread that opens the file: after the properties were applied to the builder, and
 * before the file is touched. A customizer for a single file looks at the name first. A
 * customizer cannot have a file injected, as it must exist before the files. It is not
 * called again when a file with {@code reload-on-update} is replaced, or when a file is
 * opened again after a restore: the same builder opens it, but without
 * {@code TRUNCATE_EXISTING}, and with {@code CREATE} for {@code CREATE_NEW}. A
 * {@link MmapReloadValidator} sees the file that replaces it.
 * <p>
 * A customizer, and a listener that hears that the file is open, may wait for other
 * threads, also for one that opens another file. Only threads that ask for the same file
 * have to wait until it is open, so do not wait for one of those. A customizer cannot get
 * its own file from {@link Mmaps}.
 */
@FunctionalInterface
public interface MmapBuilderCustomizer {

	/**
	 * Customizes how a file is opened.
	 * @param name the name of the file under {@code yammap.files}
	 * @param path where the file is, absolute; it need not exist yet
	 * @param builder the builder that is going to open it
	 * @throws IOException if the file cannot be prepared; it is then not opened, and the
	 * application does not start
	 */
	void customize(String name, Path path, Mmap.Builder builder) throws IOException;

}
