package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.yammap.Mmap;
import dev.yammap.Whence;

/**
 * Every call of an {@link Mmap} and of its {@link FileChannel}.
 */
@SuppressWarnings("ImmutableEnumChecker")
enum Action {

	PATH(1, (c) -> c.file.name().equals(c.file.path().toString())),

	STATE(1, (c) -> List.of(c.file.isWritable(), c.file.isOpen(), c.file.size(), c.file.offset(), c.file.backend())),

	REFRESH(1, (c) -> c.file.refresh()),

	IS_CURRENT(1, (c) -> c.file.isCurrent()),

	SEEK_START(4, (c) -> c.file.seek(c.offset, Whence.START)),

	SEEK_CURRENT(4, (c) -> c.file.seek(c.offset - c.file.offset(), Whence.CURRENT)),

	SEEK_END(4, (c) -> c.file.seek(c.offset - c.file.size(), Whence.END)),

	READ(4, (c) -> c.file.read(c.array())),

	READ_RANGE(4, (c) -> c.file.read(c.array(), c.index(), c.length / 2)),

	READ_BUFFER(4, (c) -> c.file.read(c.buffer())),

	WRITE(4, (c) -> c.file.write(c.array())),

	WRITE_RANGE(4, (c) -> c.file.write(c.array(), c.index(), c.length / 2)),

	WRITE_BUFFER(4, (c) -> c.file.write(c.buffer())),

	READ_AT(4, (c) -> c.file.readAt(c.array(), c.offset)),

	READ_AT_RANGE(4, (c) -> c.file.readAt(c.array(), c.index(), c.length / 2, c.offset)),

	READ_AT_BUFFER(4, (c) -> c.file.readAt(c.buffer(), c.offset)),

	WRITE_AT(4, (c) -> c.file.writeAt(c.array(), c.offset)),

	WRITE_AT_RANGE(4, (c) -> c.file.writeAt(c.array(), c.index(), c.length / 2, c.offset)),

	WRITE_AT_BUFFER(4, (c) -> c.file.writeAt(c.buffer(), c.offset)),

	APPEND(4, (c) -> c.file.append(c.array())),

	APPEND_RANGE(4, (c) -> c.file.append(c.array(), c.index(), c.length / 2)),

	APPEND_BUFFER(4, (c) -> c.file.append(c.buffer())),

	READ_AT_SEGMENT(4, (c) -> c.file.readAt(c.segment(), c.offset)),

	WRITE_AT_SEGMENT(4, (c) -> c.file.writeAt(c.segment(), c.offset)),

	TRUNCATE(3, (c) -> {
		c.file.truncate(c.offset);
		return null;
	}),

	SYNC(1, (c) -> {
		c.file.sync();
		return null;
	}),

	SYNC_RANGE(1, (c) -> {
		c.file.sync(c.offset, c.length);
		return null;
	}),

	ADVISE(2, (c) -> {
		c.file.advise(c.advice());
		return null;
	}),

	ADVISE_RANGE(2, (c) -> {
		c.file.advise(c.advice(), c.offset, c.length);
		return null;
	}),

	PUNCH_HOLE(3, (c) -> {
		c.file.punchHole(c.offset, c.length);
		return null;
	}),

	PAGE_CACHE(1, (c) -> c.file.pageCache().isPresent()),

	PAGE_CACHE_OF_RANGE(1, (c) -> c.file.pageCache(c.offset, c.length).isPresent()),

	MAPPED_SIZE(1, (c) -> c.file.isOpen() ? c.file.mappedSize() >= 0 : c.file.mappedSize() == 0),

	SEGMENT(3, (c) -> c.file.segment()),

	SEGMENT_OF_RANGE(3, (c) -> c.file.segment(c.offset, c.length)),

	ACCESS(3, (c) -> c.file.access(c.offset, c.length, (view) -> view.toArray(ValueLayout.JAVA_BYTE))),

	ACCESS_LONG(3, (c) -> c.file.accessLong(c.offset, c.length, Action::sum)),

