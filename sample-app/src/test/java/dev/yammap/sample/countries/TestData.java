package dev.yammap.sample.countries;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

/**
 * Data to build tables from.
 */
final class TestData {

	private TestData() {
	}

	/**
	 * The data that the application comes with.
	 */
	static ClassPathResource resource() {
		return new ClassPathResource("countries/ip-countries.csv.gz");
	}

	static CountryData of(String... lines) throws IOException {
		return new CountryData(new ByteArrayResource(gzip(lines)));
	}

	static byte[] gzip(String... lines) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (OutputStream out = new GZIPOutputStream(bytes)) {
			out.write(String.join("\n", lines).getBytes(StandardCharsets.US_ASCII));
		}
		return bytes.toByteArray();
	}

}
