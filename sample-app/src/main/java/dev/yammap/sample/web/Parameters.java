package dev.yammap.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Checks what a client sent.
 */
final class Parameters {

	private static final int SHOWN = 40;

	private Parameters() {
	}

	/**
	 * Reads a number from 0 to a maximum. Accepts only the decimal digits 0 to 9: no
	 * sign, no {@code 0x10}, no digits of other scripts. Otherwise the answer is 400.
	 */
	static long number(String name, String value, long max) {
		long number = 0;
		for (int i = 0; i < value.length(); i++) {
			int digit = value.charAt(i) - '0';
			if (digit < 0 || digit > 9 || digit > max || number > (max - digit) / 10) {
				throw notANumber(name, value, max);
			}
			number = number * 10 + digit;
		}
		if (value.isEmpty()) {
			throw notANumber(name, value, max);
		}
		return number;
	}

	private static ErrorResponseException notANumber(String name, String value, long max) {
		String shown = (value.length() <= SHOWN) ? value : value.substring(0, SHOWN) + "…";
		return badRequest("The parameter '" + name + "' must be a number from 0 to " + max + ", not '" + shown + "'");
	}

	static ErrorResponseException badRequest(String detail) {
		return new ErrorResponseException(HttpStatus.BAD_REQUEST,
				ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail), null);
	}

}
