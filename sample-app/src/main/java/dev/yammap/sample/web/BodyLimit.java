package dev.yammap.sample.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Limits the body of a request to the length that a visit can have, whatever length the
 * request declares. Otherwise many large bodies at a time would fill the heap.
 */
@ControllerAdvice
class BodyLimit extends RequestBodyAdviceAdapter {

	/**
	 * The greatest length of a body, in bytes.
	 */
	static final int MAX_LENGTH = 1024;

	@Override
	public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type type,
			Class<? extends HttpMessageConverter<?>> converter) throws IOException {
		byte[] body = message.getBody().readNBytes(MAX_LENGTH + 1);
		if (body.length > MAX_LENGTH) {
			throw new ErrorResponseException(HttpStatus.CONTENT_TOO_LARGE, ProblemDetail.forStatusAndDetail(
					HttpStatus.CONTENT_TOO_LARGE, "The body must not have more than " + MAX_LENGTH + " bytes"), null);
		}
		return new Body(message.getHeaders(), new ByteArrayInputStream(body));
	}

	private record Body(HttpHeaders headers, InputStream stream) implements HttpInputMessage {

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public InputStream getBody() {
			return this.stream;
		}

	}

}
