package dev.yammap.internal.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;

/**
 * The parts of one open file, from which an {@link dev.yammap.Mmap} is put together. All
 * other classes get only the parts that they need.
 *
 * @param state its size and mapping
 * @param backing the file as the backend has it
 * @param life how it ends
 * @param growth how its size changes
 * @param dirty whether there is something to sync
 */
public record OpenedFile(MappedFile state, BackendFile backing, Lifecycle life, FileGrowth growth, DirtyFlag dirty) {

	/**
	 * Maps a file that a backend has opened.
	 * @param preallocate whether growing without writing allocates disk blocks
	 * @throws IOException if it cannot be mapped; the file of the backend then stays open
	 */
	public static OpenedFile map(Path path, AccessOptions access, MappingOptions options, boolean preallocate,
			BackendFile backing) throws IOException {
		long size = backing.size();
		MappedFile state = new MappedFile(path, access, options.isPrivate(), backing.map(size), size);
		Lifecycle life = new Lifecycle(backing);
		DirtyFlag dirty = new DirtyFlag(state);
		return new OpenedFile(state, backing, life, new FileGrowth(state, backing, life, dirty, options, preallocate),
				dirty);
	}

	public boolean isCurrent() throws IOException {
		this.state.requireOpen();
		return this.life.whileOpen(this.backing::isCurrent);
	}

	public void truncate(long size) throws IOException {
		if (this.growth.truncate(size)) {
			this.dirty.wrote();
		}
	}

	public void close() throws IOException {
		this.life.close(this.state, this.growth);
	}

}
