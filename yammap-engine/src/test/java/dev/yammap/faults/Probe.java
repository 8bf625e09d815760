package dev.yammap.faults;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * Calls operations, and tells where a fault arrived. What an operation returns is stored
 * and looked at later: to branch on it would make the virtual machine deliver the fault
 * all by itself, and prove nothing.
 */
final class Probe {

	static final byte FILL = 0x5A;

	static final char CHAR_FILL = 0x5A5A;

	static final int INT_FILL = 0x5A5A_5A5A;

	static final long LONG_FILL = 0x5A5A_5A5A_5A5A_5A5AL;

	static final int LARGE = 100_000;

	private static final long UNTOUCHED = 0xDEAD_BEEFL;

	final Mmap file;

	final FileChannel channel;

	final byte[] source = filled(LARGE);

	final byte[] target = filled(LARGE);

	final int[] table = new int[256];

	final ByteBuffer heapSource = ByteBuffer.wrap(filled(64));

	final ByteBuffer heapTarget = ByteBuffer.wrap(filled(64));

	final ByteBuffer directSource = ByteBuffer.allocateDirect(64).put(filled(64)).clear();

	final ByteBuffer directTarget = ByteBuffer.allocateDirect(64);

	private long value;

	private boolean done = true;

	private long returns;

	Probe(Mmap file) {
		this.file = file;
		this.channel = file.channel();
		Arrays.fill(this.table, INT_FILL);
	}

	static byte[] filled(int length) {
		byte[] bytes = new byte[length];
		Arrays.fill(bytes, FILL);
		return bytes;
	}

	/**
	 * What every operation does with its result.
	 */
	void returned(long value) {
		this.value = value;
		this.returns++;
	}

	void returnedDone(boolean done) {
		this.done &= done;
		returned(1);
	}

	/**
	 * Returns what the last operation returned.
	 */
	long value() {
		return this.value;
	}

	/**
	 * Calls the operation on pages that are there.
	 */
	void succeed(Operation operation, long offset, int calls, int stride) throws Exception {
		long before = this.returns;
		for (int i = 0; i < calls; i++) {
			operation.call(this, offset + (long) (i & 7) * stride);
		}
		check(this.returns == before + calls, operation, "did not return every time");
		check(this.value == operation.expected(), operation, "returned " + this.value);
		check(this.done, operation, "returned false");
	}

	/**
	 * Calls the operation on a page that cannot be had: the call itself must say so.
	 */
	void fault(Operation operation, long offset) {
		long before = this.returns;
		this.value = UNTOUCHED;
		Throwable thrown = attempt(operation, offset);
		check(this.returns == before, operation, "returned " + this.value + ", then: " + thrown);
		check(this.value == UNTOUCHED, operation, "let the value " + this.value + " out");
		check(thrown != null, operation, "returned nothing and threw nothing");
		Throwable fault = (operation.isMemoryCall() && thrown instanceof UncheckedIOException) ? thrown.getCause()
				: thrown;
		check(fault instanceof MappedFaultException, operation, "threw " + thrown);
		String message = String.valueOf((fault != null) ? fault.getMessage() : null);
		check(message.contains(this.file.path().toString()), operation, "does not name the file: " + message);
	}

	@SuppressWarnings("CatchingUnchecked")
	private @Nullable Throwable attempt(Operation operation, long offset) {
		try {
			operation.call(this, offset);
			return null;
		}
		catch (Exception | InternalError ex) {
			return ex;
		}
	}

	private static void check(boolean holds, Operation operation, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(operation + " " + otherwise);
		}
	}

}
