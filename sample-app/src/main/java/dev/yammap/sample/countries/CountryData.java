package dev.yammap.sample.countries;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

import org.springframework.core.io.InputStreamSource;

/**
 * The data that the table is built from: a compressed CSV file with a line
 * {@code first,last,country} for each range, in ascending order.
 */
final class CountryData {

	private static final int PROGRESS_STEP = 100_000;

	private final InputStreamSource csv;

	CountryData(InputStreamSource csv) {
		this.csv = csv;
	}

	/**
	 * Returns the identity of the data: the SHA-256 digest of the compressed file, in
	 * hexadecimal.
	 */
	String identity() throws IOException {
		try (DigestInputStream in = new DigestInputStream(this.csv.getInputStream(), sha256())) {
			in.transferTo(OutputStream.nullOutputStream());
			return HexFormat.of().formatHex(in.getMessageDigest().digest());
		}
	}

	/**
	 * Reads all ranges.
	 * @param progress called now and then with the number of ranges read so far
	 * @throws IOException if the data cannot be read or is invalid; the message then
	 * names the line
	 */
	List<CountryRange> read(IntConsumer progress) throws IOException {
		List<CountryRange> ranges = new ArrayList<>();
		try (InputStream in = this.csv.getInputStream();
				InputStreamReader text = new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII);
				CsvReader<CsvRecord> lines = CsvReader.builder()
					.allowMissingFields(true)
					.allowExtraFields(true)
					.ofCsvRecord(text)) {
			for (CsvRecord line : lines) {
				ranges.add(toRange(line, ranges));
				if (ranges.size() % PROGRESS_STEP == 0) {
					progress.accept(ranges.size());
				}
			}
		}
		catch (CsvParseException ex) {
			throw new IOException("The country data is not CSV", ex);
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
		return ranges;
	}

	private static CountryRange toRange(CsvRecord line, List<CountryRange> before) throws IOException {
		try {
			if (line.getFieldCount() != 3) {
				throw new IllegalArgumentException("it has " + line.getFieldCount() + " fields, not 3");
			}
			CountryRange range = new CountryRange(Integer.parseUnsignedInt(line.getField(0)),
					Integer.parseUnsignedInt(line.getField(1)), CountryCode.of(line.getField(2)));
			if (!before.isEmpty() && !range.isAfter(before.getLast())) {
				throw new IllegalArgumentException("the range does not come after the previous one");
			}
			return range;
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(
					"Line " + line.getStartingLineNumber() + " of the country data is invalid: " + ex.getMessage(), ex);
		}
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
