package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.yammap.Mmap;

/**
 * A program with one carrier and no more, on whose disk virtual threads call what has to
 * wait, as the file system is frozen; it fails unless other virtual threads run
 * meanwhile, and channels tell the size. Arguments: the mount point of the disk, a call.
 */
final class FrozenDiskProgram {

	private static final long PATIENCE_SECONDS = 300;

	private FrozenDiskProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		Path disk = Path.of(arguments[0]);
		Path path = disk.resolve("file");
		try (Mmap file = Mmap.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
				Mmap appending = Mmap.open(path, StandardOpenOption.APPEND)) {
			file.writeAt(new byte[100_000], 0);
			file.sync();
			FutureTask<Long> waiting = new FutureTask<>(call(arguments[1], disk, file, appending));
			Command.run("fsfreeze", "--freeze", disk);
			try {
				Thread.ofVirtual().start(waiting);
				awaitWaiting();
				runAnother();
				check(sizes(file, appending) >= 100_000, "a channel does not know the size");
				askWhatNeedsNoDisk(file, appending);
				check(!waiting.isDone(), "the call did not wait for the disk");
			}
			finally {
				Command.run("fsfreeze", "--unfreeze", disk);
			}
			waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static Callable<Long> call(String name, Path disk, Mmap file, Mmap appending) {
		return switch (name) {
			case "extend" -> () -> (long) file.writeAt(new byte[100], 100_000);
			case "append" -> () -> (long) appending.write(new byte[100]);
			case "grow" -> () -> truncate(file, 200_000);
			case "shrink" -> () -> truncate(file, 100);
			case "create" -> () -> create(disk.resolve("new"));
			default -> throw new IllegalArgumentException(name);
		};
	}

	private static long truncate(Mmap file, long size) throws IOException {
		file.truncate(size);
		return size;
	}

	private static long create(Path path) throws IOException {
		Mmap.create(path, 100).close();
		return 100;
	}

	/** Fails if a channel waits for the disk to tell the size. */
	private static long sizes(Mmap file, Mmap appending) throws Exception {
		FutureTask<Long> sizes = new FutureTask<>(() -> file.channel().size() + appending.channel().size());
		Thread.ofPlatform().daemon().start(sizes);
		return sizes.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/** Fails if the only carrier is held. */
	private static void runAnother() throws Exception {
		FutureTask<Long> other = new FutureTask<>(() -> 0L);
		Thread.ofVirtual().start(other);
		other.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/** Fails if what a health check or a gauge asks for waits for the disk. */
	private static void askWhatNeedsNoDisk(Mmap file, Mmap appending) throws Exception {
		FutureTask<String> asking = new FutureTask<>(() -> {
			String sizes = file.size() + " " + appending.size() + " " + file.channel().size() + " "
					+ appending.channel().size() + " " + file.segment().byteSize() + " " + file.mappedSize();
			return sizes + file.offset() + appending.offset() + file + appending + file.pageCache()
					+ appending.pageCache() + file.isDirty() + file.isCurrent();
		});
		Thread.ofPlatform().daemon().start(asking);
		asking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

	/** Returns once a thread of this process waits for the frozen file system. */
	private static void awaitWaiting() throws IOException {
		boolean waits = false;
		while (!waits) {
			try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
				waits = threads.anyMatch((thread) -> functionOfKernel(thread).contains("percpu"));
			}
		}
	}

	/** What stops writers in a frozen file system is a lock with a counter per CPU. */
	private static String functionOfKernel(Path thread) {
		try {
			return Files.readString(thread.resolve("wchan"));
		}
		catch (IOException ex) {
			return "it has ended";
		}
	}

}
