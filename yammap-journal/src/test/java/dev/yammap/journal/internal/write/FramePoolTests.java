package dev.yammap.journal.internal.write;

import java.util.ArrayList;
import java.util.List;

import dev.yammap.journal.internal.format.RecordFormat;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames: how they grow, and which are used again.
 */
class FramePoolTests {

	private final FramePool pool = new FramePool();

	private static void fill(Frame frame, int frameLength) {
		int length = frameLength - RecordFormat.HEADER;
		frame.fill(new byte[length], 0, length);
	}

	private List<Frame> take(int count) {
		List<Frame> frames = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			frames.add(this.pool.take());
		}
		return frames;
	}

	@Test
	void longContentsAreNotKept() {
		Frame frame = this.pool.take();
		fill(frame, FramePool.MOST_KEPT + 1);
		this.pool.give(frame);
		assertThat(this.pool.take()).isNotSameAs(frame);
		for (int length : new int[] { RecordFormat.HEADER, FramePool.MOST_KEPT }) {
			Frame kept = this.pool.take();
			fill(kept, length);
			this.pool.give(kept);
			assertThat(this.pool.take()).isSameAs(kept);
		}
	}

	/** As where several threads of one place append at the same time. */
	@Test
	void someFramesOfOnePlaceAreKept() {
		List<Frame> given = take(5);
		assertThat(given).doesNotHaveDuplicates();
		given.forEach(this.pool::give);
		List<Frame> taken = take(5);
		assertThat(taken.subList(0, 4)).isEqualTo(given.subList(0, 4));
		assertThat(given).doesNotContain(taken.getLast());
	}

	@Test
	void frameGrowsToTwiceItsLength() {
		Frame frame = new Frame();
		int length = frame.bytes().length;
		for (int wanted = length + 1; wanted < FramePool.MOST_KEPT; wanted = 2 * wanted - 1) {
			fill(frame, wanted);
			length *= 2;
			assertThat(frame.bytes()).hasSize(length);
			byte[] same = frame.bytes();
			fill(frame, length);
			assertThat(frame.bytes()).isSameAs(same);
		}
		// No frame is kept that is longer, so none is made longer than its record.
		fill(frame, FramePool.MOST_KEPT + 1);
		assertThat(frame.bytes()).hasSize(FramePool.MOST_KEPT + 1);
	}

}
