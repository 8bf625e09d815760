package dev.yammap;

import java.util.Optional;

import dev.yammap.internal.Backends;

/**
 * How an {@link Mmap} gets at files and memory. Both ways keep the same contract; what
 * differs is said at each setting of {@link Mmap.Builder}, and here.
 */
public enum Backend {

	/**
	 * {@link #NATIVE} on Linux on x86-64 and AArch64, if the virtual machine was told to
	 * grant native access; {@link #PORTABLE} otherwise. The log then says once why: a
	 * warning with the flag to set, or an information where there is no native backend
	 * for the system. Decided once, by the first file that is opened so;
	 * {@link Mmap#backend()} and {@link #obstacle()} tell.
	 */
	AUTO,

	/**
	 * System calls, by the Foreign Function &amp; Memory API. On Linux on x86-64 and
	 * AArch64 only. Native access is granted by
	 * {@code --enable-native-access=dev.yammap.engine} if the engine is on the module
	 * path, by {@code --enable-native-access=ALL-UNNAMED} or the attribute
	 * {@code Enable-Native-Access: ALL-UNNAMED} in the manifest of the executable JAR if
	 * it is on the class path. Where it is not granted and not denied either, the virtual
	 * machine prints a warning of its own.
	 */
	NATIVE,

	/**
	 * {@code java.io} and {@code java.nio} alone; on every system, without native access.
	 * It differs in this:
	 * <ul>
	 * <li>Pages cannot be locked in memory, the kernel cannot be advised, and no hole can
	 * be punched: {@link Mmap.Builder#lockInMemory(boolean) lockInMemory(true)},
	 * {@link Mmap.Builder#advice(Advice) advice} other than {@link Advice#NORMAL},
	 * {@link Mmap#advise(Advice) advise} and {@link Mmap#punchHole(long, long) punchHole}
	 * are refused with an {@link UnsupportedOperationException}. {@link Mmap#pageCache()}
	 * is empty. {@link Mmap.Builder#populate(boolean) populate(true)} reads the file in,
	 * but does not map its pages. {@link Mmap.Builder#reserve(long)} has no effect.</li>
	 * <li>The mapping follows a file that grows in large steps. What was written behind
	 * the end lately is read and written by system calls until then, correctly but
	 * slower. A view, an atomic update or a volatile access of such a place has the whole
	 * file mapped anew, which costs some 100 µs and a mapping until {@code close()};
	 * growing by {@link Mmap#truncate(long)} before is better.</li>
	 * <li>{@link Mmap.Builder#preallocate(boolean) Preallocation} writes zeros, which
	 * takes its time. A file that is emptied by {@code TRUNCATE_EXISTING} while the disk
	 * fills up may stay so.</li>
	 * <li>A {@link MapMode#PRIVATE} mapping that is opened with {@code WRITE} needs the
	 * right to write to the file, though it never does.</li>
	 * <li>No page can be asked for before an atomic update. In a file that this
	 * {@code Mmap} did not create and preallocate itself, an update of any page that was
	 * not updated just before is a {@link MappedFaultException} while the disk has less
	 * than 1 MiB of space, even if the page has a block. A disk that fills up at that
	 * very moment, or that is gone, can end the virtual machine, as can a file that
	 * somebody else shortens.</li>
	 * <li>Where the file system copies on write, or may do so (all but ext2 to ext4,
	 * tmpfs, NTFS and HFS+), every atomic update asks how much space the disk has, which
	 * is a system call, and is a {@link MappedFaultException} while that is less than 16
	 * MiB. Of quotas it learns nothing: an update that meets one can end the virtual
	 * machine.</li>
	 * <li>A {@linkplain LockMode lock} is that of a
	 * {@link java.nio.channels.FileChannel}. The virtual machine knows one lock of a file
	 * at a time, so that even {@link LockMode#SHARED} ones exclude each other within it.
	 * On POSIX systems the lock against other processes is lost when anything in this
	 * process closes the same file, a failed attempt to lock it included.</li>
	 * <li>The file is opened more than once. On Linux that is by the name of its
	 * descriptor in {@code /proc}. Where there is none, it is by its path: the name must
	 * be text in the encoding of file names ({@code sun.jnu.encoding}), a file that is
	 * replaced in that moment is refused, and in the place of one that is removed there
	 * may be an empty file, with the permissions that {@code java.io} gives.</li>
	 * <li>If a FIFO takes the place of a file in the moment that it is opened for reading
	 * alone, the call waits until somebody opens the other end.</li>
	 * <li>Growth by more than 1 MiB without preallocation, and without a lock, writes one
	 * zero byte at the end it was told, also where another process has written more than
	 * that in this very moment. No blocks can be allocated before a write, so where a
	 * disk is full a part of it may stay (see {@link Mmap}).</li>
	 * <li>The time of modification is set by the file's name, after a sync and at the
	 * end: by its owner or root alone, and not while the path leads elsewhere.</li>
	 * <li>A file that can be written to takes two descriptors. Windows cannot shorten a
	 * file that is mapped, and has no way to make a directory durable.</li>
	 * </ul>
	 */
	PORTABLE;

	/**
	 * Makes ready what the first file that is opened with this backend would make ready
	 * otherwise: links the functions of the C library, loads classes, and starts the
	 * daemon thread that finds files that were lost. That takes some 100 ms of a
	 * processor, once for each virtual machine; a call after the first takes none. Never
	 * needed: an application that has something else to do while it starts calls it on
	 * another thread. Whoever opens a file meanwhile waits until it is done. Touches no
	 * file. May be called by any number of threads.
	 * @throws UnsupportedOperationException if this backend cannot be had here; never for
	 * {@link #AUTO} and {@link #PORTABLE}
	 */
	public void prepare() {
		Backends.prepare(this);
	}

	/**
	 * Waits until nothing is left of files that were closed. With {@link #NATIVE}, empty
	 * memory stays for two seconds where a file was mapped, as another thread may just
	 * have been in the middle of an access; then a daemon thread gives it back, and ends.
	 * This method returns when that is done for the files that are closed by now: after
	 * two seconds at most, at once if there are none. For whoever takes the classes of
	 * this library away from a virtual machine that goes on, as when a web application is
	 * undeployed; nobody else needs it. May be called by any number of threads; an
	 * interrupt ends it no sooner, and is not lost.
	 */
	public static void awaitUnmapped() {
		Backends.awaitUnmapped();
	}

	/**
	 * Returns why {@link #AUTO} does not take this backend here, and what to do to have
	 * it taken: the operating system, native access that is not enabled, or a function
	 * that the C library lacks. The same text is in the log, once. The first call decides
	 * what {@code AUTO} is, as the first file that is opened so would. May be called by
	 * any number of threads.
	 * @return the reason, in words; empty if {@code AUTO} takes {@code NATIVE}, and
	 * always for {@code AUTO} and {@code PORTABLE}
	 */
	public Optional<String> obstacle() {
		return Optional.ofNullable(Backends.obstacle(this));
	}

}
