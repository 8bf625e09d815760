package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Where the mappings of one file are, as numbers: so that they can be removed also when
 * nobody can reach a segment of them any more. Changed by one thread at a time.
 */
public final class MappedRanges {

	private final Libc libc;

	private final Path path;

	private final Deque<Range> ranges = new ArrayDeque<>();

	private volatile long size;

	MappedRanges(Libc libc, Path path) {
		this.libc = libc;
		this.path = path;
	}

	void add(long address, long length) {
		if (this.ranges.isEmpty()) {
			UnmapQuarantine.enter();
		}
		this.ranges.add(new Range(address, length));
		long total = 0;
		for (Range range : this.ranges) {
			total += range.length;
		}
		this.size = total;
	}

	/** Returns the length of all in bytes. */
	long size() {
		return this.size;
	}

	/**
	 * Takes the file out of each and leaves empty memory there for a while, for accesses
	 * that should be over and are not; see {@link UnmapQuarantine}.
	 * @param used how much of them may have been accessed, in bytes, whole pages
	 * @param writable whether such an access may be a store
	 */
	void coverAll(long used, boolean writable) throws IOException {
		removeAll((memory, range) -> UnmapQuarantine.cover(this.libc, memory, range.address, range.length,
				Math.min(used, range.length), writable));
	}

	/** Removes each. There must be no segment of them, and so no access. */
	public void unmapAll() throws IOException {
		removeAll((memory, range) -> this.libc.munmap(memory, range.address, range.length));
	}

	/** Each once: somebody else's mapping may soon be in its place. */
	private void removeAll(Removal removal) throws IOException {
		if (this.ranges.isEmpty()) {
			return;
		}
		IOException failure = null;
		try (CallMemory memory = this.libc.memory()) {
			while (!this.ranges.isEmpty()) {
				failure = remove(removal, memory, this.ranges.remove(), failure);
			}
		}
		finally {
			UnmapQuarantine.leave();
		}
		this.size = 0;
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

	private record Range(long address, long length) {

	}

	/** A way to remove a mapping. */
	private interface Removal {

		void remove(CallMemory memory, Range range) throws SystemCallException;

	}

}
