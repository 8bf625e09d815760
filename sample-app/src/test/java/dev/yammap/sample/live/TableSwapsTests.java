package dev.yammap.sample.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.CountryTableUpdate;
import dev.yammap.spring.boot.Mmaps;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;

/**
 * Tests for {@link TableSwaps}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(1_800)
class TableSwapsTests {

	@Test
	void tableCanBeReplacedAfterAReplacementThatFailedForAnyReason(@TempDir Path directory, CapturedOutput output)
			throws Exception {
		CountryTableUpdate update = Mockito.mock(CountryTableUpdate.class);
		willThrow(new IllegalStateException("no digest")).given(update).replace(any());
		Mmap file = Mockito.mock(Mmap.class);
		given(file.path()).willReturn(directory.resolve("countries.bin"));
		TableSwaps swaps = new TableSwaps(update, Mockito.mock(CountryTable.class), file, Mockito.mock(Mmaps.class));
		swaps.start();
		Awaitility.await()
			.atMost(Duration.ofMinutes(5))
			.until(() -> Objects.requireNonNull(swaps.state()).phase().equals("failed"));
		Awaitility.await()
			.atMost(Duration.ofMinutes(5))
			.ignoreExceptionsInstanceOf(RefusedException.class)
			.until(() -> swaps.start().running());
		assertThat(output).contains("The table of countries could not be replaced").contains("no digest");
	}

	@Test
	void tableIsReplacedAlsoAfterAStop(@TempDir Path directory) throws Exception {
		CountryTableUpdate update = Mockito.mock(CountryTableUpdate.class);
		Mmap file = Mockito.mock(Mmap.class);
		given(file.path()).willReturn(directory.resolve("countries.bin"));
		Mmaps files = Mockito.mock(Mmaps.class);
		TableSwaps swaps = new TableSwaps(update, Mockito.mock(CountryTable.class), file, files);
		ArgumentCaptor<Consumer<Mmap>> handler = ArgumentCaptor.captor();
		then(files).should().addReloadHandler(any(), handler.capture());
		willAnswer((_) -> {
			handler.getValue().accept(file);
			return null;
		}).given(update).replace(any());
		swaps.stop();
		swaps.start();
		Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> !Objects.requireNonNull(swaps.state()).running());
		assertThat(Objects.requireNonNull(swaps.state()).phase()).isEqualTo("switched");
	}

}