	GET_BYTE(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_BYTE), c.offset)),

	GET_SHORT(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_SHORT), c.offset)),

	GET_CHAR(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_CHAR), c.offset)),

	GET_INT(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_INT), c.offset)),

	GET_LONG(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_LONG), c.offset)),

	GET_FLOAT(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_FLOAT), c.offset)),

	GET_DOUBLE(2, (c) -> c.file.get(c.layout(ValueLayout.JAVA_DOUBLE), c.offset)),

	SET_BYTE(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_BYTE), c.offset, (byte) c.random.nextInt());
		return null;
	}),

	SET_SHORT(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_SHORT), c.offset, (short) c.random.nextInt());
		return null;
	}),

	SET_CHAR(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_CHAR), c.offset, (char) c.random.nextInt());
		return null;
	}),

	SET_INT(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_INT), c.offset, c.random.nextInt());
		return null;
	}),

	SET_LONG(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_LONG), c.offset, c.random.nextLong());
		return null;
	}),

	SET_FLOAT(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_FLOAT), c.offset, c.random.nextFloat());
		return null;
	}),

	SET_DOUBLE(2, (c) -> {
		c.file.set(c.layout(ValueLayout.JAVA_DOUBLE), c.offset, c.random.nextDouble());
		return null;
	}),

	GET_INT_VOLATILE(2, (c) -> c.file.atomics().getIntVolatile(c.aligned(4))),

	GET_INT_ACQUIRE(2, (c) -> c.file.atomics().getIntAcquire(c.aligned(4))),

	SET_INT_VOLATILE(2, (c) -> {
		c.file.atomics().setIntVolatile(c.aligned(4), c.random.nextInt());
		return null;
	}),

	SET_INT_RELEASE(2, (c) -> {
		c.file.atomics().setIntRelease(c.aligned(4), c.random.nextInt());
		return null;
	}),

	GET_AND_ADD_INT(2, (c) -> c.file.atomics().getAndAddInt(c.aligned(4), c.random.nextInt())),

	GET_AND_SET_INT(2, (c) -> c.file.atomics().getAndSetInt(c.aligned(4), c.random.nextInt())),

	COMPARE_AND_SET_INT(2, (c) -> {
		long at = c.aligned(4);
		return c.file.atomics().compareAndSetInt(at, c.expectedInt(at), c.random.nextInt());
	}),

	COMPARE_AND_EXCHANGE_INT(2, (c) -> {
		long at = c.aligned(4);
		return c.file.atomics().compareAndExchangeInt(at, c.expectedInt(at), c.random.nextInt());
	}),

	GET_LONG_VOLATILE(2, (c) -> c.file.atomics().getLongVolatile(c.aligned(8))),

	GET_LONG_ACQUIRE(2, (c) -> c.file.atomics().getLongAcquire(c.aligned(8))),

	SET_LONG_VOLATILE(2, (c) -> {
		c.file.atomics().setLongVolatile(c.aligned(8), c.random.nextLong());
		return null;
	}),

	SET_LONG_RELEASE(2, (c) -> {
		c.file.atomics().setLongRelease(c.aligned(8), c.random.nextLong());
		return null;
	}),

	GET_AND_ADD_LONG(2, (c) -> c.file.atomics().getAndAddLong(c.aligned(8), c.random.nextLong())),

	GET_AND_SET_LONG(2, (c) -> c.file.atomics().getAndSetLong(c.aligned(8), c.random.nextLong())),

	COMPARE_AND_SET_LONG(2, (c) -> {
		long at = c.aligned(8);
		return c.file.atomics().compareAndSetLong(at, c.expectedLong(at), c.random.nextLong());
	}),

	COMPARE_AND_EXCHANGE_LONG(2, (c) -> {
		long at = c.aligned(8);
		return c.file.atomics().compareAndExchangeLong(at, c.expectedLong(at), c.random.nextLong());
	}),

	CHANNEL_STATE(1, (c) -> List.of(c.channel.size(), c.channel.position())),

	CHANNEL_POSITION(6, (c) -> c.channel.position(c.offset).equals(c.channel)),

	CHANNEL_READ(4, (c) -> c.channel.read(c.buffer())),

	CHANNEL_SCATTER(2, (c) -> c.channel.read(c.buffers())),

	CHANNEL_SCATTER_RANGE(2, (c) -> c.channel.read(c.buffers(), c.bufferIndex(), c.bufferIndex())),

	CHANNEL_WRITE(4, (c) -> c.channel.write(c.buffer())),

	CHANNEL_GATHER(2, (c) -> c.channel.write(c.buffers())),

	CHANNEL_GATHER_RANGE(2, (c) -> c.channel.write(c.buffers(), c.bufferIndex(), c.bufferIndex())),

	CHANNEL_READ_AT(4, (c) -> c.channel.read(c.buffer(), c.offset)),

	CHANNEL_WRITE_AT(4, (c) -> c.channel.write(c.buffer(), c.offset)),

	CHANNEL_FORCE(1, (c) -> {
		c.channel.force(c.random.nextBoolean());
		return null;
	}),

	CHANNEL_MAP(2, (c) -> {
		MappedByteBuffer buffer = c.channel.map(c.mapMode(), c.offset, c.length);
		return List.of(buffer.isReadOnly(), c.bytesAndChange(MemorySegment.ofBuffer(buffer)));
	}),

	CHANNEL_MAP_TO_ARENA(2, (c) -> {
		try (Arena arena = Arena.ofShared()) {
			MemorySegment mapping = c.channel.map(c.mapMode(), c.offset, c.length, arena);
			return List.of(mapping.isReadOnly(), c.bytesAndChange(mapping));
		}
	}),

	CHANNEL_LOCK(2, (c) -> c.released(c.channel.lock(c.offset, c.length, c.random.nextBoolean()))),

	CHANNEL_TRY_LOCK(2, (c) -> c.released(c.channel.tryLock(c.offset, c.length, c.random.nextBoolean()))),

	CHANNEL_TRUNCATE(2, (c) -> c.channel.truncate(c.offset).equals(c.channel)),

	CHANNEL_TRANSFER_TO(3, (c) -> {
		Pipe target = c.target();
		long count = c.channel.transferTo(c.offset, c.count(), target);
		return List.of(count, ByteBuffer.wrap(target.bytes()));
	}),

	CHANNEL_TRANSFER_FROM(3, (c) -> c.channel.transferFrom(c.source(), c.offset, c.count())),

	CHANNEL_CLOSE(1, (c) -> {
		c.channel.close();
		return null;
	}),

	/** The next channel takes the place of this. */
	CHANNEL(3, (c) -> null),

	CLOSE(1, (c) -> {
		c.file.close();
		return null;
	}),

	/** Opens the file again if it is closed. */
	REOPEN(8, (c) -> null);

	private final int frequency;

	private final Body body;

	Action(int frequency, Body body) {
		this.frequency = frequency;
		this.body = body;
	}

	int frequency() {
		return this.frequency;
	}

	Object on(Calls calls) throws IOException {
		Object result = this.body.run(calls);
		return (result != null) ? result : "done";
	}

	private static long sum(MemorySegment view) {
		long sum = 0;
		for (long i = 0; i < view.byteSize(); i++) {
			sum += view.get(ValueLayout.JAVA_BYTE, i);
		}
		return sum;
	}

	/** The call itself. */
	private interface Body {

		@Nullable Object run(Calls calls) throws IOException;

	}

}
