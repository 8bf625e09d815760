package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.yammap.LockMode;

/**
 * What a channel of a mapped file should be: a {@link FileChannel} with the options of
 * the file. That there is none for reading and appending both, and none for a private
 * mapping or with a greatest size, is made up for here, and so are the differences that
 * are documented.
 */
final class OrdinaryChannel extends FileChannel {

	private static final int CHUNK = 64 * 1024;

	private final OrdinaryFile file;

	private final FileChannel channel;

	private final boolean readsAndAppends;

	private final boolean limited;

	OrdinaryChannel(OrdinaryFile file) throws IOException {
		Setup setup = file.setup();
		this.file = file;
		this.readsAndAppends = setup.reads() && setup.appends();
		this.limited = setup.isPrivate() || setup.maxSize() != Setup.UNLIMITED;
		this.channel = FileChannel.open(file.path(), options(setup));
		if (!file.isOpen()) {
			close();
		}
	}

	private static Set<StandardOpenOption> options(Setup setup) {
		Set<StandardOpenOption> options = new HashSet<>();
		if (setup.reads()) {
			options.add(StandardOpenOption.READ);
		}
		if (setup.writes()) {
			options.add((setup.appends() && !setup.reads()) ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
		}
		return options;
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		return this.channel.read(dst);
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		return this.channel.read(dsts, index, length);
	}

	@Override
	public int read(ByteBuffer dst, long position) throws IOException {
		return this.channel.read(dst, position);
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		beforeWriting(src.remaining());
		return this.channel.write(src);
	}

	@Override
	public long write(ByteBuffer[] srcs, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, srcs.length);
		long count = 0;
		for (int i = index; i < index + length; i++) {
			count += srcs[i].remaining();
		}
		beforeWriting(count);
		return this.channel.write(srcs, index, length);
	}

	private void beforeWriting(long count) throws IOException {
		if (count == 0 || !isOpen() || !this.file.setup().writes()) {
			return;
		}
		long size = this.channel.size();
		long start = this.file.setup().appends() ? size : this.channel.position();
		requireGrowable(start + count);
		if (this.readsAndAppends) {
			this.channel.position(size);
		}
		this.file.becomesSynced(this.file.setup().syncsOnWrite());
	}

	private void requireGrowable(long end) throws IOException {
		if (end > this.channel.size()) {
			this.file.requireGrowable(end);
		}
	}

	/** To write elsewhere than to the end of a file that is appended to is refused. */
	@Override
	public int write(ByteBuffer src, long position) throws IOException {
		if (isOpen() && position >= 0 && this.file.setup().writes()) {
			if (this.file.setup().appends()) {
				throw new NonWritableChannelException();
			}
			if (src.hasRemaining()) {
				requireGrowable(position + src.remaining());
				this.file.becomesSynced(this.file.setup().syncsOnWrite());
			}
		}
		return this.channel.write(src, position);
	}

	@Override
	public long position() throws IOException {
		return this.channel.position();
	}

	@Override
	public FileChannel position(long position) throws IOException {
		this.channel.position(position);
		return this;
	}

	@Override
	public long size() throws IOException {
		return this.channel.size();
	}

	@Override
	public FileChannel truncate(long size) throws IOException {
		boolean shorter = isOpen() && size < this.channel.size();
		if (shorter && this.file.setup().writes() && size >= 0) {
			this.file.requireShared();
		}
		this.channel.truncate(size);
		if (shorter) {
			this.file.becomesSynced(false);
		}
		return this;
	}

	@Override
	public void force(boolean metaData) throws IOException {
		if (isOpen()) {
			this.file.sync();
		}
		this.channel.force(metaData);
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		return this.channel.transferTo(position, count, target);
	}

	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		boolean open = isOpen() && source.isOpen() && this.file.setup().writes();
		boolean inChunks = this.limited || this.readsAndAppends;
		long done = (inChunks && open && position >= 0 && count >= 0) ? transferInChunks(source, position, count)
				: this.channel.transferFrom(source, position, count);
		if (done > 0) {
			this.file.becomesSynced(this.file.setup().syncsOnWrite());
		}
		return done;
	}

	private long transferInChunks(ReadableByteChannel source, long position, long count) throws IOException {
		long done = 0;
		while (done < count) {
			ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count - done, CHUNK));
			int read = source.read(chunk);
			if (read <= 0) {
				return done;
			}
			try {
				long start = this.file.setup().appends() ? this.channel.size() : position + done;
				requireGrowable(start + read);
				this.channel.write(chunk.flip(), start);
			}
			catch (IOException ex) {
				if (done == 0) {
					throw ex;
				}
				return done;
			}
			done += read;
		}
		return done;
	}

	@Override
	public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
		beforeMapping(mode, position, size);
		return this.channel.map(mode, position, size);
	}

	@Override
	public MemorySegment map(MapMode mode, long position, long size, Arena arena) throws IOException {
		beforeMapping(mode, position, size);
		return this.channel.map(mode, position, size, arena);
	}

	private void beforeMapping(MapMode mode, long position, long size) throws IOException {
		Setup setup = this.file.setup();
		boolean readOnly = mode.equals(MapMode.READ_ONLY);
		if (!isOpen() || position < 0 || size < 0 || !setup.reads() || !(readOnly || setup.writes())) {
			return;
		}
		if (!readOnly && setup.appends()) {
			throw new NonWritableChannelException();
		}
		if (setup.isPrivate()) {
			throw new UnsupportedOperationException("Private");
		}
		if (position + size > this.channel.size()) {
			if (!mode.equals(MapMode.READ_WRITE)) {
				throw new IOException("Behind the end");
			}
			this.file.requireGrowable(position + size);
		}
		if (!readOnly) {
			this.file.becomesSynced(false);
		}
	}

	@Override
	public FileLock lock(long position, long size, boolean shared) throws IOException {
		beforeLocking(position, size, shared);
		return this.channel.lock(position, size, shared);
	}

	@Override
	public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
		beforeLocking(position, size, shared);
		return this.channel.tryLock(position, size, shared);
	}

	private void beforeLocking(long position, long size, boolean shared) throws IOException {
		if (isOpen() && position >= 0 && size >= 0 && !shared && this.file.setup().writes()) {
			this.file.requireShared();
			if (this.file.setup().lock() == LockMode.SHARED && !this.file.setup().isNative()) {
				throw new IOException("Java makes no lock stronger");
			}
		}
	}

	@Override
	protected void implCloseChannel() throws IOException {
		this.channel.close();
	}

}
