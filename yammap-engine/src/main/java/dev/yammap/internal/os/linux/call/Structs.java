package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Structures of the C library that are read and written while a file is opened.
 */
public final class Structs {

	private Structs() {
	}

	/**
	 * Returns a structure as a buffer in the byte order of the processor. A segment would
	 * do as well. But for each type of value that is read for the first time it makes a
	 * handle and eight classes, and the start of an application waits for that.
	 */
	public static ByteBuffer of(MemorySegment struct) {
		return struct.asByteBuffer().order(ByteOrder.nativeOrder());
	}

}
