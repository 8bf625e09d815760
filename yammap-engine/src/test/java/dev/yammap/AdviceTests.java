package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the kernel is told of a file's use: the process's own entries in {@code /proc} say
 * what it heard. The portable backend refuses, in one way.
 */
class AdviceTests extends AbstractMmapTests {

	private static final String SEQUENTIAL = "sr";

	private static final String RANDOM = "rr";

	private static final StandardOpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	@ParameterizedTest
	@EnumSource
	void adviceChangesNothingOfTheFile(Advice advice) throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(content);
		if (isRefused(file, advice)) {
			return;
		}
		file.set(ValueLayout.JAVA_BYTE, SOME_PAGES - 1, (byte) 7);
		content[SOME_PAGES - 1] = 7;
		adviseUnlessTooFewPages(file, advice);
		file.advise(advice, SOME_PAGES, 0);
		assertThat(readAt(file, SOME_PAGES + 1, 0)).isEqualTo(content);
		assertThat(file.size()).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(content);
	}

	/** The kernel collapses no file of a file system that knows no large pages. */
	private static void adviseUnlessTooFewPages(Mmap file, Advice advice) throws IOException {
		try {
			file.advise(advice);
			file.advise(advice, 5_000, 100_000);
		}
		catch (UnsupportedOperationException ex) {
			assertThat(advice).isIn(Advice.COLLAPSE, Advice.HUGE_PAGES, Advice.NO_HUGE_PAGES);
			assertThat(ex).hasMessageContaining("Invalid argument").hasMessageContaining(advice.name());
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, SOME_PAGES })
	void keptAdviceHoldsForTheWholeReservation(int size) throws IOException {
		Mmap file = openReadWrite(random(size, 1));
		if (isRefused(file, Advice.RANDOM)) {
			return;
		}
		file.advise(Advice.RANDOM);
		assertThat(mappings()).allMatch((mapping) -> mapping.is(RANDOM));
		file.write(random(SOME_PAGES, 2));
		file.truncate(1 << 20);
		assertThat(mappings()).hasSize(1).allMatch((mapping) -> mapping.is(RANDOM));
		file.advise(Advice.SEQUENTIAL);
		assertThat(mappings()).hasSize(1).allMatch((mapping) -> mapping.is(SEQUENTIAL) && !mapping.is(RANDOM));
		file.advise(Advice.NORMAL);
		assertThat(mappings()).hasSize(1).noneMatch((mapping) -> mapping.is(SEQUENTIAL) || mapping.is(RANDOM));
	}

	@Test
	void keptAdviceHoldsForEveryLaterMapping() throws IOException {
		Mmap file = open(builder(write(random(SOME_PAGES, 1))).options(READ_WRITE).reserve(0));
		if (isRefused(file, Advice.RANDOM)) {
			return;
		}
		file.advise(Advice.RANDOM);
		file.advise(Advice.SEQUENTIAL, 0, 4_096);
		long mapped = file.mappedSize();
		file.truncate(20 * SOME_PAGES);
		assertThat(file.mappedSize()).isGreaterThan(mapped);
		List<Mapping> mappings = mappings();
		assertThat(mappings).hasSize(4);
		assertThat(mappings).filteredOn((mapping) -> mapping.is(SEQUENTIAL)).hasSize(2);
		assertThat(mappings).filteredOn((mapping) -> mapping.is(RANDOM)).hasSize(2);
		file.advise(Advice.NORMAL);
		file.truncate(200 * SOME_PAGES);
		assertThat(mappings()).filteredOn((mapping) -> mapping.bytes() > 100 * SOME_PAGES)
			.hasSize(1)
			.noneMatch((mapping) -> mapping.is(SEQUENTIAL) || mapping.is(RANDOM));
	}

	@Test
	void readOnlyFileThatAnotherMadeLongerKeepsItsAdvice() throws IOException {
		Mmap file = open(write(random(100, 1)));
		if (isRefused(file, Advice.RANDOM)) {
			return;
		}
		file.advise(Advice.RANDOM);
		writeFromOutside(random(SOME_PAGES, 2), 100);
		assertThat(file.refresh()).isEqualTo(100 + SOME_PAGES);
		assertThat(mappings()).hasSize(2).allMatch((mapping) -> mapping.is(RANDOM));
	}

	@Test
	void adviceOfTheBuilderIsGivenOnOpening() throws IOException {
		Mmap.Builder builder = builder(write(random(SOME_PAGES, 1))).options(READ_WRITE).advice(Advice.RANDOM);
		if (this.backend == Backend.PORTABLE) {
			assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(builder::open)
				.withMessageContaining(path().toString())
				.withMessageContaining("portable backend")
				.withMessageContaining("RANDOM");
			return;
		}
		open(builder);
		assertThat(mappings()).hasSize(1).allMatch((mapping) -> mapping.is(RANDOM));
	}

	@Test
	void normalAdviceOfTheBuilderIsTakenByEveryBackend() throws IOException {
		assertThat(open(builder(write(random(10, 1))).advice(Advice.NORMAL)).size()).isEqualTo(10);
	}

	@Test
	void pagesThatAreNotNeededLeaveTheResidentSetAndKeepWhatWasWritten() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		if (isRefused(file, Advice.DONT_NEED)) {
			return;
		}
		file.writeAt(content, 0);
		assertThat(resident()).isGreaterThanOrEqualTo(SOME_PAGES);
		file.advise(Advice.DONT_NEED);
		assertThat(resident()).isZero();
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
	}

	@Test
	void whatWasWrittenToAPrivateMappingIsNeverThrownAway() throws IOException {
		write(new byte[SOME_PAGES]);
		Mmap file = openPrivate();
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 42);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.advise(Advice.DONT_NEED));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> file.advise(Advice.DONT_NEED, 0, 100));
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(42);
	}

	@Test
	void privateMappingThatIsReadOnlyCanBeDropped() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = open(builder(write(content)).mode(MapMode.PRIVATE));
		if (isRefused(file, Advice.DONT_NEED)) {
			return;
		}
		file.advise(Advice.DONT_NEED);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
	}

	@ParameterizedTest
	@EnumSource(names = { "DONT_NEED", "COLD", "PAGE_OUT" })
	void lockedFileRefusesWhatItsLockForbids(Advice advice) throws IOException {
		if (this.backend == Backend.PORTABLE) {
			return;
		}
		Mmap file = open(builder(write(random(100, 1))).lockInMemory(true));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.advise(advice))
			.withMessageContaining(path().toString())
			.withMessageContaining("locked in memory");
	}

	@Test
	void pagedOutFileLeavesThePageCacheAndIsReadAgain(@TempDir(factory = OnDisk.class) Path disk) throws IOException {
		this.directory = disk;
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		if (isRefused(file, Advice.PAGE_OUT)) {
			return;
		}
		file.writeAt(content, 0);
		file.sync();
		long before = file.pageCache().orElseThrow().cached();
		file.advise(Advice.PAGE_OUT);
		assertThat(file.pageCache().orElseThrow().cached()).isLessThan(before);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
	}

	@Test
	void populatedPagesAreResident() throws IOException {
		Mmap file = openReadWrite(random(SOME_PAGES, 1));
		if (isRefused(file, Advice.POPULATE_READ)) {
			return;
		}
		assertThat(resident()).isZero();
		file.advise(Advice.POPULATE_READ);
		assertThat(resident()).isGreaterThanOrEqualTo(SOME_PAGES);
	}

	@Test
	void pagesPopulatedForWritingAreDirty() throws IOException {
		Mmap file = openReadWrite(random(SOME_PAGES, 1));
		if (isRefused(file, Advice.POPULATE_WRITE)) {
			return;
		}
		file.sync();
		assertThat(dirty()).isZero();
		file.advise(Advice.POPULATE_WRITE, 8_192, 4_096);
		// The kernel may count the large page that the small one is part of.
		assertThat(dirty()).isBetween(4_096L, SOME_PAGES / 2L);
	}

	@Test
	void populationForWritingNeedsAFileThatCanBeWritten() throws IOException {
		Mmap file = open(write(random(100, 1)));
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> file.advise(Advice.POPULATE_WRITE));
		assertThatExceptionOfType(NonWritableChannelException.class)
			.isThrownBy(() -> file.advise(Advice.POPULATE_WRITE, 0, 1));
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> builder(path()).advice(Advice.POPULATE_WRITE).open())
			.withMessageContaining("POPULATE_WRITE");
	}

	@Test
	void populationOfAShortenedFileIsAFault() throws IOException {
		Mmap file = openReadWrite(random(SOME_PAGES, 1));
		if (isRefused(file, Advice.POPULATE_READ)) {
			return;
		}
		shortenFromOutside(0);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.advise(Advice.POPULATE_READ))
			.withMessageContaining(path().toString())
			.withMessageContaining("POPULATE_READ");
	}

	@Test
	void rangeMustBeWithinTheFile() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		for (long[] range : new long[][] { { -1, 1 }, { 0, 101 }, { 100, 1 }, { 0, -1 }, { Long.MAX_VALUE, 1 } }) {
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> file.advise(Advice.WILL_NEED, range[0], range[1]));
		}
	}

	@Test
	void rangeMayBeWhatAnotherHasAppended() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		writeFromOutside(random(SOME_PAGES, 2), 100);
		if (!isRefused(file, Advice.WILL_NEED)) {
			file.advise(Advice.WILL_NEED, 100, SOME_PAGES);
		}
	}

	@Test
	void closedFileTakesNoAdvice() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		file.close();
		for (Advice advice : Advice.values()) {
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.advise(advice));
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.advise(advice, 0, 100));
		}
	}

	@Test
	void adviceThatIsKeptIsThatWhichDescribesUseToCome() {
		assertThat(Arrays.stream(Advice.values()).filter(Advice::isKept)).containsExactly(Advice.NORMAL,
				Advice.SEQUENTIAL, Advice.RANDOM, Advice.HUGE_PAGES, Advice.NO_HUGE_PAGES);
	}

	private boolean isRefused(Mmap file, Advice advice) {
		if (this.backend == Backend.NATIVE) {
			return false;
		}
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.advise(advice))
			.withMessageContaining(path().toString())
			.withMessageContaining("portable backend");
		return true;
	}

	private long resident() throws IOException {
		return mappings().stream().mapToLong(Mapping::resident).sum();
	}

	private long dirty() throws IOException {
		return mappings().stream().mapToLong(Mapping::dirty).sum();
	}

	/**
	 * Returns what the kernel tells of the mappings of the usual file.
	 */
	private List<Mapping> mappings() throws IOException {
		List<Mapping> mappings = new ArrayList<>();
		List<String> lines = new ArrayList<>();
		for (String line : Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1)) {
			lines.add(line);
			if (line.startsWith("VmFlags:")) {
				if (lines.getFirst().endsWith(path().toString())) {
					mappings.add(new Mapping(List.copyOf(lines)));
				}
				lines.clear();
			}
		}
		return mappings;
	}

	/**
	 * One mapping.
	 */
	private record Mapping(List<String> lines) {

		boolean is(String flag) {
			return Arrays.asList(this.lines.getLast().split(" ", -1)).contains(flag);
		}

		long bytes() {
			return kilobytes("Size:") * 1024;
		}

		long resident() {
			return kilobytes("Rss:") * 1024;
		}

		long dirty() {
			return (kilobytes("Shared_Dirty:") + kilobytes("Private_Dirty:")) * 1024;
		}

		private long kilobytes(String figure) {
			return this.lines.stream()
				.filter((line) -> line.startsWith(figure))
				.mapToLong((line) -> Long.parseLong(line.split("\\s+", -1)[1]))
				.sum();
		}

	}

}
