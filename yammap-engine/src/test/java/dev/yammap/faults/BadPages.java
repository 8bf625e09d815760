package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file whose second half has pages only some of the time.
 */
interface BadPages extends AutoCloseable {

	/**
	 * The offset from which on the pages come and go.
	 */
	long HALF = 1L << 20;

	/**
	 * The size of the file.
	 */
	long SIZE = 2 * HALF;

	Path file();

	/**
	 * Tells whether the operation cannot be done without the pages.
	 */
	boolean concerns(FaultProgram.Opening opening, Operation operation);

	/**
	 * Tells whether the pages can be brought back.
	 */
	boolean isMendable();

	/**
	 * Takes the pages away.
	 */
	void spoil() throws IOException;

	/**
	 * Brings the pages back, filled.
	 */
	void mend() throws IOException;

	@Override
	void close() throws IOException;

}
