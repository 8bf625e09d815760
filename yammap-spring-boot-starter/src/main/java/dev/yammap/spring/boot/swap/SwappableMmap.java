package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.Whence;

/**
 * The {@link Mmap} of a file that is exchanged behind it: replaced by a newer one, or
 * closed before a checkpoint and opened again. Hands every call as it is to the version
 * of the file that is the current one; {@link FileVersions} knows which. Also that of a
 * file whose syncs are observed.
 */
public final class SwappableMmap implements Mmap {

	private final FileVersions versions;

	private final SwappableEvents events;

	private final SyncObserver syncs;

	SwappableMmap(FileVersions versions, SwappableEvents events, SyncObserver syncs) {
		this.versions = versions;
		this.events = events;
		this.syncs = syncs;
	}

	public FileVersions versions() {
		return this.versions;
	}

	public SwappableEvents events() {
		return this.events;
	}

	@Override
	public Path path() {
		return this.versions.memory((file) -> file.path());
	}

	@Override
	public String name() {
		return this.versions.memory((file) -> file.name());
	}

	@Override
	public Backend backend() {
		return this.versions.memory((file) -> file.backend());
	}

	@Override
	public long size() {
		return this.versions.memory((file) -> file.size());
	}

	@Override
	public boolean isOpen() {
		return this.versions.isOpen();
	}

	@Override
	public boolean isWritable() {
		return this.versions.memory((file) -> file.isWritable());
	}

	@Override
	public long offset() {
		return this.versions.memory((file) -> file.offset());
	}

	@Override
	public long seek(long offset, Whence whence) throws IOException {
		return this.versions.io((file) -> file.seek(offset, whence));
	}

	@Override
	public int read(byte[] dst, int index, int length) throws IOException {
		return this.versions.ioInt((file) -> file.read(dst, index, length));
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		return this.versions.ioInt((file) -> file.read(dst));
	}

	@Override
	public int write(byte[] src, int index, int length) throws IOException {
		return this.versions.ioInt((file) -> file.write(src, index, length));
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		return this.versions.ioInt((file) -> file.write(src));
	}

	@Override
	public int readAt(byte[] dst, int index, int length, long offset) throws IOException {
		return this.versions.ioInt((file) -> file.readAt(dst, index, length, offset));
	}

	@Override
	public int readAt(ByteBuffer dst, long offset) throws IOException {
		return this.versions.ioInt((file) -> file.readAt(dst, offset));
	}

	@Override
	public int writeAt(byte[] src, int index, int length, long offset) throws IOException {
		return this.versions.ioInt((file) -> file.writeAt(src, index, length, offset));
	}

	@Override
	public int writeAt(ByteBuffer src, long offset) throws IOException {
		return this.versions.ioInt((file) -> file.writeAt(src, offset));
	}

	@Override
	public void truncate(long size) throws IOException {
		this.versions.ioVoid((file) -> file.truncate(size));
	}

	@Override
	public void sync() throws IOException {
		this.syncs.observe(() -> this.versions.ioVoid((file) -> file.sync()));
	}

	@Override
	public void sync(long offset, long length) throws IOException {
		this.syncs.observe(() -> this.versions.ioVoid((file) -> file.sync(offset, length)));
	}

	@Override
	public boolean isDirty() {
		return this.versions.memory((file) -> file.isDirty());
	}

	@Override
	public long refresh() throws IOException {
		return this.versions.io((file) -> file.refresh());
	}

	@Override
	public boolean isCurrent() throws IOException {
		return this.versions.io((file) -> file.isCurrent());
	}

	@Override
	public void advise(Advice advice) throws IOException {
		this.versions.ioVoid((file) -> file.advise(advice));
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws IOException {
		this.versions.ioVoid((file) -> file.advise(advice, offset, length));
	}

	@Override
	public void punchHole(long offset, long length) throws IOException {
		this.versions.ioVoid((file) -> file.punchHole(offset, length));
	}

	@Override
	public Optional<PageCacheStats> pageCache() throws IOException {
		return this.versions.io((file) -> file.pageCache());
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		return this.versions.io((file) -> file.pageCache(offset, length));
	}

	@Override
	public long mappedSize() {
		return this.versions.memory((file) -> file.mappedSize());
	}

	@Override
	public MemorySegment segment() {
		return this.versions.view(Mmap::segment);
	}

	@Override
	public MemorySegment segment(long offset, long length) {
		return this.versions.view((file) -> file.segment(offset, length));
	}

	@Override
	public <R> R access(long offset, long length, Function<MemorySegment, R> body) throws IOException {
		return this.versions.access((file) -> file.access(offset, length, body));
	}

	@Override
	public long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException {
		return this.versions.access((file) -> file.accessLong(offset, length, body));
	}

	@Override
	public FileChannel channel() {
		return this.versions.channel();
	}

	@Override
	public byte getByte(long offset) {
		return this.versions.memory((file) -> file.getByte(offset));
	}

	@Override
	public void putByte(long offset, byte value) {
		this.versions.memoryVoid((file) -> file.putByte(offset, value));
	}

	@Override
	public int getInt(long offset) {
		return this.versions.memory((file) -> file.getInt(offset));
	}

	@Override
	public void putInt(long offset, int value) {
		this.versions.memoryVoid((file) -> file.putInt(offset, value));
	}

	@Override
	public long getLong(long offset) {
		return this.versions.memory((file) -> file.getLong(offset));
	}

	@Override
	public void putLong(long offset, long value) {
		this.versions.memoryVoid((file) -> file.putLong(offset, value));
	}

	@Override
	public int getIntVolatile(long offset) {
		return this.versions.memory((file) -> file.getIntVolatile(offset));
	}

	@Override
	public void putIntVolatile(long offset, int value) {
		this.versions.memoryVoid((file) -> file.putIntVolatile(offset, value));
	}

	@Override
	public int getAndAddInt(long offset, int delta) {
		return this.versions.memory((file) -> file.getAndAddInt(offset, delta));
	}

	@Override
	public int getAndSetInt(long offset, int value) {
		return this.versions.memory((file) -> file.getAndSetInt(offset, value));
	}

	@Override
	public boolean compareAndSetInt(long offset, int expected, int value) {
		return this.versions.memory((file) -> file.compareAndSetInt(offset, expected, value));
	}

	@Override
	public long getLongVolatile(long offset) {
		return this.versions.memory((file) -> file.getLongVolatile(offset));
	}

	@Override
	public void putLongVolatile(long offset, long value) {
		this.versions.memoryVoid((file) -> file.putLongVolatile(offset, value));
	}

	@Override
	public long getAndAddLong(long offset, long delta) {
		return this.versions.memory((file) -> file.getAndAddLong(offset, delta));
	}

	@Override
	public long getAndSetLong(long offset, long value) {
		return this.versions.memory((file) -> file.getAndSetLong(offset, value));
	}

	@Override
	public boolean compareAndSetLong(long offset, long expected, long value) {
		return this.versions.memory((file) -> file.compareAndSetLong(offset, expected, value));
	}

	@Override
	public void close() throws IOException {
		try {
			this.versions.close();
		}
		finally {
			this.events.closed();
		}
	}

	@Override
	public String toString() {
		return this.versions.memory(Mmap::toString);
	}

}
