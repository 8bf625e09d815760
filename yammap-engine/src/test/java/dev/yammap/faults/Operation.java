package dev.yammap.faults;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.Whence;

/**
 * Every call of {@link Mmap} that touches the mapping. Each is a method of its own, for
 * the compiler to inline the engine's code into it.
 */
enum Operation {

	READ_AT_8(Kind.READ, 8, (probe, offset) -> probe.returned(probe.file.readAt(probe.target, 0, 8, offset))),

	READ_AT_64(Kind.READ, 64, (probe, offset) -> probe.returned(probe.file.readAt(probe.target, 0, 64, offset))),

	READ_AT_4096(Kind.READ, 4096, (probe, offset) -> probe.returned(probe.file.readAt(probe.target, 0, 4096, offset))),

	READ_AT_LARGE(Kind.READ, Probe.LARGE, (probe, offset) -> probe.returned(probe.file.readAt(probe.target, offset))),

	READ_AT_ACROSS_THE_EDGE(Kind.READ, 64,
			(probe, offset) -> probe.returned(probe.file.readAt(probe.target, 0, 64, offset - 32))),

	READ_AT_HEAP_BUFFER(Kind.READ, 64,
			(probe, offset) -> probe.returned(probe.file.readAt(probe.heapTarget.clear(), offset))),

	READ_AT_DIRECT_BUFFER(Kind.READ, 64,
			(probe, offset) -> probe.returned(probe.file.readAt(probe.directTarget.clear(), offset))),

	READ(Kind.READ, 64, (probe, offset) -> {
		probe.file.seek(offset, Whence.START);
		probe.returned(probe.file.read(probe.target, 0, 64));
	}),

	READ_BUFFER(Kind.READ, 64, (probe, offset) -> {
		probe.file.seek(offset, Whence.START);
		probe.returned(probe.file.read(probe.heapTarget.clear()));
	}),

	CHANNEL_READ(Kind.READ, 64,
			(probe, offset) -> probe.returned(probe.channel.position(offset).read(probe.heapTarget.clear()))),

	CHANNEL_SCATTER(Kind.READ, 128,
			(probe, offset) -> probe.returned(probe.channel.position(offset)
				.read(new ByteBuffer[] { probe.heapTarget.clear(), probe.directTarget.clear() }))),

	CHANNEL_READ_AT(Kind.READ, 64,
			(probe, offset) -> probe.returned(probe.channel.read(probe.heapTarget.clear(), offset))),

	CHANNEL_TRANSFER_TO(Kind.READ, 64,
			(probe, offset) -> probe
				.returned(probe.channel.transferTo(offset, 64, Channels.newChannel(OutputStream.nullOutputStream())))),

