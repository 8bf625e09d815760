package dev.yammap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.Backend;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.internal.os.BackendFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Memory calls to a place that is not mapped, where the call that would reach it fails.
 */
@NullMarked
class FailedAccessTests {

	private static final long SIZE = 1_000;

	private final IOException failure = new IOException("Input/output error");

	private final Map<String, IOException> failures = new ConcurrentHashMap<>();

	@TempDir
	private Path directory = Path.of("");

	private @Nullable Mmap opened;

	/** Opens a file of which nothing is mapped, as it was empty. */
	@BeforeEach
	void open() throws IOException {
		this.opened = OnBackend.open(
				(path, access, permissions,
						mapping) -> failing(Backends.get(Backend.PORTABLE).open(path, access, permissions, mapping)),
				path(), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
		this.opened.writeAt(new byte[(int) SIZE], 0);
	}

	@AfterEach
	void close() throws IOException {
		this.failures.clear();
		file().close();
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private Mmap file() {
		assertThat(this.opened).isNotNull();
		return this.opened;
	}

	private BackendFile failing(BackendFile file) {
		return (BackendFile) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { BackendFile.class },
				(proxy, method, arguments) -> {
					IOException cause = this.failures.get(method.getName());
					if (cause != null) {
						throw cause;
					}
					try {
						return method.invoke(file, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private void assertFails(ThrowingCallable call) {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(call).withCause(this.failure);
	}

	@Test
	void failureToReachAPlaceIsUnchecked() {
		this.failures.put("read", this.failure);
		assertFails(() -> file().get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
		this.failures.put("write", this.failure);
		assertFails(() -> file().set(ValueLayout.JAVA_BYTE, 8, (byte) 1));
		this.failures.put("mapAll", this.failure);
		assertFails(() -> file().atomics().getAndAddLong(8, 1));
		assertFails(file()::segment);
		this.failures.clear();
		assertThat(file().get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isZero();
	}

	@Test
	void placeThatIsClosedMeanwhileIsAState() {
		this.failures.put("read", new ClosedChannelException());
		assertThatIllegalStateException().isThrownBy(() -> file().get(ValueLayout.JAVA_LONG_UNALIGNED, 8))
			.withMessage(path() + " is closed")
			.withCauseInstanceOf(ClosedChannelException.class);
		this.failures.put("mapAll", new ClosedChannelException());
		assertThatIllegalStateException().isThrownBy(file()::segment)
			.withMessage(path() + " is closed")
			.withCauseInstanceOf(ClosedChannelException.class);
	}

	@Test
	void faultOfAFileWhoseSizeCannotBeHadIsLaidToItsStorage() throws IOException {
		file().segment();
		Files.write(path(), new byte[0]);
		this.failures.put("size", this.failure);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file().readAt(new byte[8], 8))
			.withMessageContaining("Its storage is full or has failed");
		this.failures.clear();
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file().readAt(new byte[8], 8))
			.withMessageContaining("only 0 of 1000 bytes");
	}

}
