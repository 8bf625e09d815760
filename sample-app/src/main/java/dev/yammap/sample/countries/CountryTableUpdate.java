package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.MmapReloadValidator;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Builds the table of countries: just before its file is opened, if that is needed, and
 * whenever it is asked to replace the table that is in use. Lets the application use only
 * whole tables.
 */
@Component
public class CountryTableUpdate implements MmapBuilderCustomizer, MmapReloadValidator {

	private static final String FILE = "countries";

	private static final String DATA = "countries/ip-countries.csv.gz";

	private final TableBuilder builder = new TableBuilder(new CountryData(new ClassPathResource(DATA)));

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) throws IOException {
		if (name.equals(FILE)) {
			this.builder.ensure(path);
		}
	}

	@Override
	public void validate(String name, Mmap replacement) throws IOException {
		if (name.equals(FILE) && !TableBuilder.isWhole(replacement, CountryTable.readHeader(replacement))) {
			throw new IOException("The checksum of the table is wrong");
		}
	}

	/**
	 * Builds the table once more, and renames it over the one in use. The application
	 * changes over to it a moment later ({@code reload-on-update}).
	 * @param path the file of the table
	 * @throws IOException if the table cannot be built; the old one is then still there
	 */
	public synchronized void replace(Path path) throws IOException {
		this.builder.replace(path);
	}

}
