package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Where the mappings of one file are, as numbers. So they can still be removed when no
 * segment of them can be reached any more. Changed by one thread at a time.
 */
public final class MappedRanges {

	private final Libc libc;

	private final Path path;

	private volatile @Nullable Range newest;

	MappedRanges(Libc libc, Path path) {
		this.libc = libc;
		this.path = path;
	}

	void add(long address, long length) {
		Range earlier = this.newest;
		if (earlier == null) {
			UnmapQuarantine.enter();
		}
		this.newest = new Range(address, length, size() + length, earlier);
	}

	/** Returns the length of all mappings in bytes. */
	long size() {
		Range last = this.newest;
		return (last != null) ? last.total : 0;
	}

	/**
	 * Takes the file out of each mapping, and leaves empty memory there for a while, for
	 * accesses that should have ended and have not; see {@link UnmapQuarantine}.
	 * @param used how much of each mapping may have been accessed, in bytes, whole pages
	 * @param writable whether such an access may be a store
	 */
	void coverAll(long used, boolean writable) throws IOException {
		removeAll((memory, range) -> UnmapQuarantine.cover(this.libc, memory, range.address, range.length,
				Math.min(used, range.length), writable));
	}

	/**
	 * Removes each mapping. No segment of them may be left, so that there is no access.
	 */
	public void unmapAll() throws IOException {
		removeAll((memory, range) -> this.libc.munmap(memory, range.address, range.length));
	}

	/** Removes each mapping once: another mapping may soon be in its place. */
	private void removeAll(Removal removal) throws IOException {
		Range next = this.newest;
		if (next == null) {
			return;
		}
		IOException failure = null;
		try (CallMemory memory = this.libc.memory()) {
			for (; next != null; next = next.earlier) {
				this.newest = next.earlier;
				failure = remove(removal, memory, next, failure);
			}
		}
		finally {
			UnmapQuarantine.leave();
		}
		if (failure != null) {
			throw failure;
		}
	}

	private @Nullable IOException remove(Removal removal, CallMemory memory, Range range,
			@Nullable IOException earlier) {
		try {
			removal.remove(memory, range);
			return earlier;
		}
		catch (SystemCallException ex) {
			IOException failure = Errno.explain("unmap", this.path, "", ex);
			if (earlier != null) {
				failure.addSuppressed(earlier);
			}
			return failure;
		}
	}

	/**
	 * Where a mapping is.
	 *
	 * @param total the length of this one and all that are earlier
	 * @param earlier the one that was made before
	 */
	private record Range(long address, long length, long total, @Nullable Range earlier) {

	}

	/** A way to remove a mapping. */
	private interface Removal {

		void remove(CallMemory memory, Range range) throws SystemCallException;

	}

}
