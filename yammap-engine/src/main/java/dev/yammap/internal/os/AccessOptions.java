package dev.yammap.internal.os;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The {@link OpenOption}s of a file, checked and completed: an immutable set with the
 * questions that the engine asks it.
 *
 * @param options the options, of which at least one of READ, WRITE and APPEND
 */
public record AccessOptions(Set<OpenOption> options) {

	private static final Set<OpenOption> SUPPORTED = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.APPEND, StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW,
			StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC, StandardOpenOption.DSYNC,
			StandardOpenOption.SPARSE, LinkOption.NOFOLLOW_LINKS);

	/** As a descriptor is opened when nothing is said. */
	public static final AccessOptions READ_ONLY = new AccessOptions(Set.of(StandardOpenOption.READ));

	public AccessOptions {
		options = Set.copyOf(options);
	}

	/**
	 * Checks options as they were given; none means READ.
	 * @throws UnsupportedOperationException for an option that the engine does not know
	 */
	public static AccessOptions of(OpenOption... options) {
		AccessOptions given = checked(options);
		return (given.namesAccess()) ? given : given.with(StandardOpenOption.READ);
	}

	/**
	 * Checks options as they were given for a file to be created; READ, WRITE and CREATE
	 * are implied where they name no access.
	 * @throws UnsupportedOperationException for an option that the engine does not know
	 */
	public static AccessOptions forCreation(OpenOption... options) {
		AccessOptions given = checked(options);
		AccessOptions access = given.namesAccess() ? given
				: given.with(StandardOpenOption.READ).with(StandardOpenOption.WRITE);
		return access.with(StandardOpenOption.CREATE);
	}

	private static AccessOptions checked(OpenOption... options) {
		for (OpenOption option : options) {
			if (!SUPPORTED.contains(option)) {
				throw new UnsupportedOperationException("Open option " + option + " is not supported; supported are "
						+ SUPPORTED.stream().map(Object::toString).sorted().toList());
			}
		}
		return new AccessOptions(new HashSet<>(List.of(options)));
	}

	/** Tells whether anything is said about reading or writing. */
	private boolean namesAccess() {
		return has(StandardOpenOption.READ) || write();
	}

	public AccessOptions with(OpenOption option) {
		Set<OpenOption> more = new HashSet<>(this.options);
		more.add(option);
		return new AccessOptions(more);
	}

	private boolean has(OpenOption option) {
		return this.options.contains(option);
	}

	public boolean read() {
		return has(StandardOpenOption.READ);
	}

	/** Tells whether anything can be written, be it at the end alone. */
	public boolean write() {
		return has(StandardOpenOption.WRITE) || append();
	}

	public boolean append() {
		return has(StandardOpenOption.APPEND);
	}

	/** Tells whether the file may be created. */
	public boolean create() {
		return has(StandardOpenOption.CREATE) || createNew();
	}

	/** Tells whether the file must be created. */
	public boolean createNew() {
		return has(StandardOpenOption.CREATE_NEW);
	}

	public boolean truncateExisting() {
		return has(StandardOpenOption.TRUNCATE_EXISTING);
	}

	public boolean syncOnWrite() {
		return has(StandardOpenOption.SYNC) || has(StandardOpenOption.DSYNC);
	}

	public boolean sparse() {
		return has(StandardOpenOption.SPARSE);
	}

	public boolean followLinks() {
		return !has(LinkOption.NOFOLLOW_LINKS);
	}

}
