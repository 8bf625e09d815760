package dev.yammap.sample.web;

import java.io.IOException;
import java.io.Writer;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Answers with a problem detail (RFC 9457) where Tomcat would answer with HTML: to
 * requests that Tomcat refuses before Spring MVC sees them, such as a malformed URL, and
 * to failures that nobody handled. Also forbids browsers to guess the type of an answer.
 */
final class ProblemValve extends ErrorReportValve {

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		forbidSniffing(response);
		super.invoke(request, response);
	}

	@Override
	protected void report(Request request, Response response, @Nullable Throwable failure) {
		if (response.getStatus() < HttpStatus.BAD_REQUEST.value() || response.getContentWritten() > 0
				|| !response.setErrorReported()) {
			return;
		}
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		String title = (status != null) ? status.getReasonPhrase() : "Error";
		try {
			forbidSniffing(response);
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			Writer writer = response.getReporter();
			// Null if the application has begun an answer.
			if (writer != null) {
				writer.write("{\"title\":\"" + title + "\",\"status\":" + response.getStatus() + "}");
				response.finishResponse();
			}
		}
		catch (IOException ex) {
			this.container.getLogger().debug("A client was gone before its answer", ex);
		}
	}

	private static void forbidSniffing(Response response) {
		response.setHeader("X-Content-Type-Options", "nosniff");
	}

}
