package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Function;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.NativeFunction;
import dev.yammap.internal.os.linux.call.NativeLinker;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.memory.AddressSpace;
import dev.yammap.internal.os.linux.memory.FileSystem;
import dev.yammap.internal.os.linux.memory.Pages;
import dev.yammap.internal.os.linux.memory.Reservations;
import dev.yammap.internal.os.linux.memory.Storage;
import dev.yammap.internal.os.linux.memory.UnmapQuarantine;

/**
 * Opens files by {@code open(2)}, on Linux.
 */
public final class LinuxBackend implements FileBackend {

	private final Libc libc;

	private final Pages pages;

	private final Reservations reservations;

	/**
	 * Links the C library.
	 * @throws UnsupportedOperationException if it lacks a function
	 */
	public LinuxBackend() {
		this(new NativeLinker());
	}

	public LinuxBackend(Function<String, NativeFunction> linker) {
		this.libc = new Libc(linker);
		try (CallMemory memory = this.libc.memory()) {
			this.pages = new Pages(this.libc.pageSize(memory));
			this.reservations = Reservations.in(this.pages, addressSpace(memory), addressSpaceLimit(memory));
		}
		catch (SystemCallException ex) {
			throw new UnsupportedOperationException("The system does not report its page size and limits", ex);
		}
	}

	/**
	 * Waits until the memory that stays where closed files were mapped has been given
	 * back, and the thread that does so has ended.
	 */
	public static void awaitUnmapped() {
		UnmapQuarantine.awaitGivenBack();
	}

	/**
	 * Returns the size of the address space. The system does not tell how many bits an
	 * address has. But it puts mappings into the upper half of the address space, or into
	 * the quarter below that if the stack is unlimited.
	 */
	private long addressSpace(CallState state) throws SystemCallException {
		long length = this.pages.size();
		long address = this.libc.mmap(state, length, Libc.PROT_NONE,
				Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE, -1);
		this.libc.munmap(state, address, length);
		return 2 * Long.highestOneBit(address);
	}

	/** {@code RLIM_INFINITY} is the greatest unsigned number. */
	private long addressSpaceLimit(CallMemory memory) throws SystemCallException {
		MemorySegment limits = memory.allocate(2 * Long.BYTES, Long.BYTES);
		this.libc.getrlimit(memory, Libc.RLIMIT_AS, limits);
		long soft = CallMemory.fields(limits).getLong(0);
		return (soft < 0) ? Long.MAX_VALUE : soft;
	}

	@Override
	public BackendFile open(Path path, AccessOptions access, Set<PosixFilePermission> permissions,
			MappingOptions mapping) throws IOException {
		FileBackend.requireRegularFile(path, access);
		// A private mapping writes only to memory.
		boolean writesFile = access.write() && !mapping.isPrivate();
		int flags = Libc.O_CLOEXEC | (writesFile ? Libc.O_RDWR : Libc.O_RDONLY) | (access.append() ? Libc.O_APPEND : 0)
				| (access.followLinks() ? 0 : Libc.O_NOFOLLOW);
		try (CallMemory memory = this.libc.memory()) {
			DescriptorOpener opener = new DescriptorOpener(this.libc, memory, flags, mode(permissions));
			Descriptor descriptor = opener.open(path, access);
			try {
				FileSystem system = FileSystem.of(this.libc, descriptor.number());
				Storage storage = Storage.of(this.libc, memory, descriptor.number(), system);
				if (writesFile && storage == Storage.COPY_ON_WRITE) {
					EngineLogger.sayCopying(path);
				}
				Reservations reservations = (storage == Storage.HUGE_PAGES)
						? this.reservations.of(new Pages(system.blockSize())) : this.reservations;
				AddressSpace space = new AddressSpace(this.libc, reservations, path, descriptor.number(),
						access.write(), mapping, storage);
				return new LinuxFile(this.libc, this.pages, path, descriptor, space, mapping, access.append());
			}
			catch (Throwable failure) {
				// The heap may be too full even for the object that says what is open.
				abandon(memory, descriptor);
				throw failure;
			}
		}
		catch (SystemCallException ex) {
			throw Errno.explain("open", path, "", ex);
		}
	}

	private void abandon(CallMemory memory, Descriptor descriptor) throws SystemCallException, IOException {
		try {
			if (descriptor.origin() == Origin.CREATED && isEmptyAtItsPath(descriptor)) {
				Files.deleteIfExists(descriptor.path());
			}
		}
		finally {
			this.libc.close(memory, descriptor.number());
		}
	}

	/** Otherwise somebody else has written to it, or it is another file. */
	private boolean isEmptyAtItsPath(Descriptor descriptor) {
		try {
			FileStatus open = FileStatus.of(this.libc, descriptor.number());
			return open.size() == 0
					&& open.isSameFile(FileStatus.of(this.libc, descriptor.path(), descriptor.followLinks()));
		}
		catch (SystemCallException ex) {
			return false;
		}
	}

	/** The bits of {@code chmod(2)}: owner, group, others, each read, write, execute. */
	private static int mode(Set<PosixFilePermission> permissions) {
		int mode = 0;
		for (char letter : PosixFilePermissions.toString(permissions).toCharArray()) {
			mode = (mode << 1) | ((letter == '-') ? 0 : 1);
		}
		return mode;
	}

}
