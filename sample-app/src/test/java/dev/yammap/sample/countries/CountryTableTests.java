package dev.yammap.sample.countries;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;

import dev.yammap.Mmap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link CountryTable}.
 */
class CountryTableTests {

	@TempDir
	private static Path directory;

	private static Mmap file;

	private static CountryTable table;

	private static List<Line> lines;

	@BeforeAll
	static void buildTable() throws IOException {
		Path path = directory.resolve("countries.bin");
		new TableBuilder(new CountryData(TestData.resource())).ensure(path);
		file = Mmap.open(path);
		table = new CountryTable(file);
		try (BufferedReader csv = new BufferedReader(new InputStreamReader(
				new GZIPInputStream(TestData.resource().getInputStream()), StandardCharsets.US_ASCII))) {
			lines = csv.lines().map(Line::parse).toList();
		}
	}

	@AfterAll
	static void closeTable() throws IOException {
		file.close();
	}

	@Test
	void everyRangeIsInTheTable() {
		assertThat(table.size()).isEqualTo(385_372).isEqualTo(lines.size());
	}

	@ParameterizedTest
	@CsvSource({ "8.8.8.8, US", "1.0.0.1, AU", "185.1.1.1, PS", "1.0.0.0, AU", "223.255.255.255, AU" })
	void knownAddressHasItsCountry(String ip, String country) {
		assertThat(table.find(Ipv4.parse(ip))).contains(CountryCode.of(country));
	}

	@ParameterizedTest
	@CsvSource({ "0.0.0.0", "0.255.255.255", "10.0.0.1", "127.0.0.1", "224.0.0.0", "255.255.255.255" })
	void addressOutsideAllRangesHasNoCountry(String ip) {
		assertThat(table.find(Ipv4.parse(ip))).isEmpty();
	}

	@Test
	void tenThousandRandomAddressesHaveTheCountryThatAPlainScanFinds() {
		long[] firsts = lines.stream().mapToLong(Line::first).toArray();
		long[] lasts = lines.stream().mapToLong(Line::last).toArray();
		Random random = new Random(20260625);
		for (int i = 0; i < 10_000; i++) {
			long address = random.nextLong(1L << 32);
			assertThat(find(address)).as("address %s", address).isEqualTo(scan(firsts, lasts, address));
		}
	}

	@Test
	void bothEndsOfEveryRangeHaveItsCountry() {
		for (Line line : lines) {
			assertThat(find(line.first())).contains(line.country());
			assertThat(find(line.last())).contains(line.country());
		}
	}

	@Test
	void emptyTableHasNoCountries() throws IOException {
		Path path = directory.resolve("empty.bin");
		new TableBuilder(TestData.of()).ensure(path);
		try (Mmap empty = Mmap.open(path)) {
			assertThat(new CountryTable(empty).find(Ipv4.parse("8.8.8.8"))).isEmpty();
		}
	}

	@Test
	void fileThatIsNoTableIsRefused() throws IOException {
		Path path = Files.writeString(directory.resolve("other.bin"), "something else, which is long enough".repeat(9));
		try (Mmap other = Mmap.open(path)) {
			assertThatIOException().isThrownBy(() -> new CountryTable(other))
				.withMessage("'" + path + "' is not a table of countries: its magic number is wrong");
		}
	}

	@Test
	void tableThatAnotherProcessCutsShortFailsTheLookUpAlone() throws IOException {
		Path path = directory.resolve("cut.bin");
		new TableBuilder(new CountryData(TestData.resource())).ensure(path);
		try (Mmap cut = Mmap.open(path)) {
			CountryTable cutTable = new CountryTable(cut);
			byte[] whole = Files.readAllBytes(path);
			Files.write(path, new byte[0]);
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> cutTable.find(Ipv4.parse("8.8.8.8")));
			Files.write(path, whole);
			assertThat(cutTable.find(Ipv4.parse("8.8.8.8"))).contains(CountryCode.of("US"));
		}
	}

	@Test
	void tableThatTakesThePlaceOfALongerOrShorterOneIsSearchedAsItIs() throws IOException {
		Path one = directory.resolve("one.bin");
		new TableBuilder(TestData.of("134744064,134744079,US")).ensure(one);
		Path three = directory.resolve("three.bin");
		new TableBuilder(TestData.of("16777216,16777471,AU", "134744064,134744079,CA", "185000000,185000001,NL"))
			.ensure(three);
		try (Mmap shorter = Mmap.open(one); Mmap longer = Mmap.open(three)) {
			AtomicReference<Mmap> current = new AtomicReference<>(shorter);
			Mmap swapped = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
					(_, method, arguments) -> invoke(current.get(), method, arguments));
			CountryTable swappedTable = new CountryTable(swapped);
			assertThat(swappedTable.find(Ipv4.parse("8.8.8.8"))).contains(CountryCode.of("US"));
			current.set(longer);
			assertThat(swappedTable.find(Ipv4.parse("8.8.8.8"))).contains(CountryCode.of("CA"));
			assertThat(swappedTable.size()).isEqualTo(3);
			assertThat(swappedTable.find(Ipv4.parse("1.0.0.1"))).contains(CountryCode.of("AU"));
			current.set(shorter);
			assertThat(swappedTable.find(Ipv4.parse("1.0.0.1"))).isEmpty();
			assertThat(swappedTable.size()).isEqualTo(1);
		}
	}

	private static Object invoke(Mmap file, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(file, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private static Optional<CountryCode> find(long address) {
		return table.find(new Ipv4((int) address));
	}

	private static Optional<CountryCode> scan(long[] firsts, long[] lasts, long address) {
		for (int i = 0; i < firsts.length; i++) {
			if (firsts[i] <= address && address <= lasts[i]) {
				return Optional.of(lines.get(i).country());
			}
		}
		return Optional.empty();
	}

	record Line(long first, long last, CountryCode country) {

		static Line parse(String text) {
			String[] fields = text.split(",", -1);
			return new Line(Long.parseLong(fields[0]), Long.parseLong(fields[1]), CountryCode.of(fields[2]));
		}

	}

}
