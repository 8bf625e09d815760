package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Consumer;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.FaultGuard;
import dev.yammap.internal.fault.FaultGuard.Access;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.file.MappedFile;

/**
 * Single values and atomics, little-endian. Every access is followed by the
 * {@link FaultBarrier}, before its value leaves.
 * <p>
 * An atomic update of a page that cannot be had would end the virtual machine when
 * interpreted, where HotSpot does not guard it. So the page is read first, guarded, and
 * the operating system is asked to make it ready to be written to: a hole needs a disk
 * block, and a page of a disk that is gone is never ready. That is asked once for each
 * page, but before each update where the file system may need another block each time.
 * Nor does the file itself take the page away between that and the update, see
 * {@link UpdateGate}. What remains is a file that somebody else shortens, or a disk that
 * goes. (A fault of somebody else's that is pending must arrive before an update is
 * counted.)
 */
public final class Values {

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final MappedFile file;

	private final FaultGuard guard;

	private final UpdateGate updates;

	public Values(MappedFile file, FaultGuard guard) {
		this.file = file;
		this.guard = guard;
		this.updates = file.reach().updates();
	}

	public byte getByte(long offset) {
		FaultBarrier.await();
		try {
			return (byte) pass(toRead(offset, Byte.BYTES).get(ValueLayout.JAVA_BYTE, offset) & 0xFFL);
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getByte", offset, Byte.BYTES, () -> getByte(offset),
					() -> this.file.reach().load(offset, Byte.BYTES).get(ValueLayout.JAVA_BYTE, 0));
		}
	}

	public void putByte(long offset, byte value) {
		FaultBarrier.await();
		try {
			toWrite(offset, Byte.BYTES).set(ValueLayout.JAVA_BYTE, offset, value);
			await();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "putByte", offset, Byte.BYTES, Access.of(() -> putByte(offset, value)),
					Access.of(() -> store(offset, Byte.BYTES, (bytes) -> bytes.set(ValueLayout.JAVA_BYTE, 0, value))));
		}
	}

	public int getInt(long offset) {
		FaultBarrier.await();
		try {
			return (int) pass(Integer.toUnsignedLong(toRead(offset, Integer.BYTES).get(INT, offset)));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getInt", offset, Integer.BYTES, () -> getInt(offset),
					() -> this.file.reach().load(offset, Integer.BYTES).get(INT, 0));
		}
	}

	public void putInt(long offset, int value) {
		FaultBarrier.await();
		try {
			toWrite(offset, Integer.BYTES).set(INT, offset, value);
			await();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "putInt", offset, Integer.BYTES, Access.of(() -> putInt(offset, value)),
					Access.of(() -> store(offset, Integer.BYTES, (bytes) -> bytes.set(INT, 0, value))));
		}
	}

	public long getLong(long offset) {
		FaultBarrier.await();
		try {
			return pass(toRead(offset, Long.BYTES).get(LONG, offset));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getLong", offset, Long.BYTES, () -> getLong(offset),
					() -> this.file.reach().load(offset, Long.BYTES).get(LONG, 0));
		}
	}

	public void putLong(long offset, long value) {
		FaultBarrier.await();
		try {
			toWrite(offset, Long.BYTES).set(LONG, offset, value);
			await();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "putLong", offset, Long.BYTES, Access.of(() -> putLong(offset, value)),
					Access.of(() -> store(offset, Long.BYTES, (bytes) -> bytes.set(LONG, 0, value))));
		}
	}

	public int getIntVolatile(long offset) {
		FaultBarrier.await();
		try {
			return (int) pass(
					Integer.toUnsignedLong((int) Atomic.INT.getVolatile(toRead(offset, Integer.BYTES), offset)));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getIntVolatile", offset, Integer.BYTES,
					() -> getIntVolatile(offset));
		}
	}

	public void putIntVolatile(long offset, int value) {
		FaultBarrier.await();
		try {
			Atomic.INT.setVolatile(toWrite(offset, Integer.BYTES), offset, value);
			await();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "putIntVolatile", offset, Integer.BYTES,
					Access.of(() -> putIntVolatile(offset, value)));
		}
	}

	public int getAndAddInt(long offset, int delta) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			return (int) pass(Integer.toUnsignedLong((int) Atomic.INT.getAndAdd(toUpdateInt(offset), offset, delta)));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getAndAddInt", offset, Integer.BYTES,
					() -> getAndAddInt(offset, delta));
		}
	}

	public int getAndSetInt(long offset, int value) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			return (int) pass(Integer.toUnsignedLong((int) Atomic.INT.getAndSet(toUpdateInt(offset), offset, value)));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getAndSetInt", offset, Integer.BYTES,
					() -> getAndSetInt(offset, value));
		}
	}

	public boolean compareAndSetInt(long offset, int expected, int value) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			boolean result = Atomic.INT.compareAndSet(toUpdateInt(offset), offset, expected, value);
			await();
			return result;
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "compareAndSetInt", offset, Integer.BYTES,
					() -> compareAndSetInt(offset, expected, value));
		}
	}

	public long getLongVolatile(long offset) {
		FaultBarrier.await();
		try {
			return pass((long) Atomic.LONG.getVolatile(toRead(offset, Long.BYTES), offset));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getLongVolatile", offset, Long.BYTES,
					() -> getLongVolatile(offset));
		}
	}

	public void putLongVolatile(long offset, long value) {
		FaultBarrier.await();
		try {
			Atomic.LONG.setVolatile(toWrite(offset, Long.BYTES), offset, value);
			await();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "putLongVolatile", offset, Long.BYTES,
					Access.of(() -> putLongVolatile(offset, value)));
		}
	}

	public long getAndAddLong(long offset, long delta) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			return pass((long) Atomic.LONG.getAndAdd(toUpdateLong(offset), offset, delta));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getAndAddLong", offset, Long.BYTES,
					() -> getAndAddLong(offset, delta));
		}
	}

	public long getAndSetLong(long offset, long value) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			return pass((long) Atomic.LONG.getAndSet(toUpdateLong(offset), offset, value));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "getAndSetLong", offset, Long.BYTES,
					() -> getAndSetLong(offset, value));
		}
	}

	public boolean compareAndSetLong(long offset, long expected, long value) {
		FaultBarrier.await();
		try (UpdateGate _ = this.updates.begin()) {
			boolean result = Atomic.LONG.compareAndSet(toUpdateLong(offset), offset, expected, value);
			await();
			return result;
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "compareAndSetLong", offset, Long.BYTES,
					() -> compareAndSetLong(offset, expected, value));
		}
	}

	private MemorySegment toRead(long offset, long length) {
		this.file.requireReadable();
		return this.file.within(offset, length);
	}

	private MemorySegment toWrite(long offset, long length) {
		this.file.requireOverwritable();
		return this.file.within(offset, length);
	}

	private MemorySegment toUpdateInt(long offset) {
		MemorySegment mapping = toUpdate(offset, Integer.BYTES);
		pass(Integer.toUnsignedLong((int) Atomic.INT.getVolatile(mapping, offset)));
		requireWritablePage(offset);
		return mapping;
	}

	private MemorySegment toUpdateLong(long offset) {
		MemorySegment mapping = toUpdate(offset, Long.BYTES);
		pass((long) Atomic.LONG.getVolatile(mapping, offset));
		requireWritablePage(offset);
		return mapping;
	}

	private MemorySegment toUpdate(long offset, long length) {
		this.file.requireReadable();
		return toWrite(offset, length);
	}

	private void requireWritablePage(long offset) {
		if (!this.file.reach().makeWritable(offset)) {
			throw FaultBarrier.fault();
		}
	}

	/** Ends a read, and with it what keeps a lost file: see {@link LeakDetector}. */
	private long pass(long value) {
		LeakDetector.keep(this);
		return FaultBarrier.pass(value);
	}

	/** The same for an access that gives no value, or not one of the file. */
	private void await() {
		LeakDetector.keep(this);
		FaultBarrier.await();
	}

	private void store(long offset, int length, Consumer<MemorySegment> value) throws IOException {
		byte[] bytes = new byte[length];
		value.accept(MemorySegment.ofArray(bytes));
		this.file.reach().store(offset, bytes);
	}

	/**
	 * Made when they are first used: two handles take 1 ms, which the start of an
	 * application need not wait for.
	 */
	private static final class Atomic {

		static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

		static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

	}

}
