package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A mounted disk that can lose its power.
 */
interface PoweredDisk extends AutoCloseable {

	Path resolve(String name);

	/**
	 * Cuts the power: from now on nothing reaches the disk, and what did not is lost.
	 */
	void cutPower() throws IOException;

	/**
	 * Starts again after the power was cut. Every file must be closed by then.
	 */
	void startAgain() throws IOException;

	@Override
	void close() throws IOException;

}
