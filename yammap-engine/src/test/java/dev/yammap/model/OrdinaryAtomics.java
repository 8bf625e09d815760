package dev.yammap.model;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.yammap.MmapAtomics;

/**
 * The atomic calls of an {@link OrdinaryFile}, which one thread uses.
 */
final class OrdinaryAtomics implements MmapAtomics {

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final OrdinaryMemory memory;

	OrdinaryAtomics(OrdinaryMemory memory) {
		this.memory = memory;
	}

	@Override
	public int getIntVolatile(long offset) {
		return this.memory.get(INT, offset);
	}

	@Override
	public int getIntAcquire(long offset) {
		return this.memory.get(INT, offset);
	}

	@Override
	public void setIntVolatile(long offset, int value) {
		this.memory.set(INT, offset, value);
	}

	@Override
	public void setIntRelease(long offset, int value) {
		this.memory.set(INT, offset, value);
	}

	@Override
	public int getAndAddInt(long offset, int delta) {
		this.memory.requireReadable();
		this.memory.requireOverwritable();
		int before = this.memory.get(INT, offset);
		this.memory.set(INT, offset, before + delta);
		return before;
	}

	@Override
	public int getAndSetInt(long offset, int value) {
		int before = getAndAddInt(offset, 0);
		this.memory.set(INT, offset, value);
		return before;
	}

	@Override
	public boolean compareAndSetInt(long offset, int expected, int value) {
		return compareAndExchangeInt(offset, expected, value) == expected;
	}

	@Override
	public int compareAndExchangeInt(long offset, int expected, int value) {
		int before = getAndAddInt(offset, 0);
		if (before == expected) {
			this.memory.set(INT, offset, value);
		}
		return before;
	}

	@Override
	public long getLongVolatile(long offset) {
		return this.memory.get(LONG, offset);
	}

	@Override
	public long getLongAcquire(long offset) {
		return this.memory.get(LONG, offset);
	}

	@Override
	public void setLongVolatile(long offset, long value) {
		this.memory.set(LONG, offset, value);
	}

	@Override
	public void setLongRelease(long offset, long value) {
		this.memory.set(LONG, offset, value);
	}

	@Override
	public long getAndAddLong(long offset, long delta) {
		this.memory.requireReadable();
		this.memory.requireOverwritable();
		long before = this.memory.get(LONG, offset);
		this.memory.set(LONG, offset, before + delta);
		return before;
	}

	@Override
	public long getAndSetLong(long offset, long value) {
		long before = getAndAddLong(offset, 0);
		this.memory.set(LONG, offset, value);
		return before;
	}

	@Override
	public boolean compareAndSetLong(long offset, long expected, long value) {
		return compareAndExchangeLong(offset, expected, value) == expected;
	}

	@Override
	public long compareAndExchangeLong(long offset, long expected, long value) {
		long before = getAndAddLong(offset, 0);
		if (before == expected) {
			this.memory.set(LONG, offset, value);
		}
		return before;
	}

}
