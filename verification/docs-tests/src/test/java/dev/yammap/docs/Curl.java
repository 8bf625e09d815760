package dev.yammap.docs;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Iterator;
import java.util.List;

/**
 * Understands the part of {@code curl} that the documents use.
 */
final class Curl {

	private static final String ADDRESS = "localhost:8080/";

	private Curl() {
	}

	/**
	 * Returns what a command sends.
	 * @param command the command, to the port that the documents name
	 * @param port the port to send to in fact
	 * @throws IllegalArgumentException for everything that is not understood
	 */
	static HttpRequest request(ShellCommand command, int port) {
		HttpRequest.Builder request = HttpRequest.newBuilder();
		Iterator<String> arguments = command.arguments().iterator();
		String address = "";
		while (arguments.hasNext()) {
			String argument = arguments.next();
			switch (argument) {
				case "-H" -> header(request, arguments.next());
				case "-d" -> request.POST(BodyPublishers.ofString(arguments.next()));
				case "-X" -> request.method(arguments.next(), BodyPublishers.noBody());
				default -> address = argument;
			}
		}
		if (!address.startsWith(ADDRESS)) {
			throw new IllegalArgumentException("'" + address + "' is no address of the sample");
		}
		return request.uri(URI.create("http://localhost:" + port + "/" + address.substring(ADDRESS.length()))).build();
	}

	private static void header(HttpRequest.Builder request, String header) {
		List<String> parts = List.of(header.split(": *", 2));
		request.header(parts.get(0), parts.get(1));
	}

}
