package dev.yammap.internal.os.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.NativeFunction;
import dev.yammap.internal.os.linux.call.NativeLinker;

/**
 * The C library, with calls that fail when told to.
 */
@NullMarked
public final class FaultyLibrary {

	public static final int EIO = 5;

	public static final int EPERM = 1;

	public static final int EACCES = 13;

	public static final int ENOSYS = 38;

	public static final int EINTR = 4;

	public static final int EAGAIN = 11;

	public static final int ENOMEM = 12;

	public static final int EINVAL = 22;

	public static final int ENOENT = 2;

	public static final int EEXIST = 17;

	public static final int ENOSPC = 28;

	public static final int EOPNOTSUPP = 95;

	public static final int EFAULT = 14;

	public static final int EHWPOISON = 133;

	/** What {@code fstatfs(2)} says of btrfs, XFS, overlayfs, ext4 and hugetlbfs. */
	public static final long BTRFS = 0x9123683EL;

	public static final long XFS = 0x58465342;

	public static final long OVERLAY = 0x794C7630;

	public static final long EXT4 = 0xEF53;

	public static final long HUGETLBFS = 0x958458F6L;

	/** What is called by its number. */
	private static final Map<Long, String> SYSTEM_CALLS = Map.of((long) Libc.SYS_FSTAT, "fstat",
			(long) Libc.SYS_NEWFSTATAT, "newfstatat", (long) Libc.SYS_CACHESTAT, "cachestat", (long) Libc.SYS_FUTEX,
			"futex", (long) Libc.SYS_MEMFD_CREATE, "memfd_create", (long) Libc.SYS_IOCTL, "ioctl");

	private final NativeLinker linker = new NativeLinker();

	private final Map<String, Failure> failures = new ConcurrentHashMap<>();

	private final Map<String, Runnable> actions = new ConcurrentHashMap<>();

	private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

	private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

	private final Set<String> callsOfVirtualThreads = ConcurrentHashMap.newKeySet();

	private Runnable always = () -> {
	};

	private static final long FREE_BLOCKS = 24;

	private static final long AVAILABLE_BLOCKS = 32;

	private long writeLimit = Long.MAX_VALUE;

	private @Nullable Long fileSystem;

	private long freeBlocks = Long.MAX_VALUE;

	private long availableBlocks = Long.MAX_VALUE;

	private final FileBackend backend = new LinuxBackend(this::link);

	/** What the backend calls when it is made is no call of a test. */
	public FaultyLibrary() {
		this.calls.clear();
	}

	public FileBackend backend() {
		return this.backend;
	}

	/** From now on, has one call of a function fail: the first, or the nth. */
	public void fail(String function, int nth, int errno) {
		this.failures.put(function, new Failure(nth, 1, errno, (argument) -> true));
	}

	public void fail(String function, int errno) {
		fail(function, 1, errno);
	}

	/** From now on, has every call of a function fail. */
	public void failAlways(String function, int errno) {
		this.failures.put(function, new Failure(1, Integer.MAX_VALUE, errno, (argument) -> true));
	}

	/** From now on, has every call fail whose third argument is as told. */
	public void failAlways(String function, int errno, Predicate<Long> third) {
		this.failures.put(function, new Failure(1, Integer.MAX_VALUE, errno, third));
	}

	/** From now on, has every write take this many bytes at most. */
	public void limitWrites(long bytes) {
		this.writeLimit = bytes;
	}

	/** From now on, every file is in another file system, as far as that is asked. */
	public void pretendFileSystem(long type) {
		this.fileSystem = type;
	}

	/** From now on, has file systems tell that no more than so many blocks are free. */
	public void limitFreeBlocks(long blocks) {
		this.freeBlocks = blocks;
		this.availableBlocks = blocks;
	}

	/** The same for everybody but root. */
	public void limitAvailableBlocks(long blocks) {
		this.availableBlocks = blocks;
	}

