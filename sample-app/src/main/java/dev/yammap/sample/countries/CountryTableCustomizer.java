package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Builds the table of countries just before its file is opened, if that is needed.
 */
@Component
class CountryTableCustomizer implements MmapBuilderCustomizer {

	private static final String DATA = "countries/ip-countries.csv.gz";

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) throws IOException {
		if (name.equals("countries")) {
			new TableBuilder(new CountryData(new ClassPathResource(DATA))).ensure(path);
		}
	}

}
