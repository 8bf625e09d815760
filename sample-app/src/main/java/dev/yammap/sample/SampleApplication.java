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

	/** More than there are likely to be threads that load classes at the same time. */
	private static final int CARRIERS = 64;

	public static void main(String[] args) {
		addCarriers();
		SpringApplication.run(SampleApplication.class, args);
	}

	/**
	 * On JDK 25 a virtual thread that loads a class keeps its carrier while it waits for
	 * the lock of the executable JAR (spring-boot#51463). If all carriers are kept like
	 * that, and the thread that has the lock is on none, no virtual thread ever goes on,
	 * and no request is answered any more. There are as many carriers as processors,
	 * which may be one, unless a property asks for more.
	 */
	private static void addCarriers() {
		int carriers = Math.max(CARRIERS, Runtime.getRuntime().availableProcessors());
		System.getProperties().putIfAbsent("jdk.virtualThreadScheduler.parallelism", String.valueOf(carriers));
	}

	@Bean
	InstantSource instantSource() {
		return Clock.systemUTC();
	}

}
