package dev.yammap.internal.os.linux.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.LinuxBackend;
import dev.yammap.internal.os.linux.call.NativeFunction;
import dev.yammap.internal.os.linux.call.NativeLinker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Reservations}: how much address space files take where there is little.
 */
@NullMarked
class ReservationsTests {

	private static final Pages PAGES = new Pages(4096);

	private static final long GIBIBYTE = 1L << 30;

	private static final long UNLIMITED = Long.MAX_VALUE;

	@TempDir
	private Path directory = Path.of("");

	@ParameterizedTest
	@CsvSource({ "36, 4", "39, 32", "42, 256", "46, 4096", "47, 8192", "48, 8192" })
	void manyFilesFitInEveryAddressSpace(int bits, long mebibytes) {
		Reservations reservations = Reservations.in(PAGES, 1L << bits, UNLIMITED);
		assertThat(reservations.wanted(MappingOptions.DEFAULT, true, 4096, 0)).isEqualTo(mebibytes << 20);
	}

	@Test
	void mappingDoublesWhereAddressSpaceIsLimited() {
		Reservations reservations = Reservations.in(PAGES, 1L << 47, 12 * GIBIBYTE);
		long mapped = 300 << 20;
		assertThat(reservations.wanted(MappingOptions.DEFAULT, true, mapped + 4096, mapped)).isEqualTo(2 * mapped);
		assertThat(reservations.wanted(MappingOptions.DEFAULT, false, mapped + 4096, mapped)).isEqualTo(2 * mapped);
	}

	@Test
	void reservationThatWasAskedForIsAPartOfALimitedAddressSpaceAtMost() {
		MappingOptions options = MappingOptions.DEFAULT.withReserve(1L << 40);
		assertThat(Reservations.in(PAGES, 1L << 47, 64 * GIBIBYTE).wanted(options, true, 4096, 0)).isEqualTo(GIBIBYTE);
		assertThat(Reservations.in(PAGES, 1L << 47, UNLIMITED).wanted(options, true, 4096, 0)).isEqualTo(1L << 40);
	}

	@Test
	void reservationEndsWithTheGreatestSizeUnlessOthersMadeTheFileLonger() {
		Reservations reservations = Reservations.in(PAGES, 1L << 47, UNLIMITED);
		MappingOptions options = MappingOptions.DEFAULT.withMaxSize(8000);
		assertThat(reservations.wanted(options, true, 4096, 0)).isEqualTo(8192);
		assertThat(reservations.wanted(options, true, 8192, 4096)).isEqualTo(8192);
		assertThat(reservations.wanted(options, true, 12288, 8192)).isEqualTo(8 * GIBIBYTE);
	}

	@Test
	void refusedLengthIsMadeSmallerUntilNothingIsReserved() {
		Reservations reservations = Reservations.in(PAGES, 1L << 47, UNLIMITED);
		long needed = 1 << 20;
		long length = 1L << 40;
		int attempts = 0;
		while (length > needed) {
			long next = reservations.less(length, needed);
			assertThat(next).isBetween(needed, length - 4096);
			length = next;
			attempts++;
		}
		assertThat(length).isEqualTo(needed);
		assertThat(attempts).isLessThan(12);
	}

	/** A kernel with 39 bits is told by where it puts a mapping. */
	@Test
	void addressSpaceIsFoundOutByAMapping() throws IOException {
		long probed = 0x7f_0000_0000L;
		NativeLinker linker = new NativeLinker();
		LinuxBackend backend = new LinuxBackend((name) -> {
			NativeFunction function = linker.apply(name);
			return switch (name) {
				case "mmap" ->
					(state, a, b, c, d, fd, f, g) -> (fd == -1) ? probed : function.call(state, a, b, c, d, fd, f, g);
				case "munmap" ->
					(state, a, b, c, d, e, f, g) -> (a == probed) ? 0 : function.call(state, a, b, c, d, e, f, g);
				default -> function;
			};
		});
		Path path = Files.write(this.directory.resolve("file"), new byte[1]);
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
		BackendFile file = backend.open(path, access, Set.of(), MappingOptions.DEFAULT);
		assertThat(file.map(1).byteSize()).isEqualTo(32 << 20);
		file.close();
		file.unmap();
	}

	/** {@code ulimit -v}, as the system tells it: no limit is the greatest number. */
	@ParameterizedTest
	@CsvSource({ "1073741824, 65536", "-1, 8589934592" })
	void reservationIsAPartOfALimitedAddressSpace(long limit, long most) throws IOException {
		NativeLinker linker = new NativeLinker();
		LinuxBackend backend = new LinuxBackend(
				(name) -> !name.equals("getrlimit") ? linker.apply(name) : (state, resource, answer, c, d, e, f, g) -> {
					MemorySegment.ofAddress(answer).reinterpret(16).set(ValueLayout.JAVA_LONG, 0, limit);
					return 0;
				});
		Path path = Files.write(this.directory.resolve("file"), new byte[1]);
		BackendFile file = backend.open(path, AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
				Set.of(), MappingOptions.DEFAULT);
		assertThat(file.map(1).byteSize()).isBetween((limit < 0) ? 4 << 20 : most, most);
		file.close();
		file.unmap();
	}

}
