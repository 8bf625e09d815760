package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.linux.call.NativeLinker;
import dev.yammap.internal.os.linux.call.SystemCallException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link LinuxBackend} and its parts that its contract does not show.
 */
@NullMarked
class LinuxBackendTests {

	private final NativeLinker linker = new NativeLinker();

	@TempDir
	private Path directory = Path.of("");

	@ParameterizedTest
	@ValueSource(strings = { "sysconf", "getrlimit" })
	void systemThatDoesNotTellItsLimitsIsUnsupported(String mute) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(
				() -> new LinuxBackend((name) -> name.equals(mute) ? LinuxBackendTests::fail : this.linker.apply(name)))
			.withMessageContaining("page size and limits")
			.withCauseInstanceOf(SystemCallException.class);
	}

	private static long fail(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		state.set(ValueLayout.JAVA_INT, 0, FaultyLibrary.EPERM);
		return -1;
	}

	/**
	 * What every glibc since 2.17 and every musl since 1.1 has. One that is missing would
	 * cost the native backend: call it by its number instead.
	 */
	@Test
	void onlyWhatEveryCLibraryHasIsLinked() {
		List<String> linked = new ArrayList<>();
		assertThat(new LinuxBackend((name) -> {
			linked.add(name);
			return this.linker.apply(name);
		})).isNotNull();
		assertThat(linked).isSubsetOf("open", "close", "lseek", "write", "pwrite", "ftruncate", "fallocate", "fcntl",
				"fsync", "fdatasync", "futimens", "fstatfs", "mmap", "mremap", "munmap", "mprotect", "madvise", "mlock",
				"msync", "mincore", "syscall", "sysconf", "getrlimit", "strerror");
	}

	@Test
	void functionThatTheLibraryLacksIsNamed() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.linker.apply("no_such_function"))
			.withMessageContaining("no_such_function");
	}

	@Test
	void everythingIsMappedSoNothingIsReadOrWrittenOtherwise() throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[100_000]);
		BackendFile file = new LinuxBackend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
		MemorySegment mapping = file.map(100_000);
		assertThat(mapping.byteSize()).isGreaterThanOrEqualTo(100_000);
		assertThat(file.mapAll(100_000)).isEqualTo(mapping);
		assertThat(file.remains().canUnmap()).isTrue();
		MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
		assertThatIllegalStateException().isThrownBy(() -> file.read(bytes, 0, 10, 0));
		assertThatIllegalStateException().isThrownBy(() -> file.write(bytes, 0, 10, 0));
		file.close();
		file.unmap();
	}

	@Test
	void mappingIsUsedToItsEnd() throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[10]);
		BackendFile file = new LinuxBackend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
		MemorySegment mapping = file.map(10);
		assertThat(file.map(mapping.byteSize())).isSameAs(mapping);
		assertThat(file.mappedSize()).isEqualTo(mapping.byteSize());
		assertThat(file.map(mapping.byteSize() + 1)).isNotSameAs(mapping);
		file.close();
		file.unmap();
	}

	@Test
	void syncOfARangeCoversThePagesThatItTouchesAndNoOthers() throws IOException {
		List<Long> synced = new ArrayList<>();
		LinuxBackend backend = new LinuxBackend((name) -> !name.equals("msync") ? this.linker.apply(name)
				: (state, address, length, flags, d, e, f, g) -> {
					synced.addAll(List.of(address, length));
					return 0;
				});
		Path path = Files.write(this.directory.resolve("file"), new byte[100_000]);
		BackendFile file = backend.open(path, AccessOptions.of(StandardOpenOption.WRITE), Set.of(),
				MappingOptions.DEFAULT);
		long address = file.map(100_000).address();
		file.sync(5000, 10);
		file.sync(4095, 2);
		file.sync(8192, 4096);
		assertThat(synced).containsExactly(address + 4096, 4096L, address, 8192L, address + 8192, 4096L);
		file.close();
		file.unmap();
	}

	/** As of a file that is lost: nobody can try again. */
	@Test
	void everyMappingIsRemovedAndNoFailureHidesAnother() throws IOException {
		FaultyLibrary library = new FaultyLibrary();
		Path path = Files.write(this.directory.resolve("file"), new byte[100_000]);
		for (int failures = 1; failures <= 2; failures++) {
			BackendFile file = library.backend()
				.open(path, AccessOptions.of(StandardOpenOption.WRITE), Set.of(),
						MappingOptions.DEFAULT.withReserve(0));
			file.map(10);
			file.map(100_000);
			file.close();
			if (failures == 1) {
				library.fail("munmap", FaultyLibrary.EINVAL);
			}
			else {
				library.failAlways("munmap", FaultyLibrary.EINVAL);
			}
			library.calls();
			int others = failures - 1;
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.remains().unmap())
				.withMessageContaining("Cannot unmap " + path)
				.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(others));
			assertThat(library.calls()).filteredOn("munmap"::equals).hasSize(2);
			assertThat(file.mappedSize()).isZero();
		}
	}

	/** It is passed on by its bytes, not in the encoding of the virtual machine. */
	@Test
	void nameMayHaveAnyCharacter() throws IOException {
		Path path = Files.write(this.directory.resolve("a b%41#?+\t~"), new byte[3]);
		Files.write(this.directory.resolve("a bA#?+\t~"), new byte[5]);
		BackendFile file = new LinuxBackend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
		assertThat(file.size()).isEqualTo(3);
		assertThat(file.isCurrent()).isTrue();
		assertThat(file).hasToString(path.toString());
		file.map(3);
		file.close();
		file.unmap();
	}

	/** As the names of files are that were unpacked with another encoding. */
	@Test
	void nameNeedNotBeText() throws Exception {
		Process shell = new ProcessBuilder("sh", "-c", "printf abc > \"$(printf 'a\\344+%%41 b')\"")
			.directory(this.directory.toFile())
			.start();
		assertThat(shell.waitFor()).isZero();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.directory)) {
			Path path = entries.iterator().next();
			BackendFile file = new LinuxBackend().open(path, AccessOptions.READ_ONLY, Set.of(), MappingOptions.DEFAULT);
			assertThat(file.size()).isEqualTo(3);
			assertThat(file.isCurrent()).isTrue();
			file.map(3);
			file.close();
			file.unmap();
		}
	}

	/** Those that no umask takes away. */
	@ParameterizedTest
	@ValueSource(strings = { "rwx------", "r--------", "rw-------", "-w-------" })
	void newFileHasThePermissionsThatWereGiven(String permissions) throws IOException {
		Path path = this.directory.resolve("new");
		Set<PosixFilePermission> given = PosixFilePermissions.fromString(permissions);
		BackendFile file = new LinuxBackend().open(path,
				AccessOptions.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), given,
				MappingOptions.DEFAULT);
		assertThat(Files.getPosixFilePermissions(path)).isEqualTo(given);
		assertThat(file.origin()).isEqualTo(Origin.CREATED);
		file.map(0);
		file.close();
		file.unmap();
	}

}
