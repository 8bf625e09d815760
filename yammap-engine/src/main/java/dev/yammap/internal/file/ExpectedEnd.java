package dev.yammap.internal.file;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.BackendFile;

/**
 * Where a file should end, as long as nobody has asked the operating system. Under an
 * exclusive lock of ours that end is believed, and the next sync checks it. The
 * {@link SizeLock} guards all fields that are not volatile.
 */
final class ExpectedEnd {

	private static final long NOWHERE = -1;

	/** An append began and did not end: a part of it may be in the file. */
	private static final long HALF_WAY = -2;

	private final MappedFile file;

	private final BackendFile backing;

	private final SizeLock lock;

	/**
	 * Whether a write or append has believed the end since the operating system was last
	 * asked.
	 */
	private volatile boolean believed;

	/** Where the append that is under way should end. */
	private long next;

	/** Where the last append should have ended. */
	private long last = NOWHERE;

	/**
	 * What is wrong with the end, as the rest of a message; {@code null} if nothing is. A
	 * truncation clears it.
	 */
	private volatile @Nullable String surprise;

	/** Whether a caller was told of that. */
	private volatile boolean told;

	ExpectedEnd(MappedFile file, BackendFile backing, SizeLock lock) {
		this.file = file;
		this.lock = lock;
		this.backing = backing;
	}

	/** Notes that a change relies on the known end. */
	void believe() {
		// A volatile write would cost more than this read.
		if (!this.believed) {
			this.believed = true;
		}
	}

	/** Notes that an append begins, and where it should end. */
	void appending(long end) {
		believe();
		this.next = end;
		this.last = HALF_WAY;
	}

	/** Notes that the append was made, but may be taken back. */
	void failed() {
		this.last = HALF_WAY;
	}

	/** Notes that the append was made. Returns where it should have ended. */
	long appended() {
		this.last = this.next;
		return this.last;
	}

	/** If the end was believed, asks the operating system whether that was right. */
	void check() throws IOException {
		if (!this.believed) {
			return;
		}
		this.lock.lock();
		try {
			if (this.believed) {
				this.file.requireOpen();
				ask();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void ask() throws IOException {
		long actual = this.backing.size();
		if (actual < this.file.size()) {
			this.surprise = this.lock.reason(actual);
		}
		else if (!isAppendExpected(actual)) {
			this.surprise = ": somebody else wrote to it although it is locked, or a part of a failed append stays."
					+ " So what was appended since the last sync may be at other offsets than append returned. Open"
					+ " it again, and keep others from writing to it";
		}
		this.believed = false;
		this.last = NOWHERE;
	}

	private boolean isAppendExpected(long actual) throws IOException {
		if (this.last == HALF_WAY) {
			return actual == this.file.size();
		}
		try {
			return this.last == NOWHERE || this.backing.appendedEnd() == this.last;
		}
		catch (MappedFaultException ex) {
			// It went behind what others wrote, and was cut off since.
			return false;
		}
	}

	/**
	 * Fails if a check found another end.
	 * @throws MappedFaultException if one did
	 */
	void require(String operation) throws MappedFaultException {
		String found = this.surprise;
		if (found != null) {
			this.told = true;
			throw this.lock.fault(operation, found);
		}
	}

	boolean isTold() {
		return this.told;
	}

	/** Forgets what others did to the file: it has a new end now. */
	void truncated() {
		this.believed = false;
		this.last = NOWHERE;
		this.surprise = null;
		this.told = false;
	}

	/**
	 * Makes the exception for an append that went where others had cut the file off.
	 * Every later one fails before it writes anything.
	 * @param actual where it went
	 * @param staying what stays in the file, for the message
	 */
	MappedFaultException cutOff(String operation, long actual, String staying) {
		String found = this.lock.reason(actual);
		this.surprise = found;
		this.told = true;
		return this.lock.fault(operation, found + staying);
	}

}
