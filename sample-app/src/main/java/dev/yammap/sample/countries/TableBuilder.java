package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

import dev.yammap.Mmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the file of the table of countries. Writes it under another name, syncs it and
 * renames it. So an interrupted build never looks like a table.
 */
final class TableBuilder {

	private static final Logger logger = LoggerFactory.getLogger(TableBuilder.class);

	private static final int BLOCK_SIZE = 1 << 16;

	private final CountryData data;

	TableBuilder(CountryData data) {
		this.data = data;
	}

	/**
	 * Makes sure that the file is a whole table, built from this data. Builds the table
	 * if it is missing, damaged, or built from other data.
	 * @param target the file
	 * @throws IOException if the data is invalid or the file cannot be written; an older
	 * file is then still there
	 */
	void ensure(Path target) throws IOException {
		String source = this.data.identity();
		if (!isCurrent(target, source)) {
			build(target, source);
		}
	}

	/**
	 * Builds the table and renames it over the one that is there, whatever that is.
	 * Whoever has the old one open keeps it, whole.
	 * @param target the file
	 * @throws IOException as {@link #ensure(Path)}
	 */
	void replace(Path target) throws IOException {
		build(target, this.data.identity());
	}

	private boolean isCurrent(Path target, String source) {
		if (!Files.exists(target)) {
			return false;
		}
		try (Mmap file = Mmap.open(target)) {
			TableHeader header = CountryTable.readHeader(file);
			if (!header.source().equals(source)) {
				logger.info("The table of countries in '{}' was built from other data", target);
				return false;
			}
			if (!isWhole(file, header)) {
				logger.warn("The table of countries in '{}' is damaged", target);
				return false;
			}
			return true;
		}
		catch (IOException ex) {
			logger.warn("The table of countries must be built again: {}", ex.getMessage());
			return false;
		}
	}

	/**
	 * Tells whether the arrays of a table are what its header says.
	 */
	static boolean isWhole(Mmap file, TableHeader header) throws IOException {
		// Copy to the heap first: on a fault, a checksum over the mapping would end
		// the process.
		byte[] block = new byte[BLOCK_SIZE];
		CRC32C checksum = new CRC32C();
		long offset = TableHeader.SIZE;
		for (int read = file.readAt(block, offset); read > 0; read = file.readAt(block, offset)) {
			checksum.update(block, 0, read);
			offset += read;
		}
		return (int) checksum.getValue() == header.bodyChecksum();
	}

	private void build(Path target, String source) throws IOException {
		long start = System.nanoTime();
		logger.info("Building the table of countries in '{}'", target);
		List<CountryRange> ranges = this.data
			.read((count) -> logger.info("Building the table of countries: {} ranges read", count));
		Path directory = Objects.requireNonNull(target.toAbsolutePath().getParent(), "'target' must be a file");
		createDirectory(directory);
		Path aside = target.resolveSibling(target.getFileName() + ".building");
		write(aside, encode(ranges, source));
		Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
		syncDirectory(directory);
		logger.info("Built the table of countries: {} ranges in {} ms", ranges.size(),
				(System.nanoTime() - start) / 1_000_000);
	}

	private static byte[] encode(List<CountryRange> ranges, String source) {
		byte[] body = new byte[TableHeader.RANGE_SIZE * ranges.size()];
		ByteBuffer arrays = TableHeader.littleEndian(body);
		ranges.forEach((range) -> arrays.putInt(range.first()));
		ranges.forEach((range) -> arrays.putInt(range.last()));
		ranges.forEach((range) -> arrays.putShort((short) range.country().index()));
		TableHeader header = new TableHeader(ranges.size(), source, TableHeader.checksum(body, body.length));
		return ByteBuffer.allocate(TableHeader.SIZE + body.length).put(header.encode()).put(body).array();
	}

	private static void write(Path path, byte[] bytes) throws IOException {
		// Empties what an earlier build may have left there.
		try (Mmap file = Mmap.create(path, bytes.length, StandardOpenOption.TRUNCATE_EXISTING)) {
			file.writeAt(bytes, 0);
			file.sync();
		}
	}

	private static void createDirectory(Path directory) throws IOException {
		Path parent = directory.getParent();
		if (parent == null || Files.isDirectory(directory)) {
			return;
		}
		createDirectory(parent);
		Files.createDirectory(directory);
		syncDirectory(parent);
	}

	private static void syncDirectory(Path directory) throws IOException {
		try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

}
