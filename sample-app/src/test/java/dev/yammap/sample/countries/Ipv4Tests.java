package dev.yammap.sample.countries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Ipv4}.
 */
class Ipv4Tests {

	@ParameterizedTest
	@CsvSource({ "0.0.0.0, 0", "0.0.0.1, 1", "8.8.8.8, 134744072", "127.255.255.255, 2147483647",
			"128.0.0.0, 2147483648", "185.1.1.1, 3103850753", "255.255.255.255, 4294967295" })
	void dottedFormIsAnUnsignedNumber(String text, long number) {
		assertThat(Integer.toUnsignedLong(Ipv4.parse(text).bits())).isEqualTo(number);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0", "1.20.255.3", "8.8.8.8", "255.255.255.255" })
	void toStringIsTheDottedForm(String text) {
		assertThat(Ipv4.parse(text)).hasToString(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "...", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.5", "1.2.3.4.",
			"256.1.1.1", "1.1.1.256", "999.1.1.1", "1.1.1.0001", "01.1.1.1", "1.1.1.00", "010.8.8.8", "0x8.8.8.8",
			"+1.1.1.1", "-1.1.1.1", "1.1.1.1 ", " 1.1.1.1", "1.1.1.1\n", "1,1,1,1", "134744072", "::1",
			"::ffff:8.8.8.8", "localhost", "a.b.c.d", "1.1.1.\u0661", "4294967296.1.1.1", "1.1.1.1/24", "null" })
	void anythingElseIsRefused(String text) {
		assertThatExceptionOfType(InvalidAddressException.class).isThrownBy(() -> Ipv4.parse(text))
			.withMessageContaining("is not an IPv4 address");
	}

	@Test
	void longTextIsNotRepeatedInFull() {
		assertThatExceptionOfType(InvalidAddressException.class).isThrownBy(() -> Ipv4.parse("1".repeat(10_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(250));
	}

}
