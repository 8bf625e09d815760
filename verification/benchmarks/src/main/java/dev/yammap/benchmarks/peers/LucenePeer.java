package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;

import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;

/**
 * Only reads, as an index is never changed in place. Has the guards of a segment.
 */
final class LucenePeer implements Peer {

	private final MMapDirectory directory;

	private final IndexInput input;

	private final RandomAccessInput places;

	@SuppressWarnings("MustBeClosedChecker")
	LucenePeer(Path path, long size) throws IOException {
		this.directory = new MMapDirectory(path.getParent());
		this.input = this.directory.openInput(path.getFileName().toString(), IOContext.DEFAULT);
		this.places = this.input.randomAccessSlice(0, size);
	}

	@Override
	public long readLong(long offset) throws IOException {
		return this.places.readLong(offset);
	}

	@Override
	public void writeLong(long offset, long value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void read(long offset, byte[] bytes, int index, int length) throws IOException {
		this.places.readBytes(offset, bytes, index, length);
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void sync(long offset, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() throws IOException {
		this.input.close();
		this.directory.close();
	}

}
