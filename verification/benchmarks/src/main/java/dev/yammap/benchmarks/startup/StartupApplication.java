package dev.yammap.benchmarks.startup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;

/**
 * The application that is started. It has only what the class path configures. It prints
 * when it is ready, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartupApplication {

	/** What the application writes when it is ready. */
	static final String READY = "READY";

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(StartupApplication.class);
		application.addListeners((ApplicationListener<ApplicationReadyEvent>) (event) -> ready(event));
		application.run(args);
	}

	private static void ready(ApplicationReadyEvent event) {
		System.out.println(READY);
		System.out.flush();
		event.getApplicationContext().close();
	}

}
