package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A channel that notes which of its methods are called. Where the file is closed the one
 * behind it is closed, and so then is this.
 */
final class RecordedChannel extends FileChannel {

	private final FileChannel channel;

	private final Consumer<String> calls;

	RecordedChannel(FileChannel channel, Consumer<String> calls) {
		this.channel = channel;
		this.calls = calls;
	}

	/** Returns the methods of a channel that an implementation has of its own. */
	static Set<String> signatures() {
		return Arrays.stream(RecordedChannel.class.getDeclaredMethods())
			.filter((method) -> Stream.of(FileChannel.class.getMethods())
				.anyMatch((declared) -> declared.getName().equals(method.getName())
						&& Arrays.equals(declared.getParameterTypes(), method.getParameterTypes())))
			.map((method) -> signature(method.getName(), method.getParameterTypes()))
			.collect(Collectors.toSet());
	}

	private static String signature(String name, Class<?>... types) {
		return "FileChannel." + name + Arrays.stream(types).map(Class::getSimpleName).toList();
	}

	private FileChannel noted(String name, Class<?>... types) {
		this.calls.accept(signature(name, types));
		return this.channel;
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		return noted("read", ByteBuffer.class).read(dst);
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		return noted("read", ByteBuffer[].class, int.class, int.class).read(dsts, index, length);
	}

	@Override
	public int read(ByteBuffer dst, long position) throws IOException {
		return noted("read", ByteBuffer.class, long.class).read(dst, position);
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		return noted("write", ByteBuffer.class).write(src);
	}

	@Override
	public long write(ByteBuffer[] srcs, int index, int length) throws IOException {
		return noted("write", ByteBuffer[].class, int.class, int.class).write(srcs, index, length);
	}

	@Override
	public int write(ByteBuffer src, long position) throws IOException {
		return noted("write", ByteBuffer.class, long.class).write(src, position);
	}

	@Override
	public long position() throws IOException {
		return noted("position").position();
	}

	@Override
	public FileChannel position(long position) throws IOException {
		noted("position", long.class).position(position);
		return this;
	}

	@Override
	public long size() throws IOException {
		return noted("size").size();
	}

	@Override
	public FileChannel truncate(long size) throws IOException {
		noted("truncate", long.class).truncate(size);
		return this;
	}

	@Override
	public void force(boolean metaData) throws IOException {
		noted("force", boolean.class).force(metaData);
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		return noted("transferTo", long.class, long.class, WritableByteChannel.class).transferTo(position, count,
				target);
	}

	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		return noted("transferFrom", ReadableByteChannel.class, long.class, long.class).transferFrom(source, position,
				count);
	}

	@Override
	public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
		return noted("map", MapMode.class, long.class, long.class).map(mode, position, size);
	}

	@Override
	public MemorySegment map(MapMode mode, long position, long size, Arena arena) throws IOException {
		return noted("map", MapMode.class, long.class, long.class, Arena.class).map(mode, position, size, arena);
	}

	@Override
	public FileLock lock(long position, long size, boolean shared) throws IOException {
		return noted("lock", long.class, long.class, boolean.class).lock(position, size, shared);
	}

	@Override
	public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
		return noted("tryLock", long.class, long.class, boolean.class).tryLock(position, size, shared);
	}

	@Override
	protected void implCloseChannel() throws IOException {
		this.channel.close();
	}

	/** Tells whether the channel behind this is open, which may end with its file. */
	boolean isTargetOpen() {
		return this.channel.isOpen();
	}

}
