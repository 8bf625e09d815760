package dev.yammap.internal.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import dev.yammap.MmapAtomics;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.UpdateGate;
import dev.yammap.internal.os.IoCall;

/**
 * Atomic ints and longs, little-endian. The {@link FaultBarrier} follows every access,
 * before its value leaves.
 * <p>
 * If the page of an atomic update is unavailable, an interpreted update would end the
 * virtual machine, as HotSpot does not guard it. So the page is read first, guarded, and
 * the operating system is asked to make it ready to be written: a hole needs a disk
 * block, and a page of a lost disk never gets ready. It is asked once for each page, but
 * before each update if the file system may need another block each time. The
 * {@link UpdateGate} keeps this file from taking the page away in between. Two cases
 * remain: another process shortens the file, or the disk disappears.
 */
public final class Atomics implements MmapAtomics {

	private final MappedFile file;

	private final FileGrowth growth;

	private final SlowPath slow;

	private final FaultGuard guard;

	private final UpdateGate updates;

	private final DirtyFlag dirty;

	private final boolean updatable;

	public Atomics(MappedFile file, FileGrowth growth, SlowPath slow, DirtyFlag dirty, FaultGuard guard) {
		this.file = file;
		this.growth = growth;
		this.slow = slow;
		this.guard = guard;
		this.updates = growth.gate();
		this.dirty = dirty;
		this.updatable = file.isReadable() && file.isWritable() && !file.isAppend();
	}

	@Override
	public int getIntVolatile(long offset) {
		return (int) load("getIntVolatile", offset, Integer.BYTES, true);
	}

	@Override
	public int getIntAcquire(long offset) {
		return (int) load("getIntAcquire", offset, Integer.BYTES, false);
	}

	@Override
	public void setIntVolatile(long offset, int value) {
		storeInt("setIntVolatile", offset, value, true);
	}

	@Override
	public void setIntRelease(long offset, int value) {
		storeInt("setIntRelease", offset, value, false);
	}

	private void storeInt(String operation, long offset, int value, boolean ordered) {
		FaultBarrier.await(this.file.highestBit());
		try {
			this.file.requireOverwritable();
			MemorySegment bytes = this.file.within(offset, Integer.BYTES);
			if (ordered) {
				Handles.INT.setVolatile(bytes, offset, value);
			}
			else {
				Handles.INT.setRelease(bytes, offset, value);
			}
			FaultBarrier.await(this, this.file.highestBit());
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			repeatMapped(error, operation, offset, Integer.BYTES,
					IoCall.of(() -> storeInt(operation, offset, value, ordered)));
		}
	}

	@Override
	public int getAndAddInt(long offset, int delta) {
		return updateInt(Update.ADD, offset, delta, 0);
	}

	@Override
	public int getAndSetInt(long offset, int value) {
		return updateInt(Update.SET, offset, value, 0);
	}

	@Override
	public boolean compareAndSetInt(long offset, int expected, int value) {
		return updateInt(Update.COMPARE_AND_SET, offset, value, expected) == expected;
	}

	@Override
	public int compareAndExchangeInt(long offset, int expected, int value) {
		return updateInt(Update.EXCHANGE, offset, value, expected);
	}

	private int updateInt(Update update, long offset, int value, int expected) {
		FaultBarrier.await(this.file.highestBit());
		try {
			int lane = this.updates.begin();
			try {
				MemorySegment bytes = toUpdate(offset, Integer.BYTES);
				int present = (int) Handles.INT.getVolatile(bytes, offset);
				FaultBarrier.pass(this, Integer.toUnsignedLong(present), this.file.highestBit());
				requireWritablePage(offset);
				int before = (update == Update.ADD) ? (int) Handles.INT.getAndAdd(bytes, offset, value)
						: (update == Update.SET) ? (int) Handles.INT.getAndSet(bytes, offset, value)
								: (int) Handles.INT.compareAndExchange(bytes, offset, expected, value);
				return (int) updated(Integer.toUnsignedLong(before));
			}
			finally {
				this.updates.end(lane);
			}
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return repeatMapped(error, update.call + "Int", offset, Integer.BYTES,
					() -> updateInt(update, offset, value, expected));
		}
	}

	@Override
	public long getLongVolatile(long offset) {
		return load("getLongVolatile", offset, Long.BYTES, true);
	}

	@Override
	public long getLongAcquire(long offset) {
		return load("getLongAcquire", offset, Long.BYTES, false);
	}

	@Override
	public void setLongVolatile(long offset, long value) {
		storeLong("setLongVolatile", offset, value, true);
	}

