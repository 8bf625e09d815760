package dev.yammap.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file whose second half is a hole, on a disk where another file takes all the space.
 */
final class FileOnFullDisk implements BadPages {

	private final Path file;

	private final Path filler;

	private final SecondHalf secondHalf;

	FileOnFullDisk(Path directory, SecondHalf secondHalf) throws IOException {
		this.file = directory.resolve("file");
		this.filler = directory.resolve("filler");
		this.secondHalf = secondHalf;
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW)) {
			channel.write(ByteBuffer.wrap(Probe.filled((int) HALF)), 0);
			channel.force(true);
		}
		Command.run("truncate", "-s", SIZE, this.file);
	}

	@Override
	public Path file() {
		return this.file;
	}

	@Override
	public boolean concerns(FaultProgram.Opening opening, Operation operation) {
		return this.secondHalf.concerns(opening, operation);
	}

	@Override
	public boolean isMendable() {
		return false;
	}

	@Override
	public void spoil() throws IOException {
		if (!Files.exists(this.filler)) {
			fill(this.filler);
		}
	}

	/**
	 * Writes a file until there is no space left, not even what the file system had set
	 * aside for the file to grow into while it was open.
	 */
	static void fill(Path filler) throws IOException {
		long before;
		do {
			before = Files.exists(filler) ? Files.size(filler) : 0;
			try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
				for (int block = 1 << 20; block > 0; block /= 2) {
					fill(channel, block);
				}
			}
		}
		while (Files.size(filler) > before);
	}

	private static void fill(FileChannel channel, int block) throws IOException {
		try {
			while (channel.write(ByteBuffer.allocate(block), channel.size()) > 0) {
				channel.force(true);
			}
		}
		catch (IOException ex) {
			requireNoSpace(ex);
		}
	}

	private static void requireNoSpace(IOException ex) throws IOException {
		String message = String.valueOf(ex.getMessage());
		if (!message.contains("No space left on device")) {
			throw ex;
		}
	}

	@Override
	public void mend() throws IOException {
		Files.deleteIfExists(this.filler);
	}

	@Override
	public void close() throws IOException {
		mend();
	}

	/**
	 * What the second half of the file is.
	 */
	enum SecondHalf {

		/** A hole, on a file system that needs no space to read one. */
		HOLE,

		/** A hole, on a file system that needs a page even to read one. */
		UNREADABLE_HOLE;

		/**
		 * Tells whether the operation needs space.
		 */
		boolean concerns(FaultProgram.Opening opening, Operation operation) {
			return this == UNREADABLE_HOLE || (operation.isStore() && opening == FaultProgram.Opening.READ_WRITE);
		}

	}

}
