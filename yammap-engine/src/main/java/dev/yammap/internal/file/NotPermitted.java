package dev.yammap.internal.file;

import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/**
 * The exceptions of {@link java.nio.channels} for a file that was not opened for reading
 * or writing. Unlike those of the JDK they have a message.
 */
final class NotPermitted {

	private NotPermitted() {
	}

	static NonReadableChannelException toRead(Path path) {
		return new NotReadable(path + " was not opened for reading; add the option READ");
	}

	static NonWritableChannelException toWrite(Path path) {
		return new NotWritable(path + " was not opened for writing; add the option WRITE");
	}

	static NonWritableChannelException toOverwrite(Path path) {
		return new NotWritable(path + " was opened for appending: use append or write, which go to its end");
	}

	private static final class NotReadable extends NonReadableChannelException {

		private static final long serialVersionUID = 1L;

		private final String message;

		NotReadable(String message) {
			this.message = message;
		}

		@Override
		public String getMessage() {
			return this.message;
		}

	}

	private static final class NotWritable extends NonWritableChannelException {

		private static final long serialVersionUID = 1L;

		private final String message;

		NotWritable(String message) {
			this.message = message;
		}

		@Override
		public String getMessage() {
			return this.message;
		}

	}

}
