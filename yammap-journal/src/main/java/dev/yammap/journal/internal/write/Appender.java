package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

import dev.yammap.journal.internal.format.RecordFormat;

/**
 * Appends records. An append copies the content into a frame, claims a place and a
 * number, writes the frame there, and publishes it. It takes a lock only to change
 * segments.
 */
public final class Appender {

	private final WriterState state;

	private final Publication publication;

	private final Durability durability;

	private final Rolling rolling;

	private final Waiters waiters;

	private final FramePool frames = new FramePool();

	private final Pretoucher pretoucher = new Pretoucher();

	private final int mostContent;

	/**
	 * Creates an appender.
	 * @param mostContent the greatest length of a record's content
	 */
	public Appender(WriterState state, Publication publication, Durability durability, Rolling rolling, Waiters waiters,
			int mostContent) {
		this.state = state;
		this.publication = publication;
		this.durability = durability;
		this.rolling = rolling;
		this.waiters = waiters;
		this.mostContent = mostContent;
	}

	public long append(byte[] content, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, content.length);
		requireFits(length);
		Frame frame = this.frames.take();
		frame.fill(content, index, length);
		return append(frame, length);
	}

	public long append(ByteBuffer content) throws IOException {
		int length = content.remaining();
		requireFits(length);
		Frame frame = this.frames.take();
		frame.fill(content, length);
		long number = append(frame, length);
		content.position(content.position() + length);
		return number;
	}

	public long append(MemorySegment content) throws IOException {
		requireFits(content.byteSize());
		int length = (int) content.byteSize();
		Frame frame = this.frames.take();
		frame.fill(content, length);
		return append(frame, length);
	}

	private void requireFits(long length) {
		if (length > this.mostContent) {
			throw new IllegalArgumentException("A record of " + length + " bytes is longer than " + this.mostContent
					+ " bytes, the most that this journal takes. Split it, or raise maxRecordLength and, if need be,"
					+ " segmentSize");
		}
	}

	private long append(Frame frame, int length) throws IOException {
		// A fault of the caller's memory must arrive before the claim.
		PendingFault.await();
		long frameLength = RecordFormat.frameLength(length);
		while (true) {
			this.state.check();
			ActiveSegment segment = this.rolling.active();
			long tail = segment.tail();
			long offset = ActiveSegment.offset(tail);
			if (ActiveSegment.isSealed(tail) || offset + frameLength > segment.size()) {
				this.rolling.roll(segment);
				continue;
			}
			long number = segment.number(tail);
			if (!this.publication.hasRoom(number)) {
				this.publication.awaitRoom(number);
			}
			else if (segment.move(tail, ActiveSegment.behind(tail, frameLength))) {
				try {
					write(frame, length, segment, offset, number);
				}
				catch (IOException | RuntimeException | Error failure) {
					boolean settled = false;
					try {
						erase(segment, offset, offset + frameLength);
						giveBack(segment, tail, ActiveSegment.behind(tail, frameLength), failure);
						settled = true;
					}
					finally {
						if (!settled) {
							// There may be no stack left for a call. A hole that nobody
							// knows of would let every sync wait for ever.
							this.state.failure = failure;
							this.state.ended = true;
						}
					}
					throw failure;
				}
				appended(frame, segment, offset, offset + frameLength, number);
				return number;
			}
		}
	}

	/**
	 * Writes a record that has a number. The caller can make nothing of this fail.
	 */
	private void write(Frame frame, int length, ActiveSegment segment, long offset, long number) throws IOException {
		byte[] bytes = frame.bytes();
		frame.codec().seal(bytes, length, segment.id(), offset, number, this.durability.durable());
		segment.file().writeAt(bytes, 0, RecordFormat.HEADER + length, offset);
		this.publication.publish(number, offset + RecordFormat.frameLength(length));
	}

	/**
	 * Leaves nothing of a record that could not be written, as long as its place is this
	 * thread's alone.
	 */
	private static void erase(ActiveSegment segment, long offset, long end) {
		try {
			segment.erase(offset, end);
		}
		catch (IOException | RuntimeException | Error failure) {
			// The first failure is the one to throw.
		}
	}

	/**
	 * Gives a number back whose record could not be written. If a later number was taken
	 * meanwhile, there would be a hole below it: then nothing is appended any more.
	 */
	private void giveBack(ActiveSegment segment, long tail, long behind, Throwable failure) {
		if (!segment.giveBack(behind, tail)) {
			this.state.fail(failure);
		}
	}

	/**
	 * Does what makes the next appends faster. This one has succeeded, so it must not
	 * fail where memory or stack run out: the caller would append the record again.
	 */
	private void appended(Frame frame, ActiveSegment segment, long offset, long behind, long number) {
		try {
			this.publication.follow(number);
			this.waiters.wake();
			this.frames.give(frame);
			if (offset <= segment.size() / 2 && behind > segment.size() / 2) {
				this.rolling.prepare();
			}
			if (Pretoucher.isFirst(offset, behind)) {
				this.pretoucher.filled(segment.file(), behind, this.durability.durable(), System.nanoTime());
			}
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// Whoever needs one of these does it himself, or meets the same.
		}
	}

}
