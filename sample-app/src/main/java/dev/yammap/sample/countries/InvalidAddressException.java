package dev.yammap.sample.countries;

/**
 * A text that is not an IPv4 address.
 */
public class InvalidAddressException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private static final int SHOWN = 40;

	InvalidAddressException(String text) {
		super("'" + ((text.length() <= SHOWN) ? text : text.substring(0, SHOWN) + "…")
				+ "' is not an IPv4 address: four numbers from 0 to 255 are needed, with dots between them and "
				+ "without leading zeros");
	}

}
