package dev.yammap.spring.boot.actuate.endpoint;

import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint.FileDescriptor;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link YammapEndpoint}:
 * answers that no file has a name, where an operation that writes would answer nothing.
 */
@EndpointWebExtension(endpoint = YammapEndpoint.class)
public class YammapEndpointWebExtension {

	private final YammapEndpoint endpoint;

	public YammapEndpointWebExtension(YammapEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Syncs one file, as {@link YammapEndpoint#sync(String)}.
	 * @param name the name of the file
	 * @return the file as it is then, or the status 404
	 */
	@WriteOperation
	public WebEndpointResponse<FileDescriptor> sync(@Selector String name) {
		FileDescriptor file = this.endpoint.sync(name);
		return (file != null) ? new WebEndpointResponse<>(file)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
