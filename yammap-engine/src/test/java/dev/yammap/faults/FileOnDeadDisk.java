package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file on a disk that is gone: what is in memory can be read, and written to where it
 * was since the last sync; the second half was not.
 */
final class FileOnDeadDisk implements BadPages {

	private final Path file;

	private final Path mountPoint;

	private boolean dead;

	FileOnDeadDisk(Path directory) throws IOException {
		this.mountPoint = directory;
		this.file = Files.write(directory.resolve("file"), Probe.filled((int) SIZE));
		Command.run("sync", "-f", this.file);
	}

	@Override
	public Path file() {
		return this.file;
	}

	@Override
	public boolean concerns(FaultProgram.Opening opening, Operation operation) {
		return needsDisk(opening, operation);
	}

	static boolean needsDisk(FaultProgram.Opening opening, Operation operation) {
		return operation.isStore() && opening == FaultProgram.Opening.READ_WRITE;
	}

	@Override
	public boolean isMendable() {
		return false;
	}

	@Override
	public void spoil() throws IOException {
		if (!this.dead) {
			Command.run("xfs_io", "-x", "-c", "shutdown", this.mountPoint);
			this.dead = true;
		}
	}

	@Override
	public void mend() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
	}

}
