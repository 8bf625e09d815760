package dev.yammap.journal.tool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Where the command writes to. Keeps the first failure, of which a {@link PrintStream}
 * says nothing.
 */
final class Output extends FilterOutputStream {

	private @Nullable IOException failure;

	Output(OutputStream out) {
		super(out);
	}

	/** Returns why something was not written, or null if all was. */
	@Nullable IOException failure() {
		return this.failure;
	}

	/**
	 * Tells whether whoever reads the output has enough of it, as {@code head} does after
	 * some lines. The operating system says so in its own words (EPIPE), some of them in
	 * the language of the user.
	 */
	boolean isReaderGone() {
		IOException met = this.failure;
		return met != null && String.valueOf(met.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
	}

	@Override
	public void write(int one) throws IOException {
		write(new byte[] { (byte) one }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			this.out.write(bytes, offset, length);
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	@Override
	public void flush() throws IOException {
		try {
			this.out.flush();
		}
		catch (IOException ex) {
			throw failed(ex);
		}
		if (this.out instanceof PrintStream stream && stream.checkError()) {
			throw failed(new IOException("it failed"));
		}
	}

	private IOException failed(IOException met) {
		if (this.failure == null) {
			this.failure = met;
		}
		return met;
	}

}
