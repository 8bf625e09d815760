package dev.yammap;

import java.util.Optional;

import dev.yammap.internal.Backends;

/**
 * How an {@link Mmap} opens and maps files. Both backends keep the same contract. Their
 * differences are described here, and at each setting of {@link Mmap.Builder}.
 */
public enum Backend {

	/**
	 * {@link #NATIVE} on Linux on x86-64 and AArch64, if the virtual machine was told to
	 * grant native access; {@link #PORTABLE} otherwise. The log then says once why: a
	 * warning with the flag to set, or an information if there is no native backend for
	 * the system. The first file that is opened with this value decides for all.
	 * {@link Mmap#backend()} and {@link #obstacle()} tell the decision.
	 */
	AUTO,

	/**
	 * System calls, by the Foreign Function &amp; Memory API. On Linux on x86-64 and
	 * AArch64 only. Native access is granted by
	 * {@code --enable-native-access=dev.yammap.engine} if the engine is on the module
	 * path, by {@code --enable-native-access=ALL-UNNAMED} or the attribute
	 * {@code Enable-Native-Access: ALL-UNNAMED} in the manifest of the executable JAR if
	 * it is on the class path. If it is neither granted nor denied, the virtual machine
	 * prints a warning of its own.
	 */
	NATIVE,

	/**
	 * Only {@code java.io} and {@code java.nio}: on every system, without native access.
	 * It differs from {@link #NATIVE} in these points:
	 * <ul>
	 * <li>Pages cannot be locked in memory, the kernel cannot be advised, and no hole can
	 * be punched: {@link Mmap.Builder#lockInMemory(boolean) lockInMemory(true)},
	 * {@link Mmap.Builder#advice(Advice) advice} other than {@link Advice#NORMAL},
	 * {@link Mmap#advise(Advice) advise} and {@link Mmap#punchHole(long, long) punchHole}
	 * are refused with an {@link UnsupportedOperationException}. {@link Mmap#pageCache()}
	 * is empty. {@link Mmap.Builder#populate(boolean) populate(true)} reads the file in,
	 * but does not map its pages. {@link Mmap.Builder#reserve(long)} has no effect.</li>
	 * <li>When a file grows, its mapping grows in large steps. Until the next step,
	 * system calls read and write what lies behind the mapping, correctly but slower. A
	 * view, an atomic update or a volatile access there maps the whole file again. That
	 * costs some 100 µs, and a mapping until {@code close()}. Growing by
	 * {@link Mmap#truncate(long)} beforehand is better.</li>
	 * <li>{@link Mmap.Builder#preallocate(boolean) Preallocation} writes zeros, which
	 * takes time. If the disk fills up while {@code TRUNCATE_EXISTING} empties a file,
	 * the file may stay empty.</li>
	 * <li>A {@link MapMode#PRIVATE} mapping that is opened with {@code WRITE} needs write
	 * permission for the file, although it never writes to it.</li>
	 * <li>It cannot ask for a page before an atomic update. In a file that this
	 * {@code Mmap} did not create and preallocate itself, an update of a page that was
	 * not updated just before throws a {@link MappedFaultException} while the disk has
	 * less than 1 MiB of space, even if the page has a block. If the disk fills up or
	 * disappears at that very moment, or somebody else shortens the file, the virtual
	 * machine may end.</li>
	 * <li>If the file system copies on write, or may do so (all but ext2 to ext4, tmpfs,
	 * NTFS and HFS+), every atomic update makes a system call to ask how much space the
	 * disk has. It throws a {@link MappedFaultException} while that is less than 16 MiB.
	 * It does not learn of quotas: an update that meets a full quota may end the virtual
	 * machine.</li>
	 * <li>A {@linkplain LockMode lock} is that of a
	 * {@link java.nio.channels.FileChannel}. The virtual machine knows only one lock of a
	 * file at a time, so even {@link LockMode#SHARED} locks exclude each other within it.
	 * On POSIX systems the lock against other processes is lost when anything in this
	 * process closes the same file, even after a failed attempt to lock it.</li>
	 * <li>It opens the file more than once. On Linux it uses the name of the descriptor
	 * in {@code /proc}. Without {@code /proc} it uses the path. The name must then be
	 * valid in the encoding of file names ({@code sun.jnu.encoding}). If the file is
	 * replaced at that moment, opening fails. If it is removed at that moment, an empty
	 * file may take its place, with the permissions that {@code java.io} gives.</li>
	 * <li>If a FIFO takes the place of a file at the moment when it is opened for reading
	 * only, the call waits until somebody opens the other end.</li>
	 * <li>Growth by more than 1 MiB without preallocation and without a lock writes one
	 * zero byte at the new end, even if another process has just written past it. It
	 * cannot allocate blocks before a write, so on a full disk a part of the write may
	 * stay (see {@link Mmap}).</li>
	 * <li>It sets the modification time by the path of the file, after a sync and at the
	 * close. Only the owner and root can do that, and only while the path leads to the
	 * file.</li>
	 * <li>A writable file takes two descriptors. Windows cannot shorten a mapped file,
	 * and cannot make a directory durable.</li>
	 * </ul>
	 */
	PORTABLE;

	/**
	 * Prepares this backend, so that the first file need not: links the functions of the
	 * C library, loads classes, and starts the daemon thread that finds lost files. That
	 * takes some 100 ms of a processor, once for each virtual machine; later calls take
	 * none. This call is never needed. An application that has something else to do while
	 * it starts can make it on another thread. Threads that open a file meanwhile wait
	 * until it is done. Touches no file. May be called by any number of threads.
	 * @throws UnsupportedOperationException if this backend is not available here; never
	 * for {@link #AUTO} and {@link #PORTABLE}
	 */
	public void prepare() {
		Backends.prepare(this);
	}

	/**
	 * Waits until nothing of the closed files is mapped any more. When a file is closed,
	 * another thread may be in the middle of an access. So {@link #NATIVE} keeps empty
	 * pages for two seconds where the file was mapped; then a daemon thread unmaps them
	 * and ends. This method returns when that is done for all files that are closed by
	 * now: after two seconds at most, at once if there are none. Only code that unloads
	 * the classes of this library while the virtual machine goes on needs it, as when a
	 * web application is undeployed. May be called by any number of threads. An interrupt
	 * does not end the call, and is not lost.
	 */
	public static void awaitUnmapped() {
		Backends.awaitUnmapped();
	}

	/**
	 * Returns why {@link #AUTO} does not choose this backend here, and what to do about
	 * it. The reason is the operating system, native access that is not enabled, or a
	 * function that the C library lacks. The log has the same text, once. The first call
	 * decides what {@code AUTO} means, as opening the first file with {@code AUTO} does.
	 * May be called by any number of threads.
	 * @return the reason, in words; empty if {@code AUTO} chooses {@code NATIVE}, and
	 * always for {@code AUTO} and {@code PORTABLE}
	 */
	public Optional<String> obstacle() {
		return Optional.ofNullable(Backends.obstacle(this));
	}

}
