package dev.yammap.sample.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link PageCaches}.
 */
@Timeout(60)
class PageCachesTests {

	private static final int SEGMENT = 1 << 17;

	@TempDir
	private Path directory;

	private final Journals journals = Mockito.mock(Journals.class);

	private final NewestSegments segments = new NewestSegments();

	private final PageCaches pages = new PageCaches(Mockito.mock(Mmaps.class), this.journals, this.segments);

	@Test
	void segmentIsReadToItsEndAlthoughTheNextOneBegins() throws Exception {
		try (Journal journal = Journal.builder(this.directory.resolve("journal")).segmentSize(SEGMENT).open()) {
			given(this.journals.openJournals()).willReturn(Map.of("journal", journal));
			assertThat(this.pages.strips()).containsOnlyKeys("journal");
			FutureTask<Void> fill = new FutureTask<>(() -> this.pages.fill("journal"), null);
			Thread.ofVirtual().start(fill);
			Awaitility.await().untilAsserted(this::assertBusy);
			beginAnotherSegment(journal);
			assertThat(this.pages.strips()).containsOnlyKeys("journal");
			fill.get();
		}
		finally {
			this.segments.destroy();
		}
	}

	private void assertBusy() {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> this.pages.flush("journal"));
	}

	private static void beginAnotherSegment(Journal journal) throws IOException {
		for (byte[] record = new byte[SEGMENT / 4]; journal.segments().size() == 1;) {
			journal.append(record);
		}
	}

}
