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
import dev.yammap.internal.file.LeakDetector;
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
		return loadInt("getIntVolatile", offset, true);
	}

	@Override
	public int getIntAcquire(long offset) {
		return loadInt("getIntAcquire", offset, false);
	}

	private int loadInt(String operation, long offset, boolean ordered) {
		FaultBarrier.await(this.file.highestBit());
		try {
			MemorySegment bytes = toRead(offset, Integer.BYTES);
			int value = ordered ? (int) Handles.INT.getVolatile(bytes, offset)
					: (int) Handles.INT.getAcquire(bytes, offset);
			return (int) pass(Integer.toUnsignedLong(value));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return repeatMapped(error, operation, offset, Integer.BYTES, () -> loadInt(operation, offset, ordered));
		}
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
			MemorySegment bytes = toWrite(offset, Integer.BYTES);
			if (ordered) {
				Handles.INT.setVolatile(bytes, offset, value);
			}
			else {
				Handles.INT.setRelease(bytes, offset, value);
			}
			await();
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
				pass(Integer.toUnsignedLong((int) Handles.INT.getVolatile(bytes, offset)));
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
			return repeatMapped(error, update + "Int", offset, Integer.BYTES,
					() -> updateInt(update, offset, value, expected));
		}
	}

	@Override
	public long getLongVolatile(long offset) {
		return loadLong("getLongVolatile", offset, true);
	}

	@Override
	public long getLongAcquire(long offset) {
		return loadLong("getLongAcquire", offset, false);
	}

	private long loadLong(String operation, long offset, boolean ordered) {
		FaultBarrier.await(this.file.highestBit());
		try {
			MemorySegment bytes = toRead(offset, Long.BYTES);
			return pass(ordered ? (long) Handles.LONG.getVolatile(bytes, offset)
					: (long) Handles.LONG.getAcquire(bytes, offset));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return repeatMapped(error, operation, offset, Long.BYTES, () -> loadLong(operation, offset, ordered));
		}
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
			MemorySegment bytes = toWrite(offset, Long.BYTES);
			if (ordered) {
				Handles.LONG.setVolatile(bytes, offset, value);
			}
			else {
				Handles.LONG.setRelease(bytes, offset, value);
			}
			await();
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
				pass((long) Handles.LONG.getVolatile(bytes, offset));
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
			return repeatMapped(error, update + "Long", offset, Long.BYTES,
					() -> updateLong(update, offset, value, expected));
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

	private MemorySegment toRead(long offset, long length) {
		this.file.requireReadable();
		return this.file.within(offset, length);
	}

	private MemorySegment toWrite(long offset, long length) {
		this.file.requireOverwritable();
		return this.file.within(offset, length);
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
		long before = pass(value);
		this.dirty.wrote();
		return before;
	}

	/**
	 * Ends a read. Until here it keeps the file from being found lost: see
	 * {@link LeakDetector}.
	 */
	private long pass(long value) {
		LeakDetector.keep(this);
		return FaultBarrier.pass(value, this.file.highestBit());
	}

	/** The same for a write. */
	private void await() {
		LeakDetector.keep(this);
		FaultBarrier.await(this.file.highestBit());
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

		@Override
		public String toString() {
			return this.call;
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
