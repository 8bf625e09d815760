package dev.yammap.spring.boot.actuate.endpoint;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of a mapped file or a journal.
 */
public sealed interface ResourceDescriptor extends OperationResponseBody
		permits YammapEndpoint.FileDescriptor, JournalDescriptor {

}
