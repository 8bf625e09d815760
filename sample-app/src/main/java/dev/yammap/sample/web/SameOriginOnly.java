package dev.yammap.sample.web;

import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses requests that a page of another site makes a browser send. A browser tells
 * where a request comes from: by {@code Sec-Fetch-Site} if it reached this server by
 * HTTPS or as localhost, otherwise only by {@code Origin}. Other programs send neither
 * header and may do what they like.
 */
final class SameOriginOnly implements HandlerInterceptor {

	private static final Set<String> ALLOWED = Set.of("same-origin", "none");

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (!HttpMethod.GET.matches(request.getMethod()) && isFromAnotherSite(request)) {
			throw new ErrorResponseException(HttpStatus.FORBIDDEN,
					ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, "Another site may not ask for this"), null);
		}
		return true;
	}

	private static boolean isFromAnotherSite(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		return (site != null) ? !ALLOWED.contains(site) : CorsUtils.isCorsRequest(request);
	}

}
