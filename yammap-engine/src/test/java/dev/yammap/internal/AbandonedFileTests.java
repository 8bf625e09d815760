package dev.yammap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of a new file if opening it fails in the end: it is deleted, unless
 * somebody else may have written to it meanwhile.
 */
@NullMarked
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class AbandonedFileTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@TempDir
	private Path directory = Path.of("");

	private Path path = Path.of("");

	@BeforeEach
	void namePath() {
		this.path = this.directory.resolve("file");
	}

	/** Has an opening that creates the file fail after somebody else did something. */
	private AbstractThrowableAssert<?, ? extends Throwable> failedOpening(long size, LockMode lock, Change change) {
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE);
		Opening opening = new Opening(Backends.get(this.backend), this.path, access,
				MappingOptions.DEFAULT.withLock(lock), false, true);
		return assertThatThrownBy(() -> opening.open(PosixFilePermissions.fromString("rw-------"), size, (file) -> {
			try {
				assertThat(this.path).hasSize(size);
				change.happen();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			throw new IllegalStateException("as it was");
		})).isInstanceOf(IllegalStateException.class).hasMessage("as it was");
	}

	private void write(long offset) throws IOException {
		try (FileChannel channel = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[] { 1 }), offset);
		}
	}

	private void assertStays(AbstractThrowableAssert<?, ? extends Throwable> failure) {
		failure.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
			.asString()
			.contains(this.path + " is new, and was not deleted: another process may have written to it"));
		assertThat(this.path).exists();
	}

	@ParameterizedTest
	@CsvSource({ "0, NONE", "100, NONE", "200000, NONE", "0, EXCLUSIVE", "100, EXCLUSIVE", "100000000, EXCLUSIVE" })
	void fileThatNobodyElseCanHaveWrittenToIsDeleted(long size, LockMode lock) {
		failedOpening(size, lock, () -> {
		}).hasNoSuppressedExceptions();
		assertThat(this.path).doesNotExist();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "100, 50", "200000, 199999", "200000, 0", "100, 100", "100, 4096" })
	void fileThatAnotherHasWrittenToStays(long size, long offset) throws IOException {
		assertStays(failedOpening(size, LockMode.NONE, () -> write(offset)));
		byte[] content = Files.readAllBytes(this.path);
		assertThat(content).hasSize((int) Math.max(size, offset + 1));
		assertThat(content[(int) offset]).isEqualTo((byte) 1);
	}

	@Test
	void fileThatIsTooLongToBeLookedThroughStays() {
		assertStays(failedOpening(100_000_000, LockMode.NONE, () -> {
		}));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 100 })
	void fileThatAnotherHasLockedStays(long size) throws IOException {
		Mmap[] other = new Mmap[1];
		assertStays(failedOpening(size, LockMode.NONE,
				() -> other[0] = Mmap.builder(this.path)
					.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
					.lock(LockMode.EXCLUSIVE)
					.backend(this.backend)
					.open()));
		other[0].writeAt(new byte[] { 1 }, 0);
		other[0].close();
		assertThat(Files.readAllBytes(this.path)).startsWith(1);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHARED")
	void anotherFileAtThePathStays(LockMode lock) throws IOException {
		Path elsewhere = this.directory.resolve("elsewhere");
		failedOpening(0, lock, () -> {
			Files.move(this.path, elsewhere);
			Files.createFile(this.path);
		}).hasNoSuppressedExceptions();
		assertThat(this.path).isEmptyFile();
		assertThat(elsewhere).isEmptyFile();
	}

	/** Something that another process does. */
	@FunctionalInterface
	private interface Change {

		void happen() throws IOException;

	}

}
