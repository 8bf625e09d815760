package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link JournalFormat}.
 */
class JournalFormatTests {

	private final Visit visit = new Visit(7, Ipv4.parse("203.0.113.255"), CountryCode.of("NL"),
			Instant.parse("2026-06-25T12:34:56.789012Z"));

	@Test
	void decodedRecordEqualsTheEncodedOne() throws IOException {
		byte[] bytes = JournalFormat.encode(this.visit);
		assertThat(bytes).hasSize(32);
		assertThat(JournalFormat.decode(bytes, 0, 7)).isEqualTo(this.visit);
	}

	@Test
	void extremeValuesSurvive() throws IOException {
		Visit extreme = new Visit(JournalFormat.MAX_SEQUENCE, new Ipv4(-1), CountryCode.UNKNOWN,
				Instant.parse("1969-12-31T23:59:59.999999Z"));
		assertThat(JournalFormat.decode(JournalFormat.encode(extreme), 0, JournalFormat.MAX_SEQUENCE))
			.isEqualTo(extreme);
	}

	@Test
	void recordIsFoundInTheMiddleOfABlock() throws IOException {
		byte[] block = new byte[96];
		System.arraycopy(JournalFormat.encode(this.visit), 0, block, 32, 32);
		assertThat(JournalFormat.decode(block, 32, 7)).isEqualTo(this.visit);
	}

	@Test
	void everyWrongBitIsFound() {
		for (int bit = 0; bit < 32 * Byte.SIZE; bit++) {
			byte[] bytes = JournalFormat.encode(this.visit);
			bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
			assertThat(JournalFormat.isIntact(bytes, 0, 7)).as("bit %d", bit).isFalse();
		}
	}

	@Test
	void recordThatIsOnlyPartlyWrittenIsFound() {
		byte[] bytes = JournalFormat.encode(this.visit);
		for (int length = 0; length < bytes.length; length++) {
			assertThat(JournalFormat.isIntact(Arrays.copyOf(Arrays.copyOf(bytes, length), 32), 0, 7)).isFalse();
		}
	}

	@Test
	void recordOfAnotherPlaceIsRefused() {
		byte[] bytes = JournalFormat.encode(this.visit);
		assertThatIOException().isThrownBy(() -> JournalFormat.decode(bytes, 0, 8))
			.withMessageStartingWith("The record of visit 8, at offset 288 of the journal, is damaged");
	}

	@Test
	void zerosAreNoRecord() {
		assertThat(JournalFormat.isIntact(new byte[32], 0, 0)).isFalse();
	}

	@Test
	void headerBeginsWithReadableLettersAndEndsWithoutAZero() {
		byte[] header = JournalFormat.header();
		assertThat(header).hasSize(32);
		assertThat(new String(header, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("JYVISITS");
		assertThat(header[31]).as("a header that lacks its end is no header").isNotZero();
	}

	@Test
	void offsetOfTheGreatestSequenceDoesNotOverflow() {
		assertThat(JournalFormat.offsetOf(0)).isEqualTo(32);
		assertThat(JournalFormat.offsetOf(JournalFormat.MAX_SEQUENCE)).isPositive()
			.isLessThanOrEqualTo(Long.MAX_VALUE - JournalFormat.RECORD_SIZE);
	}

}
