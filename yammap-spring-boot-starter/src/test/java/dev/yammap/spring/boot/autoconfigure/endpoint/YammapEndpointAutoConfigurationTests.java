package dev.yammap.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;

import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpointWebExtension;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YammapEndpointAutoConfiguration}.
 */
class YammapEndpointAutoConfigurationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapEndpointAutoConfiguration.class));

	@BeforeEach
	void configureFile() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log");
	}

	@Test
	void endpointIsAutoConfiguredWhenExposed() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=yammap")
			.run((context) -> assertThat(context).hasSingleBean(YammapEndpoint.class)
				.hasSingleBean(YammapEndpointWebExtension.class));
	}

	@Test
	void endpointIsNotAutoConfiguredWhenNotExposed() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(YammapEndpoint.class)
			.doesNotHaveBean(YammapEndpointWebExtension.class));
	}

	@Test
	void endpointIsNotAutoConfiguredWithoutAccess() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=yammap",
					"management.endpoint.yammap.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(YammapEndpoint.class)
				.doesNotHaveBean(YammapEndpointWebExtension.class));
	}

	@Test
	void endpointIsNotAutoConfiguredWithoutFileStates() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=yammap")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(YammapEndpoint.class)
				.doesNotHaveBean(YammapEndpointWebExtension.class));
	}

	@Test
	void endpointHasNoWebExtensionWhenExposedOverJmxOnly() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=info", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=yammap")
			.run((context) -> assertThat(context).hasSingleBean(YammapEndpoint.class)
				.doesNotHaveBean(YammapEndpointWebExtension.class));
	}

	@Test
	void endpointBacksOffFromBeanOfItsName() {
		this.contextRunner.withUserConfiguration(OwnEndpointConfiguration.class)
			.withPropertyValues("management.endpoints.web.exposure.include=yammap")
			.run((context) -> assertThat(context).hasSingleBean(OwnEndpoint.class)
				.doesNotHaveBean(YammapEndpoint.class)
				.doesNotHaveBean(YammapEndpointWebExtension.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpointConfiguration {

		@Bean
		OwnEndpoint yammapEndpoint() {
			return new OwnEndpoint();
		}

	}

	@Endpoint(id = "yammap")
	static class OwnEndpoint {

	}

}
