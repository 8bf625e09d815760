package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;

import dev.yammap.MappedFaultException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Appends that meet a fault in the middle of their copy: somebody cuts the segment, and
 * gives it its length back later.
 */
class FailedAppendTests extends AbstractRecoveryTests {

	private static final int LARGE = 1 << 16;

	private static final int PAGES = 3 * 4096;

	private void resize(long size) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(directory().resolve(segment(1)).toFile(), "rw")) {
			file.setLength(size);
		}
	}

	private static byte[] long20K() {
		byte[] content = new byte[20_000];
		Arrays.fill(content, (byte) 7);
		return content;
	}

	private Journal openWithFailedAppend() throws IOException {
		Journal journal = open(builder().segmentSize(LARGE));
		appendTo(journal, 10);
		journal.sync();
		resize(PAGES);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> journal.append(long20K()));
		resize(LARGE);
		assertThat(journal.failure()).isEmpty();
		return journal;
	}

	private void assertOpensAsClosed(long end) throws IOException {
		Journal again = open(builder().segmentSize(LARGE));
		assertThat(again.recovery().wasTorn()).isFalse();
		assertThat(again.recovery().tornBytes()).isZero();
		assertThat(files()).noneMatch((name) -> name.endsWith(".torn"));
		assertThat(this.logged.messages()).isEmpty();
		assertHolds(again, 0, end);
	}

	@Test
	void nothingIsTornAfterACloseThoughAnAppendFailedBefore() throws IOException {
		openWithFailedAppend().close();
		assertOpensAsClosed(10);
	}

	@Test
	void nothingIsTornAfterACloseThoughShorterRecordsFollowedAFailedAppend() throws IOException {
		try (Journal journal = openWithFailedAppend()) {
			appendTo(journal, 12);
		}
		assertOpensAsClosed(12);
	}

}
