package dev.yammap.spring.boot;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.journal.Journal;

/**
 * Callback for beans that change how a journal is opened, add a
 * {@link dev.yammap.journal.JournalListener}, or prepare its directory.
 * <p>
 * Every customizer is called once for every journal, in the
 * {@linkplain org.springframework.core.annotation.Order order} of the beans, on the
 * thread that opens the journal: after the properties were applied to the builder, and
 * before anything of the journal is touched. A customizer for a single journal looks at
 * the name first. A customizer cannot have a journal injected, as it must exist before
 * the journals. It may wait for other threads, but not for one that asks for the same
 * journal: that has to wait until the journal is open.
 */
@FunctionalInterface
public interface JournalBuilderCustomizer {

	/**
	 * Customizes how a journal is opened.
	 * @param name the name of the journal under {@code yammap.journals}
	 * @param directory where the journal is, absolute; it need not exist yet
	 * @param builder the builder that is going to open it
	 * @throws IOException if the journal cannot be prepared; it is then not opened, and
	 * the application does not start
	 */
	void customize(String name, Path directory, Journal.Builder builder) throws IOException;

}
