package dev.yammap.consumer;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.spring.boot.MappedFile;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Starts, uses its files, and looks at what came to it with the starter.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class Consumer {

	private static final Map<String, List<String>> PARTS = Map.of("web",
			List.of("spring-web-", "spring-webmvc", "tomcat"), "actuator",
			List.of("spring-boot-actuator-", "spring-boot-actuator-autoconfigure"), "micrometer",
			List.of("micrometer-core"));

	private static final List<String> NEVER = List.of("junit", "assertj", "mockito", "spring-test", "jmh", "fastcsv",
			"yammap-benchmarks", "yammap-spring-boot-starter-test");

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(Consumer.class, args)) {
			context.getBean(Client.class).use();
			checkClassPath(context.getEnvironment());
			checkBeans(context);
		}
		System.out.println("The consumer is content.");
	}

	private static void checkClassPath(Environment environment) {
		PARTS.forEach((part, jars) -> {
			boolean expected = environment.getRequiredProperty("expected." + part, Boolean.class);
			for (String jar : jars) {
				check(isOnClassPath(jar) == expected,
						jar + (expected ? " is missing from" : " was not asked for, but is on") + " the class path");
			}
		});
		for (String jar : NEVER) {
			check(!isOnClassPath(jar), jar + " is on the class path");
		}
	}

	private static boolean isOnClassPath(String jar) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.anyMatch((entry) -> new File(entry).getName().startsWith(jar));
	}

	private static void checkBeans(ConfigurableApplicationContext context) {
		Environment environment = context.getEnvironment();
		boolean actuator = environment.getRequiredProperty("expected.actuator", Boolean.class);
		boolean micrometer = environment.getRequiredProperty("expected.micrometer", Boolean.class);
		check(context.getBeansOfType(Mmap.class).keySet().equals(Set.of("journal", "counters")),
				"there are other files than those configured");
		check(context.containsBean("yammapHealthContributor") == actuator, "the health contributor is wrong");
		check(context.containsBean("mmapMetrics") == (actuator && micrometer), "the metrics are wrong");
	}

	private static void check(boolean condition, String complaint) {
		if (!condition) {
			throw new IllegalStateException("The consumer complains: " + complaint);
		}
	}

	/**
	 * Uses the files.
	 */
	@Component
	static class Client {

		private final Mmap journal;

		private final Mmap counters;

		private final Journal orders;

		Client(Mmap journal, @MappedFile("counters") Mmap counters, Journal orders) {
			this.journal = journal;
			this.counters = counters;
			this.orders = orders;
		}

		void use() {
			try {
				this.journal.write(new byte[] { 1, 2, 3 });
				this.journal.sync();
				check(this.journal.size() == 3, "the journal has " + this.journal.size() + " bytes");
				check(this.orders.appendAndSync(new byte[] { 1, 2, 3 }) == 0, "the first record is not 0");
				check(this.counters.atomics().getAndAddLong(8, 5) == 0
						&& this.counters.get(ValueLayout.JAVA_LONG_UNALIGNED, 8) == 5, "the counter is wrong");
				useRecords(this.journal.path().resolveSibling("records"));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static void useRecords(Path directory) throws IOException {
			try (Journal records = Journal.open(directory)) {
				long number = records.appendAndSync(new byte[] { 4, 5 });
				try (JournalReader reader = records.reader(number)) {
					check(reader.next() && reader.record().length() == 2, "the record is wrong");
				}
			}
		}

	}

}
