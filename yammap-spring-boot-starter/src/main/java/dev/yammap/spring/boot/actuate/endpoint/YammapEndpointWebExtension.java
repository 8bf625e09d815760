package dev.yammap.spring.boot.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link YammapEndpoint}:
 * answers with 404 if no file or journal has the name. Without it, an operation that
 * writes would give an empty answer.
 */
@EndpointWebExtension(endpoint = YammapEndpoint.class)
public class YammapEndpointWebExtension {

	private final YammapEndpoint endpoint;

	public YammapEndpointWebExtension(YammapEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Syncs one file or journal, as {@link YammapEndpoint#sync(String)}.
	 * @param name its name
	 * @return its description after the sync, or the status 404
	 */
	@WriteOperation
	public WebEndpointResponse<ResourceDescriptor> sync(@Selector String name) {
		ResourceDescriptor resource = this.endpoint.sync(name);
		return (resource != null) ? new WebEndpointResponse<>(resource)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
