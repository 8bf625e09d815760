package dev.yammap.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import dev.yammap.MmapChannel;

/**
 * What a {@link MmapChannel} should be: a {@link FileChannel} with the options of the
 * file. That there is none for reading and appending both, and none for a private mapping
 * or with a greatest size, is made up for here.
 */
final class OrdinaryChannel implements MmapChannel {

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
			this.channel.close();
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
	public long read(ByteBuffer[] dsts) throws IOException {
		return this.channel.read(dsts);
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		return this.channel.read(dsts, index, length);
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		beforeWriting(src.remaining());
		return this.channel.write(src);
	}

	@Override
	public long write(ByteBuffer[] srcs) throws IOException {
		return write(srcs, 0, srcs.length);
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
		if (start + count > size) {
			this.file.requireGrowable(start + count);
		}
		if (this.readsAndAppends) {
			this.channel.position(size);
		}
		this.file.becomesSynced(this.file.setup().syncsOnWrite());
	}

	@Override
	public long position() throws IOException {
		return this.channel.position();
	}

	@Override
	public MmapChannel position(long position) throws IOException {
		this.channel.position(position);
		return this;
	}

	@Override
	public long size() throws IOException {
		return this.channel.size();
	}

	@Override
	public MmapChannel truncate(long size) throws IOException {
		if (isOpen() && this.file.setup().writes() && size >= 0 && size < this.channel.size()) {
			this.file.requireShared();
		}
		this.channel.truncate(size);
		this.file.becomesSynced(false);
		return this;
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		return this.channel.transferTo(position, count, target);
	}

	/**
	 * With APPEND a {@link FileChannel} transfers to its end, which only a write does
	 * here.
	 */
	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		boolean open = isOpen() && source.isOpen();
		if (open) {
			this.file.requireOverwritable();
			this.file.becomesSynced(this.file.setup().syncsOnWrite());
		}
		return (this.limited && open && position >= 0 && count >= 0) ? transferInChunks(source, position, count)
				: this.channel.transferFrom(source, position, count);
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
				this.file.writeAt(chunk.flip(), position + done);
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
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public void close() {
		OrdinaryMemory.unchecked(() -> {
			this.channel.close();
			return true;
		});
	}

}
