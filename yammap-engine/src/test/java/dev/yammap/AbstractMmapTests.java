package dev.yammap;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.internal.FileOpener;

/**
 * What every test of the engine stands on: a directory, and one door through which files
 * are opened, so that every class is run on each backend. Files that a test leaves open
 * are closed after it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
abstract class AbstractMmapTests {

	/** More than a page everywhere, and no multiple of one. */
	static final int SOME_PAGES = 200_003;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	Backend backend;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	private final Queue<Mmap> opened = new ConcurrentLinkedQueue<>();

	@AfterEach
	void closeFiles() throws IOException {
		for (Mmap file : this.opened) {
			file.close();
		}
	}

	/**
	 * Starts every file of every test. What is set here holds for all of them.
	 */
	Mmap.Builder builder(Path path) {
		return Mmap.builder(path).backend(this.backend);
	}

	Mmap open(Mmap.Builder builder) throws IOException {
		return closedLater(builder.open());
	}

	Mmap open(Path path, OpenOption... options) throws IOException {
		return open(builder(path).options(options));
	}

	/**
	 * As {@link Mmap#create}, of the usual file.
	 */
	Mmap create(long size, OpenOption... options) throws IOException {
		return open(FileOpener.forCreation(path(), size, options).backend(this.backend));
	}

	/**
	 * Opens the usual file for reading and writing; it is created if it is missing.
	 */
	Mmap openReadWrite() throws IOException {
		return open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
	}

	/**
	 * Opens the usual file for reading and writing, holding the given bytes.
	 */
	Mmap openReadWrite(byte[] content) throws IOException {
		write(content);
		return openReadWrite();
	}

	/**
	 * Opens the usual file for reading and appending; it is created if it is missing.
	 */
	Mmap openAppend() throws IOException {
		return open(path(), StandardOpenOption.READ, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
	}

	/**
	 * Opens the usual file copy-on-write.
	 */
	Mmap openPrivate() throws IOException {
		return open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).mode(MapMode.PRIVATE));
	}

	Mmap closedLater(Mmap file) {
		this.opened.add(file);
		return file;
	}

	Path path() {
		return this.directory.resolve("file.dat");
	}

	/**
	 * Writes the usual file by other means than an Mmap.
	 */
	Path write(byte[] content) throws IOException {
		return Files.write(path(), content);
	}

	/**
	 * Reads the usual file by other means than an Mmap.
	 */
	byte[] content() throws IOException {
		return Files.readAllBytes(path());
	}

	/**
	 * Returns how many disk blocks the usual file has, of 512 bytes each.
	 */
	long blocks() throws IOException {
		Process process = new ProcessBuilder("stat", "-c", "%b", path().toString()).start();
		return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
	}

	/**
	 * Returns whether the backend can make a file that long. The file system of the tests
	 * decides: tmpfs and XFS have files of 8 EiB, ext4 has none. The native backend maps
	 * whatever it makes, and no address space is that large.
	 */
	boolean canBe(long size) throws IOException {
		if (this.backend == Backend.NATIVE) {
			return false;
		}
		Path probe = Files.createTempFile(this.directory, "probe", ".dat");
		try (RandomAccessFile file = new RandomAccessFile(probe.toFile(), "rw")) {
			file.setLength(size);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
		finally {
			Files.delete(probe);
		}
	}

	/**
	 * Grows or overwrites the usual file as another process would.
	 */
	void writeFromOutside(byte[] src, long offset) throws IOException {
		try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
			ByteBuffer buffer = ByteBuffer.wrap(src);
			while (buffer.hasRemaining()) {
				channel.write(buffer, offset + buffer.position());
			}
		}
	}

	/**
	 * Shortens the usual file as another process would.
	 */
	void shortenFromOutside(long size) throws IOException {
		try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
			channel.truncate(size);
		}
	}

	static byte[] random(int length, long seed) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	static byte[] filled(int length, int value) {
		byte[] bytes = new byte[length];
		Arrays.fill(bytes, (byte) value);
		return bytes;
	}

	static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt((part) -> part.length).sum());
		for (byte[] part : parts) {
			all.put(part);
		}
		return all.array();
	}

	static byte[] readAt(Mmap file, int length, long offset) {
		byte[] bytes = new byte[length];
		try {
			int read = file.readAt(bytes, offset);
			return Arrays.copyOf(bytes, Math.max(read, 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
