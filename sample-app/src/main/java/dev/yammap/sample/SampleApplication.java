package dev.yammap.sample;

import java.time.Clock;
import java.time.InstantSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Visits by country: a small service on two mapped files and a journal. It looks up the
 * country of an IPv4 address in a read-only table, writes visits to a journal, and counts
 * them by country.
 */
// No HTML error page: only programs read the answers of this service.
@SpringBootApplication(proxyBeanMethods = false, exclude = ErrorMvcAutoConfiguration.class)
public class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

	@Bean
	InstantSource instantSource() {
		return Clock.systemUTC();
	}

}
