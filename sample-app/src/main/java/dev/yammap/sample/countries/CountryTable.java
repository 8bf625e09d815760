package dev.yammap.sample.countries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;

import org.springframework.stereotype.Component;

/**
 * The table of countries. A look-up searches the mapped file in place: it copies nothing
 * and takes no lock. Another table may take its place at any time: each look-up is of one
 * table. Safe for use by any number of threads.
 */
@Component
public class CountryTable {

	private static final ValueLayout.OfInt ADDRESS = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfShort COUNTRY = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final int NONE = -1;

	/** The header that was known is not that of the table in the file. */
	private static final int OTHER_TABLE = -2;

	/** More replacements than there can be in the time of a look-up. */
	private static final int ATTEMPTS = 10;

	private final Mmap file;

	private volatile TableHeader header;

	/**
	 * Takes the file that holds the table.
	 * @param file the file
	 * @throws IOException if it cannot be read, or is not a table
	 */
	public CountryTable(@MappedFile("countries") Mmap file) throws IOException {
		this.file = file;
		this.header = readHeader(file);
	}

	/**
	 * Reads and checks the header of a table. Does not check what follows the header.
	 */
	static TableHeader readHeader(Mmap file) throws IOException {
		try {
			byte[] bytes = new byte[TableHeader.SIZE];
			if (file.readAt(bytes, 0) < bytes.length) {
				throw new IOException("it is shorter than its header");
			}
			TableHeader header = TableHeader.decode(bytes);
			if (header.fileSize() != file.size()) {
				throw new IOException("it should have " + header.fileSize() + " bytes, but has " + file.size());
			}
			return header;
		}
		catch (IOException ex) {
			throw new IOException("'" + file.name() + "' is not a table of countries: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Returns the number of ranges, as the last look-up found it.
	 * @return the number of ranges, 0 or more
	 */
	public int size() {
		return this.header.count();
	}

	/**
	 * Looks up the country of an address.
	 * @param ip the address
	 * @return the country, or empty if no range holds the address
	 * @throws UncheckedIOException if the file cannot be read
	 */
	public Optional<CountryCode> find(Ipv4 ip) {
		try {
			int country = OTHER_TABLE;
			for (int attempt = 0; country == OTHER_TABLE; attempt++) {
				TableHeader header = (attempt == 0) ? this.header : readCurrentHeader(attempt);
				country = find(ip, header);
			}
			return (country != NONE) ? Optional.of(CountryCode.ofIndex(country)) : Optional.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int find(Ipv4 ip, TableHeader header) throws IOException {
		try {
			return (int) this.file.accessLong(0, header.fileSize(), (table) -> search(table, header, ip.bits()));
		}
		catch (IndexOutOfBoundsException ex) {
			// A shorter table has taken the place of the one with this header.
			return OTHER_TABLE;
		}
	}

	private TableHeader readCurrentHeader(int attempt) throws IOException {
		if (attempt > ATTEMPTS) {
			throw new IOException("'" + this.file.name() + "' does not have the length that its header says");
		}
		byte[] bytes = new byte[TableHeader.SIZE];
		this.file.readAt(bytes, 0);
		this.header = TableHeader.decode(bytes);
		return this.header;
	}

	/**
	 * Searches for the last range that begins at or before the address. Values that were
	 * read are only compared, never used as an offset. So an unavailable page makes the
	 * result wrong, but no access goes astray; {@code accessLong} then drops the result.
	 */
	private static int search(MemorySegment table, TableHeader header, int address) {
		if (table.get(ADDRESS, TableHeader.COUNT_OFFSET) != header.count()) {
			return OTHER_TABLE;
		}
		int low = 0;
		int high = header.count() - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			int first = table.get(ADDRESS, TableHeader.SIZE + (long) Integer.BYTES * middle);
			if (Integer.compareUnsigned(first, address) <= 0) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		if (high < 0) {
			return NONE;
		}
		int last = table.get(ADDRESS, header.lastsOffset() + (long) Integer.BYTES * high);
		if (Integer.compareUnsigned(address, last) > 0) {
			return NONE;
		}
		return Short.toUnsignedInt(table.get(COUNTRY, header.countriesOffset() + (long) Short.BYTES * high));
	}

}
