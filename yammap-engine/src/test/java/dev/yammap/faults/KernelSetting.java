package dev.yammap.faults;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongUnaryOperator;

/**
 * A number in {@code /proc/sys} that is another one until this is closed. Of several
 * processes that change numbers, one after the other does.
 */
final class KernelSetting implements AutoCloseable {

	private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "yammap-kernel-setting.lock");

	private final Path path;

	private final String before;

	private final FileChannel lock;

	private KernelSetting(Path path, String before, FileChannel lock) {
		this.path = path;
		this.before = before;
		this.lock = lock;
	}

	static KernelSetting change(String name, LongUnaryOperator change) throws IOException {
		FileChannel lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		try {
			lock.lock();
			Path path = Path.of("/proc/sys", name);
			// By a large buffer: such a file ends behind what the first read takes.
			String before = Files.readAllLines(path).getFirst();
			Files.writeString(path, Long.toString(change.applyAsLong(Long.parseLong(before))));
			return new KernelSetting(path, before, lock);
		}
		catch (IOException ex) {
			lock.close();
			throw ex;
		}
	}

	/** Has the kernel write nothing back only because it was not for some time. */
	static KernelSetting withoutWriteback() throws IOException {
		return change("vm/dirty_expire_centisecs", (_) -> Integer.MAX_VALUE / 100);
	}

	@Override
	public void close() throws IOException {
		try (this.lock) {
			Files.writeString(this.path, this.before);
		}
	}

}
