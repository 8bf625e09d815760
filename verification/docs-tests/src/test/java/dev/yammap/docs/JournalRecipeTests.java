package dev.yammap.docs;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the examples of the chapter on journals do what the chapter says.
 */
@Timeout(1_800)
class JournalRecipeTests {

	private static final String CHAPTER = "docs/guide/journal.md";

	@TempDir
	private Path directory;

	private final BlockingQueue<String> bills = new LinkedBlockingQueue<>();

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.journals.orders.path=data/orders",
					"yammap.journals.orders.segment-size=64KB");
	}

	@Test
	void firstExampleIsFourLinesOfYamlAndTenOfJava() {
		assertThat(first("yaml").lines()).hasSize(4);
		assertThat(first("java").lines().filter((line) -> !line.isBlank())).hasSizeLessThanOrEqualTo(10);
		assertThat(first("java").lines().filter((line) -> line.startsWith("import "))).isNotEmpty();
	}

	private static String first(String language) {
		return Documents.get(CHAPTER)
			.snippets()
			.stream()
			.filter((snippet) -> snippet.language().equals(language))
			.findFirst()
			.orElseThrow()
			.text();
	}

	@Test
	void ordersAreReadBackAfterASecondStart() {
		runner().run((context) -> {
			assertThat(orders(context).call("place", "a book")).isEqualTo(0L);
			assertThat(orders(context).call("place", "a pen")).isEqualTo(1L);
		});
		runner().run((context) -> assertThat(orders(context).call("all")).isEqualTo(List.of("a book", "a pen")));
	}

	private static Recipe orders(ApplicationContext context) throws Exception {
		return Recipe.create(CHAPTER, "OrderBook", context.getBean(Journal.class));
	}

	@Test
	void billingGoesOnWhereItWas() {
		runner().run((context) -> {
			orders(context).call("place", "a book");
			Recipe billing = billing(context);
			assertThat(this.bills.poll(1, TimeUnit.MINUTES)).isEqualTo("a book");
			orders(context).call("place", "a pen");
			assertThat(this.bills.poll(1, TimeUnit.MINUTES)).isEqualTo("a pen");
			billing.call("stop");
			orders(context).call("place", "ink");
		});
		runner().run((context) -> {
			Recipe billing = billing(context);
			String next = this.bills.poll(1, TimeUnit.MINUTES);
			// The last one is billed again if its position was not moved before the end.
			while ("a pen".equals(next)) {
				next = this.bills.poll(1, TimeUnit.MINUTES);
			}
			assertThat(next).isEqualTo("ink");
			billing.call("stop");
		});
	}

	private Recipe billing(ApplicationContext context) throws Exception {
		Class<?> type = JavaExamples.of(CHAPTER).type("Bills");
		Object bills = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> add((byte[]) arguments[0]));
		Recipe billing = Recipe.create(CHAPTER, "Billing", context.getBean(Journal.class), bills);
		billing.call("start");
		return billing;
	}

	private @Nullable Object add(byte[] order) {
		this.bills.add(new String(order, StandardCharsets.UTF_8));
		return null;
	}

}
