package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.NativeResources;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * The descriptor of a file, and where its mappings are: as numbers, so whoever holds this
 * keeps no segment reachable. They can still be given back when none can be reached any
 * more. Changed by one thread at a time.
 */
public final class LinuxResources implements NativeResources {

	private final Libc libc;

	private final Path path;

	private final int fd;

	private volatile @Nullable Range newest;

	LinuxResources(Libc libc, Path path, int fd) {
		this.libc = libc;
		this.path = path;
		this.fd = fd;
	}

	@Override
	public void close() throws IOException {
		try (CallMemory memory = this.libc.memory()) {
			this.libc.close(memory, this.fd);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("close", this.path, "", ex);
		}
	}

	/**
	 * Makes room for a mapping that is about to be made: once it is, there may be no
	 * memory to note where.
	 */
	Range next(long length) {
		return new Range(length, size() + length, this.newest);
	}

	/** Notes a mapping that was made. */
	void add(Range range, long address) {
		range.address = address;
		this.newest = range;
		if (range.earlier == null) {
			UnmapQuarantine.enter();
		}
	}

	/** Returns the length of all mappings in bytes. */
	public long size() {
		Range last = this.newest;
		return (last != null) ? last.total : 0;
	}

	/** No segment may be left, as this ends none. */
	@Override
	public void unmap() throws IOException {
		coverAll(0, false);
	}

	/**
	 * Takes the file out of each mapping, and leaves empty memory there for a while, for
	 * accesses that should have ended and have not; see {@link UnmapQuarantine}. Each
	 * mapping is removed once: another one may soon be in its place. If there is no
	 * memory for that, it may be repeated.
	 */
	void coverAll(long used, boolean writable) throws IOException {
		Range next = this.newest;
		if (next == null) {
			return;
		}
		IOException failure = null;
		try (CallMemory memory = this.libc.memory()) {
			for (; next != null; next = next.earlier) {
				this.newest = next.earlier;
				try {
					UnmapQuarantine.cover(this.libc, memory, next.address, next.length, Math.min(used, next.length),
							writable);
				}
				catch (SystemCallException ex) {
					IOException earlier = failure;
					failure = Errno.explain("unmap", this.path, "", ex);
					if (earlier != null) {
						failure.addSuppressed(earlier);
					}
				}
			}
		}
		finally {
			if (this.newest == null) {
				UnmapQuarantine.leave();
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	static final class Range {

		private final long length;

		/** The length of this mapping and all that are earlier. */
		private final long total;

		/** The mapping that was made before. */
		private final @Nullable Range earlier;

		private long address;

		private Range(long length, long total, @Nullable Range earlier) {
			this.length = length;
			this.total = total;
			this.earlier = earlier;
		}

	}

}
