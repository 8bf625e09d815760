package dev.yammap.sample.countries;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An IPv4 address.
 *
 * @param bits the address as an unsigned 32-bit number, its first part in the highest
 * byte
 */
public record Ipv4(int bits) {

	private static final int PARTS = 4;

	/**
	 * Reads only the dotted form: four decimal numbers from 0 to 255, without signs,
	 * spaces or leading zeros, which other programs read as octal.
	 * @param text the dotted form, such as {@code 8.8.8.8}
	 * @return the address
	 * @throws InvalidAddressException if the text is anything else
	 */
	public static Ipv4 parse(String text) {
		int bits = 0;
		int at = 0;
		for (int part = 0; part < PARTS; part++) {
			int end = (part < PARTS - 1) ? text.indexOf('.', at) : text.length();
			int value = (end < 0) ? -1 : parsePart(text, at, end);
			if (value < 0) {
				throw new InvalidAddressException(text);
			}
			bits = (bits << Byte.SIZE) | value;
			at = end + 1;
		}
		return new Ipv4(bits);
	}

	private static int parsePart(String text, int start, int end) {
		int length = end - start;
		if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
			return -1;
		}
		int value = 0;
		for (int i = start; i < end; i++) {
			char digit = text.charAt(i);
			if (digit < '0' || digit > '9') {
				return -1;
			}
			value = value * 10 + (digit - '0');
		}
		return (value <= 255) ? value : -1;
	}

	/**
	 * Returns the dotted form.
	 */
	@Override
	@JsonValue
	public String toString() {
		return (this.bits >>> 24) + "." + ((this.bits >>> 16) & 0xFF) + "." + ((this.bits >>> 8) & 0xFF) + "."
				+ (this.bits & 0xFF);
	}

}
