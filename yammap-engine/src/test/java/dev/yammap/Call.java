package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Every call of an {@link Mmap} that touches the file, each harmless to a file of at
 * least {@link #SIZE} bytes.
 */
@SuppressWarnings("ImmutableEnumChecker")
enum Call {

	/** The cursor: reads. */
	READ_ARRAY(Idiom.IO, Need.READ, (file) -> file.read(new byte[64])),

	READ_RANGE(Idiom.IO, Need.READ, (file) -> file.read(new byte[64], 8, 16)),

	READ_BUFFER(Idiom.IO, Need.READ, (file) -> file.read(ByteBuffer.allocate(64))),

	READ_DIRECT_BUFFER(Idiom.IO, Need.READ, (file) -> file.read(ByteBuffer.allocateDirect(64))),

	/** The cursor: the rest. */
	WRITE_ARRAY(Idiom.IO, Need.GROW, (file) -> file.write(new byte[64])),

	WRITE_RANGE(Idiom.IO, Need.GROW, (file) -> file.write(new byte[64], 8, 16)),

	WRITE_BUFFER(Idiom.IO, Need.GROW, (file) -> file.write(ByteBuffer.allocate(64))),

	WRITE_DIRECT_BUFFER(Idiom.IO, Need.GROW, (file) -> file.write(ByteBuffer.allocateDirect(64))),

	SEEK_START(Idiom.IO, Need.NOTHING, (file) -> file.seek(0, Whence.START)),

	SEEK_END(Idiom.IO, Need.NOTHING, (file) -> file.seek(0, Whence.END)),

	/** Positional. */
	READ_AT_ARRAY(Idiom.IO, Need.READ, (file) -> file.readAt(new byte[64], 0)),

	READ_AT_RANGE(Idiom.IO, Need.READ, (file) -> file.readAt(new byte[64], 8, 16, 100)),

	READ_AT_BUFFER(Idiom.IO, Need.READ, (file) -> file.readAt(ByteBuffer.allocate(64), 0)),

	WRITE_AT_ARRAY(Idiom.IO, Need.OVERWRITE, (file) -> file.writeAt(new byte[64], 0)),

	WRITE_AT_RANGE(Idiom.IO, Need.OVERWRITE, (file) -> file.writeAt(new byte[64], 8, 16, 100)),

	WRITE_AT_BUFFER(Idiom.IO, Need.OVERWRITE, (file) -> file.writeAt(ByteBuffer.allocate(64), 0)),

	APPEND_ARRAY(Idiom.IO, Need.GROW, (file) -> file.append(new byte[64])),

	APPEND_BUFFER(Idiom.IO, Need.GROW, (file) -> file.append(ByteBuffer.allocateDirect(64))),

	READ_AT_SEGMENT(Idiom.IO, Need.READ, (file) -> file.readAt(MemorySegment.ofArray(new long[8]), 0)),

	WRITE_AT_SEGMENT(Idiom.IO, Need.OVERWRITE, (file) -> file.writeAt(MemorySegment.ofArray(new long[8]), 0)),

	WRITE_AT_THE_END(Idiom.IO, Need.OVERWRITE, (file) -> file.writeAt(new byte[64], Call.SIZE + 1000)),

	/** The whole file. */
	TRUNCATE_LARGER(Idiom.IO, Need.GROW, (file) -> file.truncate(Call.SIZE + 20_000)),

	TRUNCATE_SMALLER(Idiom.IO, Need.GROW, (file) -> file.truncate(Call.SIZE)),

	SYNC(Idiom.IO, Need.NOTHING, Mmap::sync),

	SYNC_OF_RANGE(Idiom.IO, Need.NOTHING, (file) -> file.sync(8, 64)),

	REFRESH(Idiom.IO, Need.NOTHING, Mmap::refresh),

	IS_CURRENT(Idiom.IO, Need.NOTHING, Mmap::isCurrent),

	PAGE_CACHE(Idiom.IO, Need.NOTHING, Mmap::pageCache),

	PAGE_CACHE_OF_RANGE(Idiom.IO, Need.NOTHING, (file) -> file.pageCache(8, 64)),

	ADVISE(Idiom.IO, Need.NOTHING, (file) -> unlessPortable(() -> file.advise(Advice.RANDOM))),

	ADVISE_RANGE(Idiom.IO, Need.NOTHING, (file) -> unlessPortable(() -> file.advise(Advice.WILL_NEED, 8, 64))),

	PUNCH_HOLE(Idiom.IO, Need.OVERWRITE, (file) -> unlessPortable(() -> file.punchHole(100, 200))),

	ACCESS(Idiom.IO, Need.READ, (file) -> file.access(0, 64, (view) -> view.get(ValueLayout.JAVA_BYTE, 7) == 0)),

	/** Channels. */
	CHANNEL_READ(Idiom.IO, Need.READ, (file) -> file.channel().read(ByteBuffer.allocate(64))),

	CHANNEL_SCATTER(Idiom.IO, Need.READ,
			(file) -> file.channel().read(new ByteBuffer[] { ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8) })),

	CHANNEL_WRITE(Idiom.IO, Need.GROW, (file) -> file.channel().write(ByteBuffer.allocate(64))),

	CHANNEL_GATHER(Idiom.IO, Need.GROW,
			(file) -> file.channel().write(new ByteBuffer[] { ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8) })),

	CHANNEL_READ_AT(Idiom.IO, Need.READ, (file) -> file.channel().read(ByteBuffer.allocate(64), 0)),

	CHANNEL_WRITE_AT(Idiom.IO, Need.OVERWRITE, (file) -> file.channel().write(ByteBuffer.allocate(64), 0)),

	CHANNEL_POSITION(Idiom.IO, Need.NOTHING, (file) -> file.channel().position(1).position()),

	CHANNEL_SIZE(Idiom.IO, Need.NOTHING, (file) -> file.channel().size()),

	CHANNEL_TRUNCATE(Idiom.IO, Need.GROW, (file) -> file.channel().truncate(Call.SIZE)),

	CHANNEL_TRANSFER_TO(Idiom.IO, Need.READ, (file) -> file.channel().transferTo(0, 64, new MemoryChannel())),

	CHANNEL_TRANSFER_FROM(Idiom.IO, Need.GROW,
			(file) -> file.channel().transferFrom(new MemoryChannel(new byte[64]), 0, 64)),

	CHANNEL_FORCE(Idiom.IO, Need.NOTHING, (file) -> file.channel().force(false)),

	/** Views. */
	SEGMENT(Idiom.MEMORY, Need.READ, (file) -> file.segment().get(ValueLayout.JAVA_BYTE, 7)),

	SEGMENT_OF_RANGE(Idiom.MEMORY, Need.READ, (file) -> file.segment(8, 64).get(ValueLayout.JAVA_BYTE, 7)),

	/** Single values. */
	GET_BYTE(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_BYTE, 1)),

	GET_SHORT(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_SHORT_UNALIGNED, 1)),

	GET_CHAR(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_CHAR_UNALIGNED, 1)),

	GET_INT(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_INT_UNALIGNED, 1)),

	GET_LONG(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, 1)),

	GET_FLOAT(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 1)),

	GET_DOUBLE(Idiom.MEMORY, Need.READ, (file) -> file.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 1)),

	SET_BYTE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_BYTE, 1, (byte) 0)),

	SET_SHORT(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_SHORT_UNALIGNED, 1, (short) 0)),

	SET_CHAR(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_CHAR_UNALIGNED, 1, '0')),

	SET_INT(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_INT_UNALIGNED, 1, 0)),

	SET_LONG(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, 1, 0L)),

	SET_FLOAT(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 1, 0F)),

	SET_DOUBLE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 1, 0D)),

	/** Atomics. */
	GET_INT_VOLATILE(Idiom.MEMORY, Need.READ, (file) -> file.atomics().getIntVolatile(16)),

	GET_INT_ACQUIRE(Idiom.MEMORY, Need.READ, (file) -> file.atomics().getIntAcquire(16)),

	SET_INT_VOLATILE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.atomics().setIntVolatile(16, 0)),

	SET_INT_RELEASE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.atomics().setIntRelease(16, 0)),

	GET_AND_ADD_INT(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().getAndAddInt(16, 1)),

	GET_AND_SET_INT(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().getAndSetInt(16, 1)),

	COMPARE_AND_SET_INT(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().compareAndSetInt(16, 0, 0)),

	COMPARE_AND_EXCHANGE_INT(Idiom.MEMORY, Need.READ_AND_OVERWRITE,
			(file) -> file.atomics().compareAndExchangeInt(16, 0, 0)),

	GET_LONG_VOLATILE(Idiom.MEMORY, Need.READ, (file) -> file.atomics().getLongVolatile(16)),

	GET_LONG_ACQUIRE(Idiom.MEMORY, Need.READ, (file) -> file.atomics().getLongAcquire(16)),

	SET_LONG_VOLATILE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.atomics().setLongVolatile(16, 0)),

	SET_LONG_RELEASE(Idiom.MEMORY, Need.OVERWRITE, (file) -> file.atomics().setLongRelease(16, 0)),

	GET_AND_ADD_LONG(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().getAndAddLong(16, 1)),

	GET_AND_SET_LONG(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().getAndSetLong(16, 1)),

	COMPARE_AND_SET_LONG(Idiom.MEMORY, Need.READ_AND_OVERWRITE, (file) -> file.atomics().compareAndSetLong(16, 0, 0)),

	COMPARE_AND_EXCHANGE_LONG(Idiom.MEMORY, Need.READ_AND_OVERWRITE,
			(file) -> file.atomics().compareAndExchangeLong(16, 0, 0));

	/** The size a file needs so that no call is out of bounds. */
	static final int SIZE = 16_384;

	private final Idiom idiom;

	private final Need need;

	private final Body body;

	Call(Idiom idiom, Need need, Body body) {
		this.idiom = idiom;
		this.need = need;
		this.body = body;
	}

	void on(Mmap file) throws IOException {
		this.body.run(file);
	}

	/** Tests of their own say that only the portable backend may refuse. */
	private static void unlessPortable(Action action) throws IOException {
		try {
			action.run();
		}
		catch (UnsupportedOperationException ex) {
			if (!String.valueOf(ex.getMessage()).contains("portable")) {
				throw ex;
			}
		}
	}

	boolean isIo() {
		return this.idiom == Idiom.IO;
	}

	boolean reads() {
		return this.need == Need.READ || this.need == Need.READ_AND_OVERWRITE;
	}

	/**
	 * Whether the call writes in any way.
	 */
	boolean writes() {
		return this.need == Need.GROW || this.need == Need.OVERWRITE || this.need == Need.READ_AND_OVERWRITE;
	}

	/**
	 * Whether the call may change bytes that are there already, which APPEND refuses.
	 */
	boolean overwrites() {
		return this.need == Need.OVERWRITE || this.need == Need.READ_AND_OVERWRITE;
	}

	static Stream<Call> reading() {
		return Arrays.stream(values()).filter(Call::reads);
	}

	static Stream<Call> writing() {
		return Arrays.stream(values()).filter(Call::writes);
	}

	static Stream<Call> overwriting() {
		return Arrays.stream(values()).filter(Call::overwrites);
	}

	private enum Idiom {

		IO, MEMORY

	}

	private enum Need {

		NOTHING, READ, GROW, OVERWRITE, READ_AND_OVERWRITE

	}

	/**
	 * A call that nothing comes of.
	 */
	private interface Action {

		void run() throws IOException;

	}

	/**
	 * The call itself.
	 */
	private interface Body {

		void run(Mmap file) throws IOException;

	}

}
