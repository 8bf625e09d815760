package dev.yammap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What every call throws, and what it leaves, when somebody else has cut the file away
 * from under it. How the compiler treats each is tested in virtual machines of their own.
 */
class EveryCallFaultsTests extends AbstractMmapTests {

	/** Those that touch a page: not the ones that view, resize or punch it. */
	static Stream<Call> calls() {
		return Stream.concat(Call.reading(), Call.writing())
			.distinct()
			.filter((call) -> !call.name().contains("SEGMENT") && !call.name().contains("TRUNCATE")
					&& call != Call.PUNCH_HOLE);
	}

	@ParameterizedTest
	@MethodSource("calls")
	void callOnAFileThatIsGoneFaultsOnceAndWorksAgainWhenTheFileIsMended(Call call) throws IOException {
		List<MappedFaultException> told = new ArrayList<>();
		write(random(Call.SIZE, 1));
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).listener(new MmapListener() {

					@Override
					public void faulted(Mmap of, MappedFaultException fault) {
						told.add(fault);
					}

				}));
		shortenFromOutside(0);
		Throwable thrown = catchThrowable(() -> call.on(file));
		Throwable fault = call.isIo() ? thrown : thrown.getCause();
		assertThat(thrown).isInstanceOf(call.isIo() ? MappedFaultException.class : UncheckedIOException.class);
		assertThat(fault).isInstanceOf(MappedFaultException.class)
			.hasMessageContaining(path().toString())
			.hasMessageContaining("shortened");
		assertThat(told).hasSize(1).first().isSameAs(fault);
		assertThat(file.size()).isEqualTo(Call.SIZE);
		assertThat(file.offset()).isZero();
		file.truncate(Call.SIZE);
		call.on(file);
		assertThat(told).hasSize(1);
	}

}