	@Override
	public void setLongRelease(long offset, long value) {
		storeLong("setLongRelease", offset, value, false);
	}

	private void storeLong(String operation, long offset, long value, boolean ordered) {
		FaultBarrier.await(this.file.highestBit());
		try {
			this.file.requireOverwritable();
			MemorySegment bytes = this.file.within(offset, Long.BYTES);
			if (ordered) {
				Handles.LONG.setVolatile(bytes, offset, value);
			}
			else {
				Handles.LONG.setRelease(bytes, offset, value);
			}
			FaultBarrier.await(this, this.file.highestBit());
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			repeatMapped(error, operation, offset, Long.BYTES,
					IoCall.of(() -> storeLong(operation, offset, value, ordered)));
		}
	}

	@Override
	public long getAndAddLong(long offset, long delta) {
		return updateLong(Update.ADD, offset, delta, 0);
	}

	@Override
	public long getAndSetLong(long offset, long value) {
		return updateLong(Update.SET, offset, value, 0);
	}

	@Override
	public boolean compareAndSetLong(long offset, long expected, long value) {
		return updateLong(Update.COMPARE_AND_SET, offset, value, expected) == expected;
	}

	@Override
	public long compareAndExchangeLong(long offset, long expected, long value) {
		return updateLong(Update.EXCHANGE, offset, value, expected);
	}

	private long updateLong(Update update, long offset, long value, long expected) {
		FaultBarrier.await(this.file.highestBit());
		try {
			int lane = this.updates.begin();
			try {
				MemorySegment bytes = toUpdate(offset, Long.BYTES);
				FaultBarrier.pass(this, (long) Handles.LONG.getVolatile(bytes, offset), this.file.highestBit());
				requireWritablePage(offset);
				long before = (update == Update.ADD) ? (long) Handles.LONG.getAndAdd(bytes, offset, value)
						: (update == Update.SET) ? (long) Handles.LONG.getAndSet(bytes, offset, value)
								: (long) Handles.LONG.compareAndExchange(bytes, offset, expected, value);
				return updated(before);
			}
			finally {
				this.updates.end(lane);
			}
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return repeatMapped(error, update.call + "Long", offset, Long.BYTES,
					() -> updateLong(update, offset, value, expected));
		}
	}

	/**
	 * Loads an int or a long.
	 * @param length its width in bytes, a constant, so that compiled code has one load
	 * @return its bits, and zeros above them
	 */
	private long load(String operation, long offset, int length, boolean ordered) {
		FaultBarrier.await(this.file.highestBit());
		try {
			this.file.requireReadable();
			MemorySegment bytes = this.file.within(offset, length);
			long value;
			if (length == Long.BYTES) {
				value = ordered ? (long) Handles.LONG.getVolatile(bytes, offset)
						: (long) Handles.LONG.getAcquire(bytes, offset);
			}
			else {
				value = Integer.toUnsignedLong(ordered ? (int) Handles.INT.getVolatile(bytes, offset)
						: (int) Handles.INT.getAcquire(bytes, offset));
			}
			return FaultBarrier.pass(this, value, this.file.highestBit());
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return repeatMapped(error, operation, offset, length, () -> load(operation, offset, length, ordered));
		}
	}

	/**
	 * Repeats an access. If it failed because its place was not mapped, the whole file is
	 * mapped first.
	 */
	private <T> T repeatMapped(Throwable failure, String operation, long offset, long length, IoCall<T> access) {
		return this.guard.repeatUnchecked(failure, operation, offset, length, access, () -> {
			this.growth.lock().map(offset, length);
			return access.call();
		});
	}

	private MemorySegment toUpdate(long offset, long length) {
		if (!this.updatable) {
			this.file.requireReadable();
			this.file.requireOverwritable();
		}
		return this.file.within(offset, length);
	}

	private void requireWritablePage(long offset) {
		if (!this.slow.makeWritable(offset)) {
			throw FaultBarrier.fault();
		}
	}

	private long updated(long value) {
		long before = FaultBarrier.pass(this, value, this.file.highestBit());
		this.dirty.wrote();
		return before;
	}

	/**
	 * The kinds of update. They are compared instead of switched on: a comparison of
	 * constants costs nothing in compiled code.
	 */
	private enum Update {

		ADD("getAndAdd"), SET("getAndSet"), COMPARE_AND_SET("compareAndSet"), EXCHANGE("compareAndExchange");

		private final String call;

		Update(String call) {
			this.call = call;
		}

	}

	/**
	 * The handles. They are made when they are first used: making both takes 1 ms, and
	 * the start of an application need not wait for that.
	 */
	private static final class Handles {

		static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

		static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

	}

}
