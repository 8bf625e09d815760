package dev.yammap.sample.web;

import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses requests that a page of another site makes a browser send. Every browser tells
 * where a request comes from ({@code Sec-Fetch-Site}); other programs send no such header
 * and may do what they like.
 */
final class SameOriginOnly implements HandlerInterceptor {

	private static final Set<String> ALLOWED = Set.of("same-origin", "none");

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		String site = request.getHeader("Sec-Fetch-Site");
		if (site != null && !ALLOWED.contains(site) && !HttpMethod.GET.matches(request.getMethod())) {
			throw new ErrorResponseException(HttpStatus.FORBIDDEN,
					ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, "Another site may not ask for this"), null);
		}
		return true;
	}

}
