package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.NativeResources;

/**
 * The handles of a file without its mappings: Java unmaps only by closing their arena,
 * and whoever holds the arena keeps it reachable.
 *
 * @param path the file, for messages
 * @param handles the handles
 */
record PortableResources(Path path, Handles handles) implements NativeResources {

	@Override
	public void close() throws IOException {
		try {
			this.handles.close();
		}
		catch (IOException ex) {
			throw Failures.explain("close", this.path, "", ex);
		}
	}

	@Override
	public boolean canUnmap() {
		return false;
	}

	@Override
	public void unmap() {
		// The mappings are removed with their arena.
	}

}
