package dev.yammap.internal;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.LoggedMessages;
import dev.yammap.internal.backend.FileBackend;

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
		assertThat(Backends.find(null, true, () -> LINKED)).isSameAs(LINKED);
		assertThat(Backends.linked(null, () -> LINKED)).isSameAs(LINKED);
	}

	@Test
	void portableBackendIsTakenWhereTheNativeOneCannotBeHad() {
		FileBackend portable = Backends.get(Backend.PORTABLE);
		try (LoggedMessages log = new LoggedMessages("Files are mapped by the portable backend")) {
			assertThat(Backends.find("it is for others", true, () -> LINKED)).isSameAs(portable);
			assertThat(Backends.find(null, false, () -> LINKED)).isSameAs(portable);
			assertThat(Backends.find(null, true, failing(new UnsupportedOperationException("no cachestat"))))
				.isSameAs(portable);
			assertThat(log.messages()).hasSize(3)
				.allMatch((message) -> message.startsWith("INFO "))
				.anyMatch((message) -> message.endsWith(": it is for others"))
				.anyMatch((message) -> message.contains(": native access is not enabled. Start Java with"))
				.anyMatch((message) -> message.endsWith(": no cachestat"));
		}
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
