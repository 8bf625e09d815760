package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToLongFunction;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapAtomics;
import dev.yammap.PageCacheStats;
import dev.yammap.Whence;

/**
 * The {@link Mmap} of a file that is exchanged behind it: replaced by a newer one, or
 * closed before a checkpoint and opened again. It hands every call as it is to the
 * current version of the file, which {@link FileVersions} knows. A file whose syncs are
 * observed has such an {@code Mmap}, too.
 */
public final class SwappableMmap implements Mmap {

	private final FileVersions versions;

	private final MmapAtomics atomics;

	private final SwappableEvents events;

	private final SyncObserver syncs;

	private final Mmap.Builder builder;

	SwappableMmap(FileVersions versions, SwappableEvents events, SyncObserver syncs, Mmap.Builder builder) {
		this.versions = versions;
		this.atomics = new SwappableAtomics(versions);
		this.events = events;
		this.syncs = syncs;
		this.builder = builder;
	}

	public FileVersions versions() {
		return this.versions;
	}

	/**
	 * Returns the builder that opens the path again.
	 */
	public Mmap.Builder builder() {
		return this.builder;
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
		return (int) this.versions.change((file) -> file.write(src, index, length));
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		return (int) this.versions.change((file) -> file.write(src));
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
		return (int) this.versions.change((file) -> file.writeAt(src, index, length, offset));
	}

	@Override
	public int writeAt(ByteBuffer src, long offset) throws IOException {
		return (int) this.versions.change((file) -> file.writeAt(src, offset));
	}

	@Override
	public long append(byte[] src, int index, int length) throws IOException {
		return this.versions.change((file) -> file.append(src, index, length));
	}

	@Override
	public long append(ByteBuffer src) throws IOException {
		return this.versions.change((file) -> file.append(src));
	}

	@Override
	public long readAt(MemorySegment dst, long offset) throws IOException {
		return this.versions.io((file) -> file.readAt(dst, offset));
	}

	@Override
	public long writeAt(MemorySegment src, long offset) throws IOException {
		return this.versions.change((file) -> file.writeAt(src, offset));
	}

	@Override
	public void truncate(long size) throws IOException {
		this.versions.changeVoid((file) -> file.truncate(size));
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
		this.versions.changeVoid((file) -> file.punchHole(offset, length));
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
	@SuppressWarnings("unchecked")
	public <R, X extends Exception> R access(long offset, long length, ViewFunction<R, X> body) throws IOException, X {
		// An exception of the function passes as if it were unchecked.
		ViewFunction<R, RuntimeException> unchecked = (ViewFunction<R, RuntimeException>) body;
		return this.versions.access((file) -> file.access(offset, length, unchecked));
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
	public byte get(ValueLayout.OfByte layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfByte layout, long offset, byte value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public short get(ValueLayout.OfShort layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfShort layout, long offset, short value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public char get(ValueLayout.OfChar layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfChar layout, long offset, char value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public int get(ValueLayout.OfInt layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfInt layout, long offset, int value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public long get(ValueLayout.OfLong layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfLong layout, long offset, long value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public float get(ValueLayout.OfFloat layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfFloat layout, long offset, float value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public double get(ValueLayout.OfDouble layout, long offset) {
		return this.versions.memory((file) -> file.get(layout, offset));
	}

	@Override
	public void set(ValueLayout.OfDouble layout, long offset, double value) {
		this.versions.updateVoid((file) -> file.set(layout, offset, value));
	}

	@Override
	public MmapAtomics atomics() {
		return this.atomics;
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
