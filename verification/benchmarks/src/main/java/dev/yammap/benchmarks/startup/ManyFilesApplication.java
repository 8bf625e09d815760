package dev.yammap.benchmarks.startup;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;

/**
 * An application with as many files as are configured. It prints when it is ready. After
 * some scrapes of its meters by HTTP it prints how long one takes, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ManyFilesApplication {

	/** The start of the line that tells the milliseconds of a scrape. */
	static final String SCRAPE = "SCRAPE ";

	private static final int WARM_UP = 10;

	private static final int SCRAPES = 20;

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(ManyFilesApplication.class);
		application.addListeners((ApplicationListener<ApplicationReadyEvent>) (event) -> ready(event));
		application.run(args);
	}

	private static void ready(ApplicationReadyEvent event) {
		System.out.println(StartupApplication.READY);
		System.out.flush();
		try {
			scrape(event.getApplicationContext()
				.getEnvironment()
				.getRequiredProperty("local.server.port", Integer.class));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		event.getApplicationContext().close();
	}

	private static void scrape(int port) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/prometheus"))
			.build();
		try (HttpClient client = HttpClient.newHttpClient()) {
			for (int i = -WARM_UP; i < SCRAPES; i++) {
				long start = System.nanoTime();
				HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
				double millis = (System.nanoTime() - start) / 1e6;
				if (response.statusCode() != 200) {
					throw new IllegalStateException("The scrape failed: " + response);
				}
				if (i == -WARM_UP || i >= 0) {
					System.out.printf(Locale.ROOT, "%s%.1f %d%n", SCRAPE, millis,
							response.body().lines().filter((line) -> line.startsWith("yammap_")).count());
				}
			}
		}
	}

}
