package dev.yammap.internal;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.LoggedMessages;
import dev.yammap.internal.os.FileBackend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Backends}: what is chosen where the native backend cannot be had.
 */
@NullMarked
class BackendsTests {

	private static final FileBackend LINKED = (path, access, permissions, mapping) -> {
		throw new UnsupportedOperationException();
	};

	private static Supplier<FileBackend> failing(RuntimeException failure) {
		return () -> {
			throw failure;
		};
	}

	@ParameterizedTest
	@EnumSource
	void backendThatIsPreparedIsTheOneOfEveryFile(Backend choice) {
		choice.prepare();
		assertThat(Backends.get(choice)).isSameAs(Backends.get(choice));
	}

	@Test
	void nativeBackendIsTakenWhereItCanBeHad() {
		assertThat(Backends.get(Backend.AUTO)).isSameAs(Backends.get(Backend.NATIVE))
			.isNotSameAs(Backends.get(Backend.PORTABLE));
		assertThat(Backends.find(null, true, () -> LINKED)).isEqualTo(new Backends.Choice(LINKED, null));
		assertThat(Backend.NATIVE.obstacle()).isEmpty();
		assertThat(Backends.linked(null, () -> LINKED)).isSameAs(LINKED);
	}

	@Test
	void portableBackendIsTakenWhereTheNativeOneCannotBeHad() {
		try (LoggedMessages log = new LoggedMessages("Files are mapped by the portable backend")) {
			assertThat(Backends.find("it is for others", true, () -> LINKED)).isEqualTo(portable("it is for others"));
			Backends.Choice denied = Backends.find(null, false, () -> LINKED);
			assertThat(denied).isEqualTo(portable(denied.obstacle()));
			assertThat(denied.obstacle()).startsWith("native access is not enabled. Start Java with --enable-native-");
			assertThat(Backends.find(null, true, failing(new UnsupportedOperationException("no cachestat"))))
				.isEqualTo(portable("no cachestat"));
			assertThat(log.messages()).containsExactly(
					"INFO Files are mapped by the portable backend: it is for others",
					"WARNING Files are mapped by the portable backend: " + denied.obstacle(),
					"WARNING Files are mapped by the portable backend: no cachestat");
		}
	}

	private static Backends.Choice portable(@Nullable String obstacle) {
		return new Backends.Choice(Backends.get(Backend.PORTABLE), obstacle);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NATIVE")
	void nothingKeepsTheOtherBackendsAway(Backend choice) {
		assertThat(choice.obstacle()).isEmpty();
	}

	@Test
	void nativeBackendThatWasAskedForSaysWhyItCannotBeHad() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> Backends.linked("it is for others", () -> LINKED))
			.withMessage("There is no native backend: it is for others");
		IllegalCallerException denied = new IllegalCallerException("denied");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> Backends.linked(null, failing(denied)))
			.withMessageContaining("native access, which is denied")
			.withMessageContaining("--enable-native-access=")
			.withCause(denied);
	}

	@ParameterizedTest
	@CsvSource({ "Linux, amd64", "Linux, x86_64", "Linux, aarch64" })
	void nativeBackendIsForLinux(String system, String processor) {
		assertThat(Backends.obstacle(system, processor)).isNull();
	}

	@Test
	void otherSystemIsNamed() {
		for (List<String> other : List.of(List.of("Linux", "s390x"), List.of("Mac OS X", "aarch64"))) {
			assertThat(Backends.obstacle(other.get(0), other.get(1))).isEqualTo(
					"it is for Linux on [aarch64, amd64, x86_64], and this is " + other.get(0) + " on " + other.get(1));
		}
	}

}
