package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Advice;
import dev.yammap.MappedFaultException;
import dev.yammap.StorageException;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.FaultyLibrary;
import dev.yammap.internal.os.linux.call.Libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Advisor}: what the kernel is told, and what a later mapping is told
 * again.
 */
@NullMarked
class AdvisorTests {

	private static final int PAGE = 4096;

	private final MemorySegment mapping = Arena.ofAuto().allocate(10 * PAGE, PAGE);

	private final CallState state = CallState.in(Arena.ofAuto());

	private final Advisor advisor = new Advisor(new Libc((name) -> this::madvise), new Pages(PAGE),
			Path.of("some.dat"));

	private final List<Told> told = new ArrayList<>();

	private int errno;

	private long madvise(MemorySegment captured, long address, long length, long advice, long d, long e, long f,
			long g) {
		if (address < this.mapping.address()) {
			// The word of an error is asked for.
			return 0;
		}
		this.told.add(new Told(address - this.mapping.address(), length, advice));
		captured.set(ValueLayout.JAVA_INT, 0, this.errno);
		return (this.errno == 0) ? 0 : -1;
	}

	private void advise(Advice advice, long from, long to) throws IOException {
		this.advisor.advise(this.state, this.mapping, advice, from, to);
	}

	/** Returns what a new mapping of that many pages is told. */
	private List<Told> repeated(int pages) {
		this.told.clear();
		this.advisor.repeat(this.state, this.mapping.asSlice(0, (long) pages * PAGE));
		return this.told;
	}

	private static Told pages(long first, long count, long advice) {
		return new Told(first * PAGE, count * PAGE, advice);
	}

	/** The numbers are those of {@code <asm-generic/mman-common.h>}. */
	@ParameterizedTest
	@CsvSource({ "NORMAL, 0", "RANDOM, 1", "SEQUENTIAL, 2", "WILL_NEED, 3", "DONT_NEED, 4", "HUGE_PAGES, 14",
			"NO_HUGE_PAGES, 15", "COLD, 20", "PAGE_OUT, 21", "POPULATE_READ, 22", "POPULATE_WRITE, 23",
			"COLLAPSE, 25" })
	void everyAdviceHasItsNumber(Advice advice, long number) throws IOException {
		advise(advice, 0, PAGE);
		assertThat(this.told).containsExactly(pages(0, 1, number));
	}

	@Test
	void rangeCoversEveryPageThatItTouches() throws IOException {
		advise(Advice.WILL_NEED, PAGE - 1, 2 * PAGE + 1);
		assertThat(this.told).containsExactly(pages(0, 3, 3));
	}

	@Test
	void rangeEndsWithTheMapping() throws IOException {
		advise(Advice.RANDOM, 8 * PAGE, Advisor.END);
		advise(Advice.RANDOM, 10 * PAGE, Advisor.END);
		advise(Advice.RANDOM, PAGE, PAGE);
		assertThat(this.told).containsExactly(pages(8, 2, 1));
	}

	@Test
	void laterMappingIsToldWhatIsKeptAlone() throws IOException {
		advise(Advice.RANDOM, 0, Advisor.END);
		advise(Advice.WILL_NEED, 0, Advisor.END);
		advise(Advice.POPULATE_READ, 0, PAGE);
		assertThat(repeated(10)).containsExactly(pages(0, 10, 1));
		assertThat(repeated(4)).containsExactly(pages(0, 4, 1));
	}

	@Test
	void adviceForAPartComesAfterTheOneForTheWhole() throws IOException {
		advise(Advice.RANDOM, 0, Advisor.END);
		advise(Advice.SEQUENTIAL, PAGE, 2 * PAGE);
		assertThat(repeated(10)).containsExactly(pages(0, 10, 1), pages(1, 1, 2));
	}

	@ParameterizedTest
	@CsvSource({ "0, 4", "1, 3", "0, 3", "1, 4" })
	void adviceReplacesTheEarlierOneThatItCovers(int from, int to) throws IOException {
		advise(Advice.RANDOM, PAGE, 3 * PAGE);
		advise(Advice.SEQUENTIAL, (long) from * PAGE, (long) to * PAGE);
		assertThat(repeated(10)).containsExactly(pages(from, to - from, 2));
	}

	@ParameterizedTest
	@CsvSource({ "2, 4", "0, 2", "4, 5" })
	void adviceThatCoversAPartOfAnEarlierOneReplacesNothing(int from, int to) throws IOException {
		advise(Advice.RANDOM, PAGE, 3 * PAGE);
		advise(Advice.SEQUENTIAL, (long) from * PAGE, (long) to * PAGE);
		assertThat(repeated(10)).containsExactly(pages(1, 2, 1), pages(from, to - from, 2));
	}

	/** How pages are read, and how large they are, are two things. */
	@Test
	void adviceOnLargePagesReplacesItsOwnKindAlone() throws IOException {
		advise(Advice.RANDOM, 0, Advisor.END);
		advise(Advice.HUGE_PAGES, 0, Advisor.END);
		assertThat(repeated(10)).containsExactly(pages(0, 10, 1), pages(0, 10, 14));
		advise(Advice.NO_HUGE_PAGES, 0, Advisor.END);
		assertThat(repeated(10)).containsExactly(pages(0, 10, 1), pages(0, 10, 15));
		advise(Advice.NORMAL, 0, Advisor.END);
		assertThat(repeated(10)).containsExactly(pages(0, 10, 15), pages(0, 10, 0));
	}

	@Test
	void adviceThatTheKernelRejectsIsUnsupportedAndNotKept() {
		this.errno = FaultyLibrary.EINVAL;
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> advise(Advice.HUGE_PAGES, 0, PAGE))
			.withMessageContaining("HUGE_PAGES")
			.withMessageContaining("some.dat");
		assertThat(repeated(10)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { FaultyLibrary.EFAULT, FaultyLibrary.EHWPOISON })
	void pageThatIsNotToBeHadIsAFault(int fault) {
		this.errno = fault;
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> advise(Advice.POPULATE_READ, 3, PAGE))
			.withMessageContaining("POPULATE_READ")
			.withMessageContaining("4093 bytes at offset 3");
	}

	@Test
	void otherFailureIsExplained() {
		this.errno = FaultyLibrary.ENOMEM;
		assertThatExceptionOfType(StorageException.class).isThrownBy(() -> advise(Advice.WILL_NEED, 0, Advisor.END))
			.withMessageContaining("advise WILL_NEED for some.dat, all of it");
	}

	/** It is slower then; nothing else. */
	@Test
	void laterMappingThatMayNotBeToldIsThereAllTheSame() throws IOException {
		advise(Advice.RANDOM, 0, PAGE);
		advise(Advice.SEQUENTIAL, PAGE, 2 * PAGE);
		this.errno = FaultyLibrary.EINVAL;
		assertThat(repeated(10)).hasSize(2);
	}

	/**
	 * What the kernel was told.
	 */
	private record Told(long offset, long length, long advice) {
	}

}
