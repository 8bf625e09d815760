package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A file to which something happens whenever its length is asked for, and which remembers
 * what was done with it.
 */
@NullMarked
final class DisturbedFile extends RandomAccessFile {

	private final Queue<Disturbance> disturbances = new ArrayDeque<>();

	/** The sizes that were set. */
	final List<Long> sizes = new ArrayList<>();

	/** How many bytes each read asked for. */
	final List<Integer> reads = new ArrayList<>();

	/** What is told instead of the length, if anything. */
	@Nullable Long length;

	boolean failToClose;

	DisturbedFile(Path path, String mode) throws IOException {
		super(path.toFile(), mode);
	}

	/** Has something happen before each of the next questions. */
	void beforeLength(Disturbance... next) {
		this.disturbances.clear();
		this.disturbances.addAll(List.of(next));
	}

	@Override
	public long length() throws IOException {
		Disturbance next = this.disturbances.poll();
		if (next != null) {
			next.happen();
		}
		return (this.length != null) ? this.length : super.length();
	}

	@Override
	public void setLength(long newLength) throws IOException {
		this.sizes.add(newLength);
		super.setLength(newLength);
	}

	@Override
	public int read(byte[] bytes, int index, int length) throws IOException {
		this.reads.add(length);
		return super.read(bytes, index, length);
	}

	@Override
	public void close() throws IOException {
		super.close();
		if (this.failToClose) {
			throw new IOException("Input/output error");
		}
	}

	/** Something that happens. */
	@FunctionalInterface
	interface Disturbance {

		void happen() throws IOException;

	}

}
