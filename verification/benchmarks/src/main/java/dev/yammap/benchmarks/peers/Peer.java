package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One way to read and write a file of a known size. A fork uses only one peer, so the
 * compiler knows which one it is.
 */
public interface Peer extends AutoCloseable {

	/** Returns the long at an offset that is a multiple of eight. */
	long readLong(long offset) throws IOException;

	void writeLong(long offset, long value) throws IOException;

	/** Fills a part of an array. */
	void read(long offset, byte[] bytes, int index, int length) throws IOException;

	void write(long offset, byte[] bytes, int index, int length) throws IOException;

	/** Makes a part of the file durable. */
	void sync(long offset, int length) throws IOException;

	@Override
	void close() throws IOException;

	/** How a file is opened that way. */
	enum Kind {

		/** An {@code Mmap}. */
		YAMMAP,

		/** A bare segment, of a shared arena: the limit. */
		SEGMENT,

		/** The buffer that a channel maps. */
		MAPPED_BYTE_BUFFER,

		/** A channel and a direct buffer. */
		FILE_CHANNEL,

		/** {@code MappedBytes} of Chronicle Bytes. */
		CHRONICLE_BYTES,

		/** An {@code UnsafeBuffer} of Agrona. */
		AGRONA,

		/** An input of Lucene's {@code MMapDirectory}, which only reads. */
		LUCENE;

		/** Opens a file that exists and has the given size. */
		Peer open(Path path, long size) throws IOException {
			return switch (this) {
				case YAMMAP -> new MmapPeer(path);
				case SEGMENT -> new SegmentPeer(path, size);
				case MAPPED_BYTE_BUFFER -> new MappedByteBufferPeer(path, size);
				case FILE_CHANNEL -> new FileChannelPeer(path);
				case CHRONICLE_BYTES -> new ChronicleBytesPeer(path, size);
				case AGRONA -> new AgronaPeer(path);
				case LUCENE -> new LucenePeer(path, size);
			};
		}

	}

}
