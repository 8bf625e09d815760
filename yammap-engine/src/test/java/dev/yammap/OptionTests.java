package dev.yammap;

import java.io.IOException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Every combination of options does what {@link Mmap.Builder} says, or throws what it
 * says and changes nothing.
 */
class OptionTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.UTF_8);

	private static final List<StandardOpenOption> OPTIONS = List.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.APPEND, StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW,
			StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC, StandardOpenOption.DSYNC,
			StandardOpenOption.SPARSE);

	@ParameterizedTest
	@CsvSource({ "SHARED, true, 0", "SHARED, false, 0", "SHARED, true, 5000", "SHARED, false, 5000", "PRIVATE, true, 0",
			"PRIVATE, false, 0", "PRIVATE, true, 5000", "PRIVATE, false, 5000" })
	void everyCombinationDoesWhatItSays(MapMode mode, boolean exists, long size) throws IOException {
		for (Set<StandardOpenOption> options : combinations()) {
			Files.deleteIfExists(path());
			if (exists) {
				write(CONTENT);
			}
			Class<? extends Exception> refusal = refusal(options, mode, exists, size);
			Mmap.Builder builder = builder(path()).options(options.toArray(OpenOption[]::new)).mode(mode);
			if (size > 0) {
				builder.size(size);
			}
			if (refusal != null) {
				assertThat(catchThrowable(builder::open)).as("%s", options).isInstanceOf(refusal);
				assertUntouched(exists, options);
			}
			else {
				try (Mmap file = builder.open()) {
					assertOpened(file, options, mode, exists, size);
				}
			}
		}
	}

	private void assertUntouched(boolean exists, Set<StandardOpenOption> options) throws IOException {
		assertThat(Files.exists(path())).as("%s", options).isEqualTo(exists);
		if (exists) {
			assertThat(content()).as("%s", options).isEqualTo(CONTENT);
		}
	}

	private void assertOpened(Mmap file, Set<StandardOpenOption> options, MapMode mode, boolean exists, long size)
			throws IOException {
		boolean append = options.contains(StandardOpenOption.APPEND);
		boolean writable = append || options.contains(StandardOpenOption.WRITE);
		boolean readable = !writable || options.contains(StandardOpenOption.READ);
		boolean kept = exists && !options.contains(StandardOpenOption.TRUNCATE_EXISTING);
		byte[] expected = concat(kept ? CONTENT : new byte[0],
				new byte[Math.max(0, (int) size - (kept ? CONTENT.length : 0))]);
		assertThat(file.isWritable()).as("%s", options).isEqualTo(writable);
		assertThat(file.size()).as("%s", options).isEqualTo(expected.length);
		assertThat(content()).as("%s", options).isEqualTo(expected);
		if (readable) {
			assertThat(file.readAt(new byte[10_000], 0)).as("%s", options)
				.isEqualTo((expected.length > 0) ? expected.length : -1);
		}
		else {
			assertThat(catchThrowable(() -> file.readAt(new byte[1], 0))).as("%s", options)
				.isInstanceOf(NonReadableChannelException.class);
		}
		if (!writable) {
			assertThat(catchThrowable(() -> file.write(CONTENT))).as("%s", options)
				.isInstanceOf(NonWritableChannelException.class);
		}
		if (!writable || append) {
			assertThat(catchThrowable(() -> file.writeAt(CONTENT, 0))).as("%s", options)
				.isInstanceOf(NonWritableChannelException.class);
		}
		assertThat(content()).as("%s", options).isEqualTo(expected);
		if (writable && mode == MapMode.SHARED) {
			assertThat(file.write(CONTENT)).as("%s", options).isEqualTo(CONTENT.length);
			byte[] written = (append) ? concat(expected, CONTENT) : concat(CONTENT,
					Arrays.copyOfRange(expected, Math.min(CONTENT.length, expected.length), expected.length));
			assertThat(content()).as("%s", options).isEqualTo(written);
		}
	}

	/**
	 * What {@link Mmap.Builder#open()} says it throws, or {@code null}.
	 */
	private @Nullable Class<? extends Exception> refusal(Set<StandardOpenOption> options, MapMode mode, boolean exists,
			long size) {
		boolean append = options.contains(StandardOpenOption.APPEND);
		boolean writable = append || options.contains(StandardOpenOption.WRITE);
		boolean created = options.contains(StandardOpenOption.CREATE)
				|| options.contains(StandardOpenOption.CREATE_NEW);
		boolean changes = created || options.contains(StandardOpenOption.TRUNCATE_EXISTING) || size > 0;
		if (changes && (!writable || mode == MapMode.PRIVATE)) {
			return IllegalArgumentException.class;
		}
		if (append && mode == MapMode.PRIVATE) {
			return IllegalArgumentException.class;
		}
		if (exists && options.contains(StandardOpenOption.CREATE_NEW)) {
			return FileAlreadyExistsException.class;
		}
		return (!exists && !created) ? NoSuchFileException.class : null;
	}

	private static List<Set<StandardOpenOption>> combinations() {
		List<Set<StandardOpenOption>> all = new ArrayList<>();
		for (int bits = 0; bits < (1 << OPTIONS.size()); bits++) {
			Set<StandardOpenOption> some = EnumSet.noneOf(StandardOpenOption.class);
			for (int i = 0; i < OPTIONS.size(); i++) {
				if ((bits & (1 << i)) != 0) {
					some.add(OPTIONS.get(i));
				}
			}
			all.add(some);
		}
		return all;
	}

	@ParameterizedTest
	@MethodSource("dev.yammap.Call#writing")
	void readOnlyFileRefusesWrites(Call call) throws IOException {
		byte[] content = random(Call.SIZE, 1);
		Mmap file = open(write(content));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> call.on(file));
		assertThat(content()).isEqualTo(content);
		assertThat(readAt(file, Call.SIZE, 0)).isEqualTo(content);
		assertThat(file.size()).isEqualTo(Call.SIZE);
		assertThat(file.offset()).isZero();
	}

	@ParameterizedTest
	@MethodSource("dev.yammap.Call#reading")
	void writeOnlyFileRefusesReads(Call call) throws IOException {
		byte[] content = random(Call.SIZE, 1);
		Mmap file = open(write(content), StandardOpenOption.WRITE);
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> call.on(file));
		assertThat(content()).isEqualTo(content);
		assertThat(file.offset()).isZero();
	}

	@ParameterizedTest
	@MethodSource("dev.yammap.Call#overwriting")
	void appendingFileRefusesToOverwrite(Call call) throws IOException {
		byte[] content = random(Call.SIZE, 1);
		write(content);
		Mmap file = openAppend();
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> call.on(file));
		assertThat(content()).isEqualTo(content);
		assertThat(file.size()).isEqualTo(Call.SIZE);
	}

	@ParameterizedTest
	@EnumSource
	void readWriteFileAllowsEveryCall(Call call) throws IOException {
		call.on(openReadWrite(random(Call.SIZE, 1)));
	}

	@Test
	void otherOptionIsRefused() throws IOException {
		write(CONTENT);
		OpenOption other = new OpenOption() {
		};
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> builder(path()).options(other));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> Mmap.open(path(), StandardOpenOption.DELETE_ON_CLOSE));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> Mmap.create(path(), 1, StandardOpenOption.DELETE_ON_CLOSE));
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void optionsReplaceThoseOfTheCallBefore() throws IOException {
		write(CONTENT);
		Mmap file = open(builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
			.options(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
		assertThat(file.isWritable()).isFalse();
		assertThat(readAt(file, 100, 0)).isEqualTo(CONTENT);
	}

	@Test
	void builderCanBeUsedAgain() throws IOException {
		write(CONTENT);
		Mmap.Builder builder = builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE);
		Mmap first = open(builder);
		Mmap second = open(builder.maxSize(CONTENT.length));
		assertThat(second).isNotSameAs(first);
		first.close();
		assertThat(second.isOpen()).isTrue();
		assertThat(readAt(second, 100, 0)).isEqualTo(CONTENT);
	}

	@Test
	void negativeNumbersAreRefused() {
		Mmap.Builder builder = builder(path());
		assertThatIllegalArgumentException().isThrownBy(() -> builder.size(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxSize(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.reserve(Long.MIN_VALUE));
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRefused() {
		Mmap.Builder builder = builder(path());
		assertThatNullPointerException().isThrownBy(() -> Mmap.builder(null));
		assertThatNullPointerException().isThrownBy(() -> Mmap.open(null));
		assertThatNullPointerException().isThrownBy(() -> Mmap.create(null, 0));
		assertThatNullPointerException().isThrownBy(() -> builder.options((OpenOption[]) null));
		assertThatNullPointerException().isThrownBy(() -> builder.options(StandardOpenOption.READ, null));
		assertThatNullPointerException().isThrownBy(() -> builder.permissions(null));
		assertThatNullPointerException().isThrownBy(() -> builder.mode(null));
		assertThatNullPointerException().isThrownBy(() -> builder.listener(null));
	}

	@Test
	void optionThatLacksAnotherIsNamed() throws IOException {
		write(CONTENT);
		Mmap.Builder builder = builder(path());
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.options(StandardOpenOption.READ, StandardOpenOption.CREATE_NEW).open())
			.withMessage(
					"Cannot open " + path() + ": CREATE_NEW needs WRITE or APPEND, and a mapping that is not PRIVATE");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.options(StandardOpenOption.READ, StandardOpenOption.CREATE).open())
			.withMessageContaining(": CREATE needs WRITE or APPEND");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.options(StandardOpenOption.APPEND, StandardOpenOption.CREATE)
				.mode(MapMode.PRIVATE)
				.open())
			.withMessageContaining(": APPEND needs a mapping that is not PRIVATE");
	}

}
