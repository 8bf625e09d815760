package dev.yammap.sample.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import dev.yammap.sample.visits.VisitCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link Problems}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProblemsTests {

	@Test
	void failureOfAFileIsLoggedAndKeptFromTheClient(CapturedOutput output) {
		CountryTable countries = Mockito.mock(CountryTable.class);
		given(countries.find(Ipv4.parse("8.8.8.8")))
			.willThrow(new UncheckedIOException(new IOException("'countries.bin' lost a page")));
		CountryController controller = new CountryController(countries, Mockito.mock(VisitCounters.class));
		MockMvcTester client = MockMvcTester.of(List.of(controller),
				(builder) -> builder.setControllerAdvice(new Problems()).build());
		assertThat(client.get().uri("/api/countries/8.8.8.8")).hasStatus(HttpStatus.INTERNAL_SERVER_ERROR)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyText()
			.contains("\"detail\":\"The files of this service cannot be used at the moment\"");
		assertThat(output).contains("'countries.bin' lost a page");
	}

}
