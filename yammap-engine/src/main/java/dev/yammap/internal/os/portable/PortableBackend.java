package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Random;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Printable;

/**
 * Opens files by what Java offers on every system.
 */
public final class PortableBackend implements FileBackend {

	/** Whether a sync of the file also covers what was stored through its mappings. */
	private final boolean syncCoversMappings;

	/** How open files are named on this system. */
	private final HandleOpener.Naming names;

	/**
	 * Creates the backend. Linux and its file systems have one set of dirty pages for a
	 * file. On other systems the mappings are written back first.
	 */
	public PortableBackend() {
		this("Linux".equals(System.getProperty("os.name")), new DescriptorNames(Path.of("/proc"), new Random()));
	}

	PortableBackend(boolean syncCoversMappings, HandleOpener.Naming names) {
		this.syncCoversMappings = syncCoversMappings;
		this.names = names;
	}

	/** Makes the exception for what Java alone cannot do. */
	static UnsupportedOperationException unsupported(String operation, Path path, String what) {
		return new UnsupportedOperationException("Cannot " + operation + " " + Printable.of(path)
				+ ": the portable backend cannot " + what + ". Do without, or use Backend.NATIVE, on Linux");
	}

	@Override
	public BackendFile open(Path path, AccessOptions access, Set<PosixFilePermission> permissions,
			MappingOptions mapping) throws IOException {
		if (mapping.locked()) {
			throw unsupported("open", path, "lock pages in memory (lockInMemory)");
		}
		if (mapping.advice() != Advice.NORMAL) {
			throw unsupported("open", path, "advise the kernel (advice " + mapping.advice() + ")");
		}
		FileBackend.requireRegularFile(path, access);
		HandleOpener opener = new HandleOpener(path, access, permissions, mapping, this.names);
		try {
			Handles handles = opener.open();
			try {
				return new PortableFile(path, handles, access, mapping, this.syncCoversMappings,
						new FreeSpace(path, null));
			}
			catch (Throwable failure) {
				// The heap may be too full even for the object that says what is open.
				opener.abandon(handles);
				throw failure;
			}
		}
		catch (IOException ex) {
			boolean copies = ex instanceof AccessDeniedException && mapping.isPrivate() && access.write();
			throw Failures.explain("open", path,
					copies ? " (the portable backend needs the right to write also for a private mapping)" : "", ex);
		}
	}

}
