package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of the table of countries, little-endian. Three arrays follow: the
 * first address of each range (4 bytes each), the last address of each range (4 bytes
 * each), and the number of its country (2 bytes each). So a search reads a dense array of
 * first addresses, and one value of each other array. <pre>
 * 0   magic, 8 bytes
 * 8   version, 4 bytes
 * 12  number of ranges, 4 bytes
 * 16  SHA-256 digest of the data the table was built from, 32 bytes
 * 48  CRC32C of the three arrays, 4 bytes
 * 52  zeros
 * 60  CRC32C of the header up to here, 4 bytes
 * </pre>
 *
 * @param count the number of ranges, 0 or more
 * @param source the identity of the data the table was built from
 * @param bodyChecksum the CRC32C of everything after the header
 */
record TableHeader(int count, String source, int bodyChecksum) {

	static final int SIZE = 64;

	static final int COUNT_OFFSET = 12;

	static final int RANGE_SIZE = 2 * Integer.BYTES + Short.BYTES;

	private static final long MAGIC = 0x454C4241544D4159L; // "YAMTABLE" in memory

	private static final int VERSION = 1;

	private static final int SOURCE_OFFSET = 16;

	private static final int SOURCE_SIZE = 32;

	private static final int CHECKSUM_OFFSET = 60;

	/**
	 * Returns where the array of last addresses begins.
	 */
	long lastsOffset() {
		return SIZE + (long) Integer.BYTES * this.count;
	}

	/**
	 * Returns where the array of countries begins.
	 */
	long countriesOffset() {
		return SIZE + 2L * Integer.BYTES * this.count;
	}

	/**
	 * Returns the size of the whole file.
	 */
	long fileSize() {
		return SIZE + (long) RANGE_SIZE * this.count;
	}

	byte[] encode() {
		byte[] bytes = new byte[SIZE];
		littleEndian(bytes).putLong(MAGIC)
			.putInt(VERSION)
			.putInt(this.count)
			.put(HexFormat.of().parseHex(this.source))
			.putInt(this.bodyChecksum)
			.putInt(CHECKSUM_OFFSET, checksum(bytes, CHECKSUM_OFFSET));
		return bytes;
	}

	/**
	 * Reads a header from bytes that may be anything.
	 * @throws IOException if they are not the header of a table; the message says why
	 */
	static TableHeader decode(byte[] bytes) throws IOException {
		ByteBuffer header = littleEndian(bytes);
		if (header.getLong() != MAGIC) {
			throw new IOException("its magic number is wrong");
		}
		if (header.getInt(CHECKSUM_OFFSET) != checksum(bytes, CHECKSUM_OFFSET)) {
			throw new IOException("the checksum of its header is wrong");
		}
		int version = header.getInt();
		int count = header.getInt();
		if (version != VERSION || count < 0) {
			throw new IOException(
					"it has version " + version + " and " + count + " ranges; version " + VERSION + " is needed");
		}
		String source = HexFormat.of().formatHex(bytes, SOURCE_OFFSET, SOURCE_OFFSET + SOURCE_SIZE);
		return new TableHeader(count, source, header.getInt(SOURCE_OFFSET + SOURCE_SIZE));
	}

	static ByteBuffer littleEndian(byte[] bytes) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	static int checksum(byte[] bytes, int length) {
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, 0, length);
		return (int) checksum.getValue();
	}

}
