package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.endpoint.YammapEndpointAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.info.YammapInfoContributorAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.observation.YammapObservationAutoConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications that lack what the starter does not need. They import the
 * auto-configurations as applications do: those whose classes are missing are left out
 * before they are looked at.
 */
class OptionalDependenciesTests {

	private static final String[] BEANS = { "yammapEndpoint", "yammapEndpointWebExtension", "yammapHealthContributor",
			"yammapInfoContributor", "mmapMetrics", "mmapSyncObservations" };

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void everythingIsThereWithAllOfThem() {
		contextRunner().run((context) -> assertThat(context.getBeanDefinitionNames()).contains(BEANS));
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework.boot.health, yammapHealthContributor",
			"io.micrometer, mmapMetrics mmapSyncObservations", "io.micrometer.observation, mmapSyncObservations",
			"org.springframework.boot.micrometer.observation, mmapSyncObservations",
			"org.springframework.boot.micrometer, mmapMetrics mmapSyncObservations",
			"org.springframework.boot.actuate, yammapEndpoint yammapEndpointWebExtension yammapInfoContributor",
			"org.springframework.boot.actuate.autoconfigure, yammapEndpoint yammapEndpointWebExtension yammapInfoContributor" })
	void applicationWithoutOneOfThemStarts(String missing, String beans) {
		contextRunner().withClassLoader(new FilteredClassLoader(missing)).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Mmap.class);
			assertThat(BEANS).filteredOn((bean) -> !context.containsBean(bean)).containsExactly(beans.split(" ", -1));
		});
	}

	@Test
	void applicationWithoutAnyOfThemStarts() {
		contextRunner()
			.withClassLoader(new FilteredClassLoader("io.micrometer", "com.fasterxml.jackson",
					"org.springframework.boot.actuate", "org.springframework.boot.health",
					"org.springframework.boot.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(Mmap.class);
				assertThat(context.getBeanDefinitionNames()).doesNotContain(BEANS);
			});
	}

	private ApplicationContextRunner contextRunner() {
		return new ApplicationContextRunner().withUserConfiguration(AutoConfigured.class)
			.withBean(SimpleMeterRegistry.class)
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"management.endpoints.web.exposure.include=yammap", "management.info.yammap.enabled=true",
					"yammap.observation-enabled=true");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ YammapAutoConfiguration.class, YammapEndpointAutoConfiguration.class,
			YammapHealthContributorAutoConfiguration.class, YammapInfoContributorAutoConfiguration.class,
			YammapMetricsAutoConfiguration.class, YammapObservationAutoConfiguration.class })
	static class AutoConfigured {

	}

}
