package dev.yammap.sample.web;

import java.io.UncheckedIOException;
import java.util.NoSuchElementException;

import dev.yammap.sample.countries.InvalidAddressException;
import dev.yammap.sample.live.RefusedException;
import dev.yammap.sample.live.UnavailableException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Turns failures of the application into problem details (RFC 9457). Spring Boot does so
 * for failures of Spring MVC ({@code spring.mvc.problemdetails.enabled}).
 */
@RestControllerAdvice
class Problems {

	private static final Logger logger = LoggerFactory.getLogger(Problems.class);

	@ExceptionHandler
	ProblemDetail handle(InvalidAddressException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	/**
	 * Handles a query of a URL with a {@code %} that does not begin a character.
	 */
	@ExceptionHandler
	ProblemDetail handle(InvalidParameterException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The query of the URL is malformed");
	}

	@ExceptionHandler
	ProblemDetail handle(NoSuchElementException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(RefusedException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(UnavailableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
	}

	/**
	 * Handles a mapped file that could not be read, written or made durable.
	 */
	@ExceptionHandler
	ProblemDetail handle(UncheckedIOException ex) {
		logger.error("A request failed on a file", ex);
		return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR,
				"The files of this service cannot be used at the moment");
	}

}
