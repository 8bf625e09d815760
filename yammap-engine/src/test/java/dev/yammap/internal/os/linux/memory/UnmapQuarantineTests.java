package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UnmapQuarantine}: what is left where a closed file was mapped. The time
 * stands still unless a test lets it pass, so whatever is left stays while a test looks.
 */
@NullMarked
class UnmapQuarantineTests {

	private static final int SIZE = 100_000;

	private final FaultyLibrary library = new FaultyLibrary();

	private final long now = System.nanoTime();

	@TempDir
	private Path directory = Path.of("");

	@BeforeEach
	void stopTime() {
		UnmapQuarantine.TIME.goBy(() -> this.now);
	}

	@AfterEach
	void letTimePass() {
		UnmapQuarantine.TIME.goBy(System::nanoTime);
	}

	/** Lets the time pass once this thread looks at the clock, to wait for something. */
	private void letTimePassWhenWaitedFor() {
		Thread waiting = Thread.currentThread();
		UnmapQuarantine.TIME.goBy(() -> {
			if (Thread.currentThread().equals(waiting)) {
				letTimePass();
			}
			return this.now;
		});
	}

	private void awaitGivenBack() {
		letTimePass();
		UnmapQuarantine.awaitGivenBack();
	}

	/** Opens a file, and closes it; returns where it was mapped. */
	private MemorySegment openAndClose(Runnable beforeClosing) throws IOException {
		return openAndClose(AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE), beforeClosing);
	}

	private MemorySegment openAndClose(AccessOptions access, Runnable beforeClosing) throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		BackendFile file = this.library.backend().open(path, access, Set.of(), MappingOptions.DEFAULT);
		MemorySegment mapping = file.map(SIZE);
		MemorySegment where = MemorySegment.ofAddress(mapping.address()).reinterpret(mapping.byteSize());
		assertThat(mapped(where)).hasSize(1).first().asString().endsWith(path.toString());
		assertThat(unmappers()).as("a thread is there before it is needed").isNotEmpty();
		beforeClosing.run();
		file.close();
		file.unmap();
		return where;
	}

	/** Returns what of a file, or in its place, is mapped anywhere in a range. */
	private static List<String> mapped(MemorySegment range) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).stream().filter((line) -> {
			if (!line.endsWith("/file") && !line.contains("/memfd:yammap")) {
				return false;
			}
			String[] addresses = line.substring(0, line.indexOf(' ')).split("-", 2);
			return Long.parseUnsignedLong(addresses[0], 16) < range.address() + range.byteSize()
					&& Long.parseUnsignedLong(addresses[1], 16) > range.address();
		}).toList();
	}

	private static long mappedBytes(MemorySegment range) throws IOException {
		return mapped(range).stream()
			.map((line) -> line.substring(0, line.indexOf(' ')).split("-", 2))
			.mapToLong((ends) -> Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16))
			.sum();
	}

	/**
	 * Memory that no file in memory stands behind would be charged at once where
	 * {@code vm.overcommit_memory} is 2.
	 */
	@Test
	void memoryThatIsNotChargedStaysWhereTheFileWasAndNothingElse() throws IOException {
		MemorySegment where = openAndClose(() -> {
		});
		assertThat(mapped(where)).singleElement().asString().contains("rw-s").contains("/memfd:yammap");
		assertThat(mappedBytes(where)).isBetween((long) SIZE, SIZE + (64L << 10));
		Thread.currentThread().interrupt();
		awaitGivenBack();
		assertThat(Thread.interrupted()).as("an interrupt is neither lost nor heeded").isTrue();
		assertThat(mapped(where)).isEmpty();
	}

	/**
	 * Memory that cannot be written to is never charged, whether a file is behind it or
	 * not.
	 */
	@Test
	void memoryThatCanOnlyBeReadStaysWhereAFileWasThatWasOnlyRead() throws IOException {
		MemorySegment where = openAndClose(AccessOptions.of(StandardOpenOption.READ),
				() -> this.library.failAlways("memfd_create", FaultyLibrary.ENOSYS));
		assertThat(mapped(where)).isEmpty();
		assertThat(protection(where.address())).isEqualTo("r--p");
		assertThat(protection(where.address() + SIZE - 1)).isEqualTo("r--p");
		assertThat(where.get(ValueLayout.JAVA_BYTE, SIZE - 1)).isZero();
		awaitGivenBack();
		assertThat(protection(where.address())).isNotEqualTo("r--p");
	}

	/**
	 * Returns how an address may be accessed, as the system says it; empty if nothing is
	 * mapped there.
	 */
	private static String protection(long address) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)
			.stream()
			.map((line) -> line.split("-| ", 3))
			.filter((fields) -> Long.parseUnsignedLong(fields[0], 16) <= address
					&& address < Long.parseUnsignedLong(fields[1], 16))
			.map((fields) -> fields[2].substring(0, 4))
			.findFirst()
			.orElse("");
	}

	@Test
	void memoryIsGivenBackInTimeByAThreadThatEnds() throws Exception {
		MemorySegment where = openAndClose(() -> {
		});
		letTimePass();
		// One that had nothing left to do may still be on its way to its end.
		for (Thread thread : unmappers()) {
			assertThat(thread.isDaemon()).isTrue();
			assertThat(thread.getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
			assertThat(thread.join(Duration.ofMinutes(10))).isTrue();
		}
		assertThat(mapped(where)).isEmpty();
		// Another one is there for the next file.
		openAndClose(() -> {
		});
	}

	private static Set<Thread> unmappers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("yammap-unmapper"))
			.collect(Collectors.toSet());
	}

	/** Nothing is ever unmapped without something else in its place. */
	@ParameterizedTest
	@CsvSource({ "memfd_create, 38", "ftruncate, 27", "mmap, 12", "mremap, 12" })
	void fileStaysForAWhileWhereNoMemoryCanBeHad(String function, int errno) throws IOException {
		MemorySegment where = openAndClose(() -> this.library.failAlways(function, errno));
		assertThat(mapped(where)).singleElement().asString().endsWith("/file");
	}

	@ParameterizedTest
	@CsvSource({ "mmap, 12", "mremap, 12" })
	void fileThatWasOnlyReadStaysForAWhileWhereNoMemoryCanBeHad(String function, int errno) throws IOException {
		MemorySegment where = openAndClose(AccessOptions.of(StandardOpenOption.READ),
				() -> this.library.failAlways(function, errno));
		assertThat(mapped(where)).singleElement().asString().endsWith("/file");
	}

	@Test
	void wholeMappingStaysForAWhileWhereItCannotBeDivided() throws IOException {
		MemorySegment where = openAndClose(() -> {
			this.library.fail("munmap", FaultyLibrary.ENOMEM);
			this.library.failAlways("mremap", FaultyLibrary.ENOMEM);
		});
		assertThat(mappedBytes(where)).isEqualTo(where.byteSize());
		awaitGivenBack();
		assertThat(mapped(where)).isEmpty();
	}

	/** The heap may be full when a lost file ends, or one that could not be opened. */
	@Test
	void mappingThatNobodyAccessedIsRemovedWithoutAnObject() throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		BackendFile file = this.library.backend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
		MemorySegment mapping = file.map(SIZE);
		MemorySegment where = MemorySegment.ofAddress(mapping.address()).reinterpret(mapping.byteSize());
		file.close();
		Thread unmapping = Thread.currentThread();
		UnmapQuarantine.TIME.goBy(() -> {
			if (Thread.currentThread().equals(unmapping)) {
				throw new AssertionError("Only what is kept for a while needs the time, and an object");
			}
			return this.now;
		});
		file.remains().unmap();
		assertThat(mapped(where)).isEmpty();
	}

	@Test
	void olderKernelsMakeMemoryToo() throws IOException {
		MemorySegment where = openAndClose(() -> this.library.fail("memfd_create", FaultyLibrary.EINVAL));
		assertThat(mapped(where)).singleElement().asString().contains("/memfd:yammap");
	}

	/** Also of a file that needs no reservation, so that less would not do. */
	@Test
	void mappingThatIsRefusedIsTriedAgainOnceClosedFilesGaveTheirsBack() throws IOException {
		MemorySegment where = openAndClose(() -> {
		});
		Path path = Files.write(this.directory.resolve("other"), new byte[SIZE]);
		BackendFile file = this.library.backend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
		this.library.fail("mmap", FaultyLibrary.ENOMEM);
		letTimePassWhenWaitedFor();
		assertThat(file.map(SIZE).byteSize()).isGreaterThanOrEqualTo(SIZE);
		assertThat(mapped(where)).isEmpty();
		file.close();
		file.unmap();
	}

}
