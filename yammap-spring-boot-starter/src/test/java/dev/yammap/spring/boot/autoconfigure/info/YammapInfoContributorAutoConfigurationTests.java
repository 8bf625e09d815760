package dev.yammap.spring.boot.autoconfigure.info;

import java.nio.file.Path;
import java.util.Map;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.info.YammapInfoContributor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YammapInfoContributorAutoConfiguration} and
 * {@link YammapInfoContributor}.
 */
class YammapInfoContributorAutoConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(YammapAutoConfiguration.class, YammapInfoContributorAutoConfiguration.class));

	@BeforeEach
	void configureFiles() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log", "yammap.files.counters.path=counters",
				"yammap.files.counters.size=64B");
	}

	@Test
	void contributorIsNotThereByDefault() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(InfoContributor.class));
	}

	@Test
	void contributorIsNotThereWhenDefaultsAreEnabled() {
		this.contextRunner.withPropertyValues("management.info.defaults.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(InfoContributor.class));
	}

	@Test
	void contributorBacksOffFromBeanOfItsName() {
		enabled().withBean("yammapInfoContributor", InfoContributor.class, () -> (builder) -> {
		})
			.run((context) -> assertThat(context).hasSingleBean(InfoContributor.class)
				.doesNotHaveBean(YammapInfoContributor.class));
	}

	@Test
	void filesAreCounted() {
		enabled().run((context) -> {
			context.getBean("journal", Mmap.class).close();
			Info.Builder builder = new Info.Builder();
			context.getBean(YammapInfoContributor.class).contribute(builder);
			assertThat(builder.build().getDetails()).containsOnlyKeys("yammap")
				.containsEntry("yammap", Map.of("files", 2, "open", 1L, "bytes", 64L));
		});
	}

	@Test
	void journalsAreCounted() {
		enabled().withPropertyValues("yammap.journals.orders.path=orders", "yammap.journals.orders.segment-size=64KB")
			.run((context) -> {
				context.getBean(Journal.class).append(new byte[1]);
				Info.Builder builder = new Info.Builder();
				context.getBean(YammapInfoContributor.class).contribute(builder);
				assertThat(builder.build().getDetails()).containsEntry("yammap",
						Map.of("files", 2, "open", 2L, "bytes", 64L, "journals", 1, "records", 1L));
			});
	}

	private ApplicationContextRunner enabled() {
		return this.contextRunner.withPropertyValues("management.info.yammap.enabled=true");
	}

}
