package dev.yammap.internal.file;

import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

import dev.yammap.internal.os.Printable;

/**
 * The exceptions of {@link java.nio.channels} for a file that was not opened for reading
 * or writing. Unlike those of the JDK they have a message.
 */
final class NotPermitted {

	private NotPermitted() {
	}

	static NonReadableChannelException toRead(Path path) {
		String message = Printable.of(path) + " was not opened for reading; add the option READ";
		return new NonReadableChannelException() {

			@Override
			public String getMessage() {
				return message;
			}

		};
	}

	static NonWritableChannelException toWrite(Path path) {
		return notWritable(Printable.of(path) + " was not opened for writing; add the option WRITE");
	}

	static NonWritableChannelException toOverwrite(Path path) {
		return notWritable(Printable.of(path) + " was opened for appending: use append or write, which go to its end");
	}

	private static NonWritableChannelException notWritable(String message) {
		return new NonWritableChannelException() {

			@Override
			public String getMessage() {
				return message;
			}

		};
	}

}
