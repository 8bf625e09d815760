package dev.yammap.sample.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;

/**
 * Tests for {@link PageCaches}.
 */
@Timeout(1_800)
class PageCachesTests {

	private static final int SEGMENT = 1 << 17;

	@TempDir
	private Path directory;

	private final Journals journals = Mockito.mock(Journals.class);

	private final NewestSegments segments = new NewestSegments();

	private final Mmaps files = Mockito.mock(Mmaps.class);

	private final PageCaches pages = new PageCaches(this.files, this.journals, this.segments);

	@Test
	void segmentIsReadToItsEndAlthoughTheNextOneBegins() throws Exception {
		try (Journal journal = Journal.builder(this.directory.resolve("journal")).segmentSize(SEGMENT).open()) {
			given(this.journals.openJournals()).willReturn(Map.of("journal", journal));
			assertThat(this.pages.strips()).containsOnlyKeys("journal");
			FutureTask<Void> fill = beginToFill();
			beginAnotherSegment(journal);
			assertThat(this.pages.strips()).containsOnlyKeys("journal");
			fill.get();
		}
		finally {
			this.segments.destroy();
		}
	}

	@Test
	void fileIsNotFlushedWhileItIsBeingRead() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		Mmap file = Mockito.mock(Mmap.class);
		willAnswer((_) -> {
			begun.countDown();
			mayEnd.await();
			return null;
		}).given(file).advise(Advice.RANDOM);
		given(this.files.openFiles()).willReturn(Map.of("table", file));
		FutureTask<Boolean> fill = new FutureTask<>(() -> {
			this.pages.fill("table");
			return true;
		});
		Thread.ofPlatform().daemon().start(fill);
		begun.await();
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.pages.flush("table"));
		mayEnd.countDown();
		assertThat(fill.get()).isTrue();
		assertThatNoException().isThrownBy(() -> this.pages.flush("table"));
	}

	/** Returns when the first pages are read, and the others are not. */
	private FutureTask<Void> beginToFill() throws Exception {
		while (true) {
			FutureTask<Void> fill = new FutureTask<>(() -> this.pages.fill("journal"), null);
			Thread thread = Thread.ofVirtual().start(fill);
			while (thread.isAlive()) {
				if (thread.getState() == Thread.State.TIMED_WAITING) {
					return fill;
				}
			}
			// It was over before this thread looked.
			fill.get();
		}
	}

	private static void beginAnotherSegment(Journal journal) throws IOException {
		for (byte[] record = new byte[SEGMENT / 4]; journal.segments().size() == 1;) {
			journal.append(record);
		}
	}

}
