package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.support.Contexts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what becomes of files when their properties are bound again, as by a context
 * refresh of Spring Cloud.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefreshedPropertiesTests {

	private static final String WARNING = "The properties of the mapped files";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void configureFiles() {
		this.contextRunner = Contexts.in(this.directory, "yammap.files.journal.path=journal.log",
				"yammap.files.counters.path=counters", "yammap.files.counters.sync.interval=1h");
	}

	/** As ConfigurationPropertiesRebinder does. */
	private static void rebind(ApplicationContext context) {
		AutowireCapableBeanFactory beanFactory = context.getAutowireCapableBeanFactory();
		YammapProperties properties = context.getBean(YammapProperties.class);
		String name = context.getBeanNamesForType(YammapProperties.class)[0];
		beanFactory.destroyBean(properties);
		beanFactory.initializeBean(properties, name);
	}

	private static void set(ApplicationContext context, String property) {
		TestPropertyValues.of(property).applyTo((ConfigurableApplicationContext) context);
	}

	@Test
	void changeIsWarnedOfOnceAndFilesStayAsTheyAre(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			ApplicationContext source = context.getSourceApplicationContext();
			Mmap journal = context.getBean("journal", Mmap.class);
			set(source, "yammap.files.journal.path=other.log");
			set(source, "yammap.files.counters.sync.interval=2h");
			rebind(source);
			rebind(source);
			assertThat(output.getOut().lines().filter((line) -> line.contains(WARNING))).singleElement()
				.asString()
				.contains("WARN", "[journal, counters]", "no file is opened again");
			assertThat(journal.isOpen()).isTrue();
			assertThat(context.getBean("journal", Mmap.class).path()).isEqualTo(this.directory.resolve("journal.log"));
		});
	}

	@Test
	void refreshThatChangesNoFileIsNotWarnedOf(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			ApplicationContext source = context.getSourceApplicationContext();
			set(source, "other=value");
			rebind(source);
			assertThat(output).doesNotContain(WARNING);
		});
	}

}
