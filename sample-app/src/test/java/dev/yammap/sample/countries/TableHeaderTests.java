package dev.yammap.sample.countries;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link TableHeader}.
 */
class TableHeaderTests {

	private final TableHeader header = new TableHeader(385_372, "0123456789abcdef".repeat(4), 0xCAFEBABE);

	@Test
	void decodedHeaderEqualsTheEncodedOne() throws IOException {
		assertThat(TableHeader.decode(this.header.encode())).isEqualTo(this.header);
	}

	@Test
	void arraysLieOneBehindTheOther() {
		assertThat(this.header.lastsOffset()).isEqualTo(64 + 385_372 * 4);
		assertThat(this.header.countriesOffset()).isEqualTo(64 + 385_372 * 8);
		assertThat(this.header.fileSize()).isEqualTo(64 + 385_372 * 10);
	}

	@Test
	void sizeOfTheGreatestTableDoesNotOverflow() {
		TableHeader greatest = new TableHeader(Integer.MAX_VALUE, this.header.source(), 0);
		assertThat(greatest.fileSize()).isEqualTo(64 + 10L * Integer.MAX_VALUE);
		assertThat(greatest.countriesOffset()).isEqualTo(64 + 8L * Integer.MAX_VALUE);
	}

	@Test
	void headerBeginsWithReadableLetters() {
		assertThat(new String(this.header.encode(), 0, 8, StandardCharsets.US_ASCII)).isEqualTo("YAMTABLE");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 8, 12, 15, 16, 47, 48, 55, 60, 63 })
	void oneWrongBitIsFound(int index) {
		byte[] bytes = this.header.encode();
		bytes[index] ^= 1;
		assertThatIOException().isThrownBy(() -> TableHeader.decode(bytes));
	}

	@Test
	void zerosAreNoHeader() {
		assertThatIOException().isThrownBy(() -> TableHeader.decode(new byte[TableHeader.SIZE]));
	}

}
