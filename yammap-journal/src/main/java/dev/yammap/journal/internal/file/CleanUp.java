package dev.yammap.journal.internal.file;

import java.io.Closeable;
import java.io.IOException;

/**
 * What is done about what a failure leaves. If that fails too, it does not hide the first
 * failure, which is the one to know of.
 */
public final class CleanUp {

	private CleanUp() {
	}

	/**
	 * Takes a step after a failure, which the caller throws.
	 * @param failure gets the failure of the step, if there is one
	 */
	public static void after(Throwable failure, Closeable step) {
		try {
			step.close();
		}
		catch (IOException | RuntimeException | Error second) {
			failure.addSuppressed(second);
		}
	}

}
