package dev.yammap.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Checks what a client sent.
 */
final class Parameters {

	private Parameters() {
	}

	/**
	 * Returns the value of a parameter if it is from 0 to a maximum; otherwise the answer
	 * is 400.
	 */
	static long check(String name, long value, long max) {
		if (value < 0 || value > max) {
			throw badRequest("The parameter '" + name + "' must be from 0 to " + max + ", not " + value);
		}
		return value;
	}

	static ErrorResponseException badRequest(String detail) {
		return new ErrorResponseException(HttpStatus.BAD_REQUEST,
				ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail), null);
	}

}
