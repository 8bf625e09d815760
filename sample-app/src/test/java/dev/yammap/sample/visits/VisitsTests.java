package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link Visits}.
 */
@ExtendWith(OutputCaptureExtension.class)
class VisitsTests {

	private static final CountryCode US = CountryCode.of("US");

	@TempDir
	private Path directory;

	private final CountryTable countries = Mockito.mock(CountryTable.class);

	@BeforeEach
	void setUp() {
		given(this.countries.find(any())).willReturn(Optional.of(US));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void durableVisitThatCannotBeCountedIsRecordedOnceAndCountedAtTheNextStart(Backend backend, CapturedOutput output)
			throws IOException {
		Path path = this.directory.resolve("counters.bin");
		try (TestJournal test = new TestJournal(this.directory.resolve("journal"));
				Mmap file = Mmap.builder(path)
					.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.size(VisitCounters.FILE_SIZE)
					.backend(backend)
					.open()) {
			Visits visits = new Visits(this.countries, test.journal(), new VisitCounters(file, test.journal()));
			takePagesAway(path);
			assertThat(visits.record(new Ipv4(1)).sequence()).isZero();
			assertThat(test.journal().nextSequence()).isEqualTo(1);
			assertThat(output).contains("Visit 0 is recorded, but not counted until the next start");
			try (Mmap again = Mmap.create(this.directory.resolve("next.bin"), VisitCounters.FILE_SIZE)) {
				assertThat(new VisitCounters(again, test.journal()).top(10)).containsExactly(new CountryVisits(US, 1));
			}
		}
	}

	private static void takePagesAway(Path path) throws IOException {
		try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
			other.truncate(0);
		}
	}

	@Test
	void visitThatIsNotDurableIsNotCounted() {
		VisitJournal journal = Mockito.mock(VisitJournal.class);
		VisitCounters counters = Mockito.mock(VisitCounters.class);
		given(journal.append(any(), any())).willThrow(new UncheckedIOException(new IOException("device error")));
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> new Visits(this.countries, journal, counters).record(new Ipv4(1)));
		then(counters).should(never()).increment(any());
	}

}
