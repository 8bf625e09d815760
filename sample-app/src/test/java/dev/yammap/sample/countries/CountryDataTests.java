package dev.yammap.sample.countries;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link CountryData}.
 */
class CountryDataTests {

	@Test
	void rangesAreReadAsUnsignedNumbers() throws IOException {
		List<CountryRange> ranges = TestData.of("0,255,AU", "4294967040,4294967295,US").read((count) -> {
		});
		assertThat(ranges).containsExactly(new CountryRange(0, 255, CountryCode.of("AU")),
				new CountryRange(-256, -1, CountryCode.of("US")));
	}

	@Test
	void progressIsToldWhileTheDataIsRead() throws IOException {
		List<Integer> progress = new ArrayList<>();
		List<CountryRange> ranges = new CountryData(TestData.resource()).read(progress::add);
		assertThat(ranges).hasSize(385_372);
		assertThat(progress).containsExactly(100_000, 200_000, 300_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "20,29", "20,29,DE,1", "20,29,de", "20,29,", "x,29,DE", "-20,29,DE", "29,20,DE",
			"20,4294967296,DE", "9,20,DE", "5,7,DE" })
	void lineThatCannotBeUsedIsNamed(String line) throws IOException {
		CountryData data = TestData.of("0,9,AU", line, "40,49,US");
		assertThatIOException().isThrownBy(() -> data.read((count) -> {
		})).withMessageStartingWith("Line 2 of the country data is invalid: ");
	}

	@Test
	void dataThatIsCutShortIsRefused() throws IOException {
		byte[] whole = TestData.gzip("0,9,AU", "20,29,DE");
		CountryData data = new CountryData(new ByteArrayResource(Arrays.copyOf(whole, whole.length - 9)));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> data.read((count) -> {
		}));
	}

	@Test
	void identityTellsDataApart() throws IOException {
		String identity = TestData.of("0,9,AU").identity();
		assertThat(identity).matches("[0-9a-f]{64}").isEqualTo(TestData.of("0,9,AU").identity());
		assertThat(TestData.of("0,9,US").identity()).isNotEqualTo(identity);
	}

}
