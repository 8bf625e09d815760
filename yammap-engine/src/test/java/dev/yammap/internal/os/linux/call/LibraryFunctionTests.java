package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link LibraryFunction}: what a result of the C library means.
 */
@NullMarked
class LibraryFunctionTests {

	private static final int EIO = Errno.EIO.number();

	private static final int EINTR = Errno.EINTR.number();

	/** What {@code memfd_create} is told: close-on-exec, and not to be executed. */
	private static final long SEALED = 1 | 8;

	private final CallState state = CallState.in(Arena.ofAuto());

	private final List<Long> asked = new ArrayList<>();

	private long call(LibraryFunction called, NativeFunction function) throws SystemCallException {
		NativeFunction[] linked = LibraryFunction
			.link((name) -> name.equals("strerror") ? LibraryFunctionTests::noWord : function);
		return called.call(linked, this.state, 0, 0, 0, 0, 0, 0, 0);
	}

	private static long noWord(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		return 0;
	}

	/** Fails until the last of the given errors is told, and then returns 5. */
	private NativeFunction failing(int... errors) {
		return (captured, a, b, c, d, e, f, g) -> {
			int calls = this.asked.size();
			this.asked.add(c);
			if (calls == errors.length) {
				return 5;
			}
			captured.set(ValueLayout.JAVA_INT, 0, errors[calls]);
			return -1;
		};
	}

	/** The upper half of the register is anything. */
	@ParameterizedTest
	@ValueSource(longs = { 0xFFFF_FFFFL, -1, 0x7777_7777_FFFF_FFFFL })
	void resultThatIsAnIntHas32Bits(long result) throws SystemCallException {
		NativeFunction function = (captured, a, b, c, d, e, f, g) -> result;
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call(LibraryFunction.OPEN, function));
		if (result != -1) {
			assertThat(call(LibraryFunction.WRITE, function)).isEqualTo(result);
		}
		assertThat(call(LibraryFunction.OPEN, (captured, a, b, c, d, e, f, g) -> 0x7777_7777_0000_0003L)).isEqualTo(3);
	}

	@Test
	void interruptedCallIsRepeatedUnlessItMustNotBe() throws SystemCallException {
		assertThat(call(LibraryFunction.FSYNC, failing(EINTR, EINTR))).isEqualTo(5);
		assertThat(this.asked).hasSize(3);
		this.asked.clear();
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> call(LibraryFunction.CLOSE, failing(EINTR, EINTR)))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EINTR));
		assertThat(this.asked).hasSize(1);
	}

	@Test
	void errorThatTheLibraryHasNoWordForIsUnknown() {
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call(LibraryFunction.FSYNC, failing(EIO)))
			.withMessage("Unknown error (fsync, errno 5)");
		assertThat(this.asked).hasSize(1);
	}

	/** Whether the library has a function for it, or it is called by its number. */
	@ParameterizedTest
	@EnumSource(names = "STRERROR", mode = EnumSource.Mode.EXCLUDE)
	void failureNamesTheCall(LibraryFunction called) {
		String name = switch (called) {
			case TELL, SEEK -> "lseek";
			default -> called.name().toLowerCase(Locale.ROOT);
		};
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> call(called, failing(EIO)))
			.withMessage("Unknown error (" + name + ", errno 5)");
	}

	private int createMemory(int... errors) throws SystemCallException {
		NativeFunction function = failing(errors);
		Libc libc = new Libc((name) -> name.equals("syscall") ? function : LibraryFunctionTests::noWord);
		return libc.createMemory(this.state, MemorySegment.NULL);
	}

	/** Before Linux 6.3 there was no such flag. */
	@Test
	void memoryIsMadeWithoutTheFlagThatAnOlderKernelDoesNotKnow() throws SystemCallException {
		assertThat(createMemory()).isEqualTo(5);
		assertThat(this.asked).containsExactly(SEALED);
		this.asked.clear();
		assertThat(createMemory(Errno.EINVAL.number())).isEqualTo(5);
		assertThat(this.asked).containsExactly(SEALED, 1L);
	}

	@Test
	void memoryThatIsRefusedIsNotAskedForAgain() {
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> createMemory(Errno.ENOMEM.number(), Errno.EPERM.number()))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.ENOMEM));
		assertThat(this.asked).hasSize(1);
	}

}
