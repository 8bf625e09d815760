package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

import dev.yammap.MmapChannel;

/**
 * A channel of a {@link SwappableMmap}. It stays with the version of the file that it was
 * opened on, which stays open as long as the channel can be reached.
 */
final class FileVersionChannel implements MmapChannel {

	private final FileVersion version;

	private final MmapChannel channel;

	FileVersionChannel(FileVersion version) {
		this.version = version;
		this.channel = version.file().channel();
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		return kept(() -> this.channel.read(dst));
	}

	@Override
	public long read(ByteBuffer[] dsts) throws IOException {
		return kept(() -> this.channel.read(dsts));
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		return kept(() -> this.channel.read(dsts, index, length));
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		return kept(() -> this.channel.write(src));
	}

	@Override
	public long write(ByteBuffer[] srcs) throws IOException {
		return kept(() -> this.channel.write(srcs));
	}

	@Override
	public long write(ByteBuffer[] srcs, int index, int length) throws IOException {
		return kept(() -> this.channel.write(srcs, index, length));
	}

	@Override
	public long position() throws IOException {
		return kept(this.channel::position);
	}

	@Override
	public MmapChannel position(long position) throws IOException {
		kept(() -> this.channel.position(position));
		return this;
	}

	@Override
	public long size() throws IOException {
		return kept(this.channel::size);
	}

	@Override
	public MmapChannel truncate(long size) throws IOException {
		kept(() -> this.channel.truncate(size));
		return this;
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		return kept(() -> this.channel.transferTo(position, count, target));
	}

	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		return kept(() -> this.channel.transferFrom(source, position, count));
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public void close() {
		this.channel.close();
	}

	/**
	 * The version must not be closed in the middle of a call, even if this channel is
	 * forgotten meanwhile.
	 */
	private <T> T kept(Call<T> call) throws IOException {
		try {
			return call.run();
		}
		finally {
			Reference.reachabilityFence(this.version);
		}
	}

	@Override
	public String toString() {
		return this.channel.toString();
	}

	/**
	 * A call of the channel.
	 *
	 * @param <T> the type of its result
	 */
	@FunctionalInterface
	private interface Call<T> {

		T run() throws IOException;

	}

}
