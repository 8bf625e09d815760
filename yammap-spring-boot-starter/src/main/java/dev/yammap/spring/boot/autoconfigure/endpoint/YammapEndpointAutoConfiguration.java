package dev.yammap.spring.boot.autoconfigure.endpoint;

import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpointWebExtension;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.registry.TrackedResources;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link YammapEndpoint}.
 */
@AutoConfiguration(after = YammapAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(YammapEndpoint.class)
public final class YammapEndpointAutoConfiguration {

	@Bean
	@ConditionalOnBean(TrackedResources.class)
	@ConditionalOnMissingBean(name = "yammapEndpoint")
	YammapEndpoint yammapEndpoint(TrackedResources files) {
		return new YammapEndpoint(files);
	}

	@Bean
	@ConditionalOnBean(YammapEndpoint.class)
	@ConditionalOnMissingBean(name = "yammapEndpointWebExtension")
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	YammapEndpointWebExtension yammapEndpointWebExtension(YammapEndpoint endpoint) {
		return new YammapEndpointWebExtension(endpoint);
	}

}
