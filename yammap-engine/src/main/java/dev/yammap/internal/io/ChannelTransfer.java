package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

import dev.yammap.internal.file.Bytes;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;

/**
 * A transfer between a channel of a file and another channel. It copies through an array:
 * the other channel may hand its buffer to native code, where a fault of the mapping
 * would end the virtual machine.
 *
 * @param cursor the cursor of the channel, which stays where it is
 */
record ChannelTransfer(ChannelGroup group, MappedFile file, Cursor cursor) {

	/**
	 * Larger chunks are not faster, as they no longer fit into the processor's caches.
	 */
	private static final int CHUNK = 64 * 1024;

	/** As {@link FileChannel#transferTo}. */
	long to(WritableByteChannel target, long position, long count) throws IOException {
		this.cursor.requireOpen();
		requireOpen(target.isOpen());
		this.file.requireReadable();
		if (target instanceof FileChannel) {
			// A closed target refuses this even if there is nothing to write.
			target.write(ByteBuffer.allocate(0));
		}
		ByteBuffer chunk = chunk(position, count);
		long done = 0;
		try {
			while (done < count) {
				if (!readChunk(chunk, position + done, count - done, done == 0)) {
					break;
				}
				target.write(chunk);
				done += chunk.position();
				if (chunk.hasRemaining()) {
					break;
				}
			}
		}
		catch (IOException ex) {
			throwIfFirst(ex, done);
		}
		return done;
	}

	private static ByteBuffer chunk(long position, long count) {
		Bytes.requireNotNegative("position", position);
		Bytes.requireNotNegative("count", count);
		return ByteBuffer.allocate((int) Math.min(count, CHUNK));
	}

	/** Reads the next chunk. Returns whether there was anything to read. */
	private boolean readChunk(ByteBuffer chunk, long offset, long count, boolean first) throws IOException {
		chunk.clear().limit((int) Math.min(count, chunk.capacity()));
		int read = this.cursor.transfer(first,
				() -> this.group.transfers.read("transferTo", Bytes.room(chunk), 0, chunk.remaining(), offset));
		chunk.limit(Math.max(read, 0));
		return read > 0;
	}

	/**
	 * As {@link FileChannel#transferFrom}. With APPEND the bytes go to the end, as in the
	 * JDK: its streams use this method to transfer to channels.
	 */
	long from(ReadableByteChannel source, long position, long count) throws IOException {
		this.cursor.requireOpen();
		requireOpen(source.isOpen());
		this.file.requireWritable();
		if (source instanceof FileChannel) {
			source.read(ByteBuffer.allocate(0));
		}
		ByteBuffer chunk = chunk(position, count);
		// A transfer does not move the position of the channel.
		Cursor end = this.file.isAppend() ? this.group.newCursor() : this.cursor;
		long done = 0;
		try {
			while (done < count) {
				chunk.clear().limit((int) Math.min(count - done, chunk.capacity()));
				if (source.read(chunk) <= 0) {
					break;
				}
				if (this.file.isAppend()) {
					this.cursor.requireOpen();
					end.write(MemorySegment.ofBuffer(chunk.flip()), 0, chunk.limit());
				}
				else {
					writeChunk(chunk.flip(), position + done, done == 0);
				}
				done += chunk.limit();
				// At once: the source may fail with anything before the next chunk.
				this.group.changed();
			}
		}
		catch (IOException ex) {
			throwIfFirst(ex, done);
		}
		finally {
			if (this.file.isAppend()) {
				end.close();
			}
		}
		return done;
	}

	private void writeChunk(ByteBuffer chunk, long offset, boolean first) throws IOException {
		this.cursor.transfer(first, IoCall.of(() -> this.group.transfers.write("transferFrom",
				MemorySegment.ofBuffer(chunk), 0, chunk.remaining(), offset, false)));
	}

	/**
	 * Throws if nothing was transferred yet. Otherwise the caller must learn how much
	 * was.
	 */
	private static void throwIfFirst(IOException failure, long done) throws IOException {
		if (done == 0) {
			throw failure;
		}
	}

	private static void requireOpen(boolean open) throws ClosedChannelException {
		if (!open) {
			throw new ClosedChannelException();
		}
	}

}