	/** From now on, does something before each call of a function. */
	public void before(String function, Runnable action) {
		this.actions.put(function, action);
	}

	/** From now on, does something before each call of any function. */
	public void beforeAll(Runnable action) {
		this.always = action;
	}

	public void mend() {
		this.failures.clear();
		this.actions.clear();
		this.always = () -> {
		};
		this.writeLimit = Long.MAX_VALUE;
		this.freeBlocks = Long.MAX_VALUE;
		this.availableBlocks = Long.MAX_VALUE;
	}

	/** Returns the functions that were called, in order, since the last question. */
	public List<String> calls() {
		List<String> made = List.copyOf(this.calls);
		this.calls.clear();
		this.changes.clear();
		return made;
	}

	/**
	 * Returns what was done to the size and the content of files, in order, since the
	 * last question: {@code pwrite LENGTH OFFSET}, {@code write LENGTH},
	 * {@code ftruncate SIZE} and {@code fallocate MODE OFFSET LENGTH}.
	 */
	public List<String> changes() {
		List<String> made = List.copyOf(this.changes);
		this.changes.clear();
		return made;
	}

	private void note(String name, long b, long c, long d) {
		switch (name) {
			case "pwrite" -> this.changes.add("pwrite " + c + " " + d);
			case "write" -> this.changes.add("write " + c);
			case "ftruncate" -> this.changes.add("ftruncate " + b);
			case "fallocate" -> this.changes.add("fallocate " + b + " " + c + " " + d);
			default -> {
			}
		}
	}

	/** Returns the functions that a virtual thread has called itself so far. */
	public Set<String> callsOfVirtualThreads() {
		return this.callsOfVirtualThreads;
	}

	public NativeFunction link(String linked) {
		NativeFunction function = this.linker.apply(linked);
		return (state, a, b, c, d, e, f, g) -> {
			String name = linked.equals("syscall") ? SYSTEM_CALLS.getOrDefault(a, linked) : linked;
			this.calls.add(name);
			note(name, b, c, d);
			if (Thread.currentThread().isVirtual()) {
				this.callsOfVirtualThreads.add(name);
			}
			this.always.run();
			@Nullable Runnable action = this.actions.get(name);
			if (action != null) {
				action.run();
			}
			@Nullable Failure failure = this.failures.get(name);
			if (failure != null && failure.isDue(c)) {
				return failed(state, failure);
			}
			long third = name.endsWith("write") ? Math.min(c, this.writeLimit) : c;
			long result = function.call(state, a, b, third, d, e, f, g);
			if (name.equals("fstatfs")) {
				pretend(MemorySegment.ofAddress(b).reinterpret(AVAILABLE_BLOCKS + Long.BYTES));
			}
			return result;
		};
	}

	private void pretend(MemorySegment status) {
		@Nullable Long type = this.fileSystem;
		if (type != null) {
			status.set(ValueLayout.JAVA_LONG, 0, type);
		}
		limit(status, FREE_BLOCKS, this.freeBlocks);
		limit(status, AVAILABLE_BLOCKS, this.availableBlocks);
	}

	private static void limit(MemorySegment status, long offset, long most) {
		status.set(ValueLayout.JAVA_LONG, offset, Math.min(status.get(ValueLayout.JAVA_LONG, offset), most));
	}

	private static long failed(MemorySegment state, Failure failure) {
		state.set(ValueLayout.JAVA_INT, 0, failure.errno);
		return -1;
	}

	private static final class Failure {

		private final int first;

		private final int count;

		private final int errno;

		private final Predicate<Long> third;

		private int seen;

		Failure(int first, int count, int errno, Predicate<Long> third) {
			this.first = first;
			this.count = count;
			this.errno = errno;
			this.third = third;
		}

		boolean isDue(long argument) {
			if (!this.third.test(argument)) {
				return false;
			}
			this.seen++;
			return this.seen >= this.first && this.seen - this.first < this.count;
		}

	}

}