	ACCESS(Kind.READ, Probe.LONG_FILL,
			(probe, offset) -> probe
				.returned(probe.file.access(offset, 8, (view) -> view.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)))),

	ACCESS_LONG(Kind.READ, Probe.LONG_FILL,
			(probe, offset) -> probe
				.returned(probe.file.accessLong(offset, 8, (view) -> view.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)))),

	ACCESS_LONG_CHAR(Kind.READ, Probe.CHAR_FILL,
			(probe, offset) -> probe
				.returned(probe.file.accessLong(offset, 2, (view) -> view.get(ValueLayout.JAVA_CHAR_UNALIGNED, 0)))),

	ACCESS_LONG_CHECKED_INDEX(Kind.READ, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.accessLong(offset, 4,
					(view) -> probe.table[view.get(ValueLayout.JAVA_INT_UNALIGNED, 0) - Probe.INT_FILL]))),

	ACCESS_LONG_THAT_THROWS(Kind.READ, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.accessLong(offset, 4,
					(view) -> requireFill(view.get(ValueLayout.JAVA_INT_UNALIGNED, 0))))),

	ACCESS_IN_A_LOOP(Kind.READ, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.access(offset, 64, Operation::foldLongs))),

	ACCESS_UNSIGNED_INTS_IN_A_LOOP(Kind.READ, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.access(offset, 64, Operation::foldUnsignedInts))),

	ADVISE_POPULATE_READ(Kind.READ, 1, (probe, offset) -> {
		probe.file.advise(Advice.POPULATE_READ, offset, 64);
		probe.returned(1);
	}),

	ADVISE_POPULATE_WRITE(Kind.WRITE, 1, (probe, offset) -> {
		probe.file.advise(Advice.POPULATE_WRITE, offset, 64);
		probe.returned(1);
	}),

	WRITE_AT_8(Kind.WRITE, 8, (probe, offset) -> probe.returned(probe.file.writeAt(probe.source, 0, 8, offset))),

	WRITE_AT_64(Kind.WRITE, 64, (probe, offset) -> probe.returned(probe.file.writeAt(probe.source, 0, 64, offset))),

	WRITE_AT_4096(Kind.WRITE, 4096,
			(probe, offset) -> probe.returned(probe.file.writeAt(probe.source, 0, 4096, offset))),

	WRITE_AT_LARGE(Kind.WRITE, Probe.LARGE,
			(probe, offset) -> probe.returned(probe.file.writeAt(probe.source, offset))),

	WRITE_AT_ACROSS_THE_EDGE(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.file.writeAt(probe.source, 0, 64, offset - 32))),

	WRITE_AT_HEAP_BUFFER(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.file.writeAt(probe.heapSource.clear(), offset))),

	WRITE_AT_DIRECT_BUFFER(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.file.writeAt(probe.directSource.clear(), offset))),

	READ_AT_SEGMENT(Kind.READ, 64,
			(probe, offset) -> probe
				.returned(probe.file.readAt(MemorySegment.ofArray(probe.target).asSlice(0, 64), offset))),

	WRITE_AT_SEGMENT(Kind.WRITE, 64,
			(probe, offset) -> probe
				.returned(probe.file.writeAt(MemorySegment.ofArray(probe.source).asSlice(0, 64), offset))),

	WRITE(Kind.WRITE, 64, (probe, offset) -> {
		probe.file.seek(offset, Whence.START);
		probe.returned(probe.file.write(probe.source, 0, 64));
	}),

	WRITE_BUFFER(Kind.WRITE, 64, (probe, offset) -> {
		probe.file.seek(offset, Whence.START);
		probe.returned(probe.file.write(probe.heapSource.clear()));
	}),

	CHANNEL_WRITE(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.channel.position(offset).write(probe.heapSource.clear()))),

	CHANNEL_GATHER(Kind.WRITE, 128,
			(probe, offset) -> probe.returned(probe.channel.position(offset)
				.write(new ByteBuffer[] { probe.heapSource.clear(), probe.directSource.clear() }))),

	CHANNEL_WRITE_AT(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.channel.write(probe.heapSource.clear(), offset))),

	CHANNEL_TRANSFER_FROM(Kind.WRITE, 64,
			(probe, offset) -> probe.returned(probe.channel
				.transferFrom(Channels.newChannel(new ByteArrayInputStream(probe.source)), offset, 64))),

	GET_BYTE(Kind.GET, Probe.FILL, (probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_BYTE, offset))),

	GET_BYTE_AS_AN_INDEX(Kind.GET, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.table[probe.file.get(ValueLayout.JAVA_BYTE, offset) & 0xFF])),

	GET_SHORT(Kind.GET, Probe.CHAR_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset))),

	GET_CHAR(Kind.GET, Probe.CHAR_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_CHAR_UNALIGNED, offset))),

	GET_FLOAT(Kind.GET, Probe.INT_FILL,
			(probe, offset) -> probe
				.returned(Float.floatToRawIntBits(probe.file.get(ValueLayout.JAVA_FLOAT_UNALIGNED, offset)))),

	GET_DOUBLE(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe
				.returned(Double.doubleToRawLongBits(probe.file.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset)))),

	GET_LONG_OF_OTHER_ORDER(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe
				.returned(probe.file.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), offset))),

	GET_INT(Kind.GET, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_INT_UNALIGNED, offset))),

	GET_LONG(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset))),

	GET_LONG_UNALIGNED(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 1))),

	GET_LONG_ACROSS_THE_EDGE(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset - 3))),

	GET_INT_VOLATILE(Kind.GET, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getIntVolatile(offset))),

	GET_LONG_VOLATILE(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getLongVolatile(offset))),

	SET_BYTE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_BYTE, offset, Probe.FILL);
		probe.returned(0);
	}),

	SET_INT(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_INT_UNALIGNED, offset, Probe.INT_FILL);
		probe.returned(0);
	}),

	SET_LONG(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, Probe.LONG_FILL);
		probe.returned(0);
	}),

	SET_LONG_ACROSS_THE_EDGE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset - 3, Probe.LONG_FILL);
		probe.returned(0);
	}),

	SET_SHORT(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) Probe.CHAR_FILL);
		probe.returned(0);
	}),

	SET_CHAR(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_CHAR_UNALIGNED, offset, Probe.CHAR_FILL);
		probe.returned(0);
	}),

	SET_FLOAT(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, Float.intBitsToFloat(Probe.INT_FILL));
		probe.returned(0);
	}),

	SET_DOUBLE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset, Double.longBitsToDouble(Probe.LONG_FILL));
		probe.returned(0);
	}),

	GET_INT_ACQUIRE(Kind.GET, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getIntAcquire(offset))),

	GET_LONG_ACQUIRE(Kind.GET, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getLongAcquire(offset))),

	SET_INT_RELEASE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.atomics().setIntRelease(offset, Probe.INT_FILL);
		probe.returned(0);
	}),

	SET_LONG_RELEASE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.atomics().setLongRelease(offset, Probe.LONG_FILL);
		probe.returned(0);
	}),

	COMPARE_AND_EXCHANGE_INT(Kind.PUT, Probe.INT_FILL,
			(probe, offset) -> probe
				.returned(probe.file.atomics().compareAndExchangeInt(offset, Probe.INT_FILL, Probe.INT_FILL))),

	COMPARE_AND_EXCHANGE_LONG(Kind.PUT, Probe.LONG_FILL,
			(probe, offset) -> probe
				.returned(probe.file.atomics().compareAndExchangeLong(offset, Probe.LONG_FILL, Probe.LONG_FILL))),

	SET_INT_VOLATILE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.atomics().setIntVolatile(offset, Probe.INT_FILL);
		probe.returned(0);
	}),

	SET_LONG_VOLATILE(Kind.PUT, 0, (probe, offset) -> {
		probe.file.atomics().setLongVolatile(offset, Probe.LONG_FILL);
		probe.returned(0);
	}),

	GET_AND_ADD_INT(Kind.PUT, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getAndAddInt(offset, 0))),

	GET_AND_SET_INT(Kind.PUT, Probe.INT_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getAndSetInt(offset, Probe.INT_FILL))),

	COMPARE_AND_SET_INT(Kind.PUT, 1,
			(probe, offset) -> probe
				.returnedDone(probe.file.atomics().compareAndSetInt(offset, Probe.INT_FILL, Probe.INT_FILL))),

	GET_AND_ADD_LONG(Kind.PUT, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getAndAddLong(offset, 0))),

	GET_AND_SET_LONG(Kind.PUT, Probe.LONG_FILL,
			(probe, offset) -> probe.returned(probe.file.atomics().getAndSetLong(offset, Probe.LONG_FILL))),

	COMPARE_AND_SET_LONG(Kind.PUT, 1, (probe, offset) -> probe
		.returnedDone(probe.file.atomics().compareAndSetLong(offset, Probe.LONG_FILL, Probe.LONG_FILL)));

	private final Kind kind;

	private final long expected;

	// A lambda that captures nothing.
	@SuppressWarnings("ImmutableEnumChecker")
	private final Call call;

	Operation(Kind kind, long expected, Call call) {
		this.kind = kind;
		this.expected = expected;
		this.call = call;
	}

	void call(Probe probe, long offset) throws IOException {
		this.call.on(probe, offset);
	}

	/**
	 * Returns the result of the operation on pages full of {@link Probe#FILL}.
	 */
	long expected() {
		return this.expected;
	}

	boolean isMemoryCall() {
		return this.kind == Kind.GET || this.kind == Kind.PUT;
	}

	boolean isStore() {
		return this.kind == Kind.WRITE || this.kind == Kind.PUT;
	}

	/**
	 * Whether this is an atomic update, which must know before that its page can be had.
	 */
	boolean isUpdate() {
		return name().contains("_AND_");
	}

	/**
	 * Whether this is something that only the native backend can tell the kernel.
	 */
	boolean isAdvice() {
		return name().startsWith("ADVISE_");
	}

	/**
	 * Whether the result is what the pages hold, byte by byte.
	 */
	boolean isLoad() {
		return this.kind == Kind.GET && this != GET_BYTE_AS_AN_INDEX;
	}

	/**
	 * Whether the operation takes for granted that it finds {@link Probe#FILL}.
	 */
	boolean isPicky() {
		return this == ACCESS_LONG_CHECKED_INDEX || this == ACCESS_LONG_THAT_THROWS;
	}

	boolean isLarge() {
		return this == READ_AT_LARGE || this == WRITE_AT_LARGE;
	}

	private static Long foldLongs(MemorySegment view) {
		long folded = Probe.LONG_FILL;
		for (long i = 0; i < view.byteSize(); i += Long.BYTES) {
			folded &= view.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
		}
		return folded;
	}

	private static int requireFill(int value) {
		if (value != Probe.INT_FILL) {
			throw new IllegalStateException("Not what was written: " + value);
		}
		return value;
	}

	/**
	 * Ints are widened by a mask: HotSpot for x86-64 ends itself when a signed widening
	 * that C2 made one instruction with the read meets a fault.
	 */
	private static Long foldUnsignedInts(MemorySegment view) {
		long folded = Probe.INT_FILL;
		for (long i = 0; i < view.byteSize(); i += Integer.BYTES) {
			folded &= view.get(ValueLayout.JAVA_INT_UNALIGNED, i) & 0xFFFF_FFFFL;
		}
		return folded;
	}

	private enum Kind {

		READ, WRITE, GET, PUT

	}

	@FunctionalInterface
	private interface Call {

		void on(Probe probe, long offset) throws IOException;

	}

}
