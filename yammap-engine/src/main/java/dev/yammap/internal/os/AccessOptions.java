package dev.yammap.internal.os;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The {@link OpenOption}s of a file, checked and completed: an immutable set that answers
 * the questions of the engine.
 *
 * @param options the options, of which at least one of READ, WRITE and APPEND
 */
public record AccessOptions(Set<OpenOption> options) {

	private static final Set<OpenOption> SUPPORTED = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.APPEND, StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW,
			StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC, StandardOpenOption.DSYNC,
			StandardOpenOption.SPARSE, LinkOption.NOFOLLOW_LINKS);

	/** What no options at all mean. */
	public static final AccessOptions READ_ONLY = new AccessOptions(Set.of(StandardOpenOption.READ));

	public AccessOptions {
		options = Set.copyOf(options);
	}

	/**
	 * Checks the given options; none means READ.
	 * @throws UnsupportedOperationException for an option that the engine does not know
	 */
	public static AccessOptions of(OpenOption... options) {
		return checked(options, StandardOpenOption.READ);
	}

	/**
	 * Checks the given options of a file to be created. If they name no access, READ,
	 * WRITE and CREATE are implied.
	 * @throws UnsupportedOperationException for an option that the engine does not know
	 */
	public static AccessOptions forCreation(OpenOption... options) {
		return checked(options, StandardOpenOption.READ, StandardOpenOption.WRITE).with(StandardOpenOption.CREATE);
	}

	/** Adds the implied options if none of the given ones names an access. */
	private static AccessOptions checked(OpenOption[] options, OpenOption... implied) {
		for (OpenOption option : options) {
			if (!SUPPORTED.contains(option)) {
				throw new UnsupportedOperationException("Open option " + option + " is not supported; supported are "
						+ SUPPORTED.stream().map(Object::toString).sorted().toList());
			}
		}
		AccessOptions given = new AccessOptions(new HashSet<>(List.of(options)));
		return (given.read() || given.write()) ? given : given.with(implied);
	}

	public AccessOptions with(OpenOption... added) {
		Set<OpenOption> all = new HashSet<>(this.options);
		Collections.addAll(all, added);
		return new AccessOptions(all);
	}

	public boolean read() {
		return this.options.contains(StandardOpenOption.READ);
	}

	/** Tells whether anything can be written, even if only at the end. */
	public boolean write() {
		return this.options.contains(StandardOpenOption.WRITE) || append();
	}

	public boolean append() {
		return this.options.contains(StandardOpenOption.APPEND);
	}

	public boolean create() {
		return this.options.contains(StandardOpenOption.CREATE) || createNew();
	}

	public boolean createNew() {
		return this.options.contains(StandardOpenOption.CREATE_NEW);
	}

	public boolean truncateExisting() {
		return this.options.contains(StandardOpenOption.TRUNCATE_EXISTING);
	}

	public boolean syncOnWrite() {
		return this.options.contains(StandardOpenOption.SYNC) || this.options.contains(StandardOpenOption.DSYNC);
	}

	public boolean sparse() {
		return this.options.contains(StandardOpenOption.SPARSE);
	}

	public boolean followLinks() {
		return !this.options.contains(LinkOption.NOFOLLOW_LINKS);
	}

}
