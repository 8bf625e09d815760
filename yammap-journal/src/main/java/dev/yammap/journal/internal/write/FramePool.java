package dev.yammap.journal.internal.write;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for use. There is not one for each thread, as there may be very many
 * virtual threads. Each thread looks first at a place that its id selects, and finds a
 * frame there unless another thread of that place is just appending.
 */
final class FramePool {

	/** A longer frame is not kept. */
	static final int MOST_KEPT = 1 << 20;

	private static final int PLACES_PER_PROCESSOR = 8;

	private static final int MOST_LOOKS = 4;

	private final AtomicReferenceArray<@Nullable Frame> places;

	private final int mask;

	FramePool() {
		int wanted = PLACES_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
		int size = Integer.highestOneBit(2 * wanted - 1);
		this.places = new AtomicReferenceArray<>(size);
		this.mask = size - 1;
	}

	Frame take() {
		int place = place();
		for (int i = 0; i < MOST_LOOKS; i++) {
			int index = (place + i) & this.mask;
			if (this.places.getPlain(index) != null) {
				Frame frame = this.places.getAndSet(index, null);
				if (frame != null) {
					return frame;
				}
			}
		}
		return new Frame();
	}

	void give(Frame frame) {
		if (frame.bytes().length <= MOST_KEPT) {
			int place = place();
			for (int i = 0; i < MOST_LOOKS; i++) {
				int index = (place + i) & this.mask;
				if (this.places.getPlain(index) == null) {
					this.places.setRelease(index, frame);
					return;
				}
			}
		}
	}

	private int place() {
		return (int) Thread.currentThread().threadId() & this.mask;
	}

}
