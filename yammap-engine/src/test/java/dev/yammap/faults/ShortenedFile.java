package dev.yammap.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that somebody else cuts in half while it is mapped.
 */
final class ShortenedFile implements BadPages {

	private final Path file;

	private final FileChannel channel;

	ShortenedFile(Path directory) throws IOException {
		this.file = directory.resolve("shortened");
		this.channel = FileChannel.open(this.file, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW);
		fill(0, (int) SIZE);
	}

	@Override
	public Path file() {
		return this.file;
	}

	@Override
	public boolean concerns(FaultProgram.Opening opening, Operation operation) {
		return true;
	}

	@Override
	public boolean isMendable() {
		return true;
	}

	@Override
	public void spoil() throws IOException {
		this.channel.truncate(HALF);
	}

	@Override
	public void mend() throws IOException {
		fill(HALF, (int) (SIZE - HALF));
	}

	/**
	 * Brings the pages back, full of zeros.
	 */
	void lengthen() throws IOException {
		this.channel.write(ByteBuffer.allocate(1), SIZE - 1);
	}

	private void fill(long offset, int length) throws IOException {
		ByteBuffer content = ByteBuffer.wrap(Probe.filled(length));
		while (content.hasRemaining()) {
			this.channel.write(content, offset + content.position());
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
