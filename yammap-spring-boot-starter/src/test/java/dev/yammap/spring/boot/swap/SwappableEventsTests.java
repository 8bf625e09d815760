package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.support.StubMmap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SwappableEvents} and {@link SwappableBuilder}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SwappableEventsTests {

	private final Heard heard = new Heard();

	@SuppressWarnings("NullAway.Init")
	private Path path;

	@SuppressWarnings("NullAway.Init")
	private SwappableBuilder builder;

	@BeforeEach
	void createBuilder(@TempDir Path directory) throws IOException {
		this.path = Files.write(directory.resolve("file"), new byte[100_000]);
		this.builder = new SwappableBuilder(Mmap.builder(this.path), SyncObserver.NONE);
		this.builder.options(StandardOpenOption.READ, StandardOpenOption.WRITE).listener(this.heard);
	}

	@Test
	void syncsOfEveryVersionAreThoseOfTheBean() throws IOException {
		try (SwappableMmap file = this.builder.open()) {
			file.sync();
			file.versions().suspend();
			file.versions().resume(this.builder.versions().open());
			file.sync();
			assertThat(this.heard.events).containsExactly("synced", "synced");
			assertThat(this.heard.subjects).containsOnly(file);
		}
	}

	@Test
	void faultIsThatOfTheBean() throws IOException {
		try (SwappableMmap file = this.builder.open()) {
			Files.write(this.path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.readAt(new byte[1], 99_999));
			assertThat(this.heard.events).containsExactly("faulted");
			assertThat(this.heard.subjects).containsExactly(file);
		}
	}

	@Test
	void endOfTheBeanIsToldOnceAndThatOfItsVersionsIsNot() throws IOException {
		SwappableMmap file = this.builder.open();
		file.versions().replace(this.builder.versions().open());
		assertThat(file.versions().retired()).isZero();
		file.versions().suspend();
		assertThat(this.heard.events).isEmpty();
		file.close();
		file.close();
		assertThat(this.heard.events).containsExactly("closed");
		assertThat(this.heard.subjects).containsExactly(file);
	}

	@Test
	void failedWritesAreToldOf() throws IOException {
		try (SwappableMmap file = this.builder.open()) {
			SwappableEvents events = new SwappableEvents();
			events.add(this.heard);
			events.opened(file);
			events.failed(StubMmap.file(this.path, null, null), WriteOperation.GROWTH, FailureCause.NO_SPACE,
					new IOException("full"));
			assertThat(this.heard.events).containsExactly("failed");
			assertThat(this.heard.subjects).containsExactly(file);
		}
	}

	@Test
	void coalescedSyncsAreToldOf() throws IOException {
		try (SwappableMmap file = this.builder.open()) {
			SwappableEvents events = new SwappableEvents();
			events.add(this.heard);
			events.opened(file);
			events.coalesced(StubMmap.file(this.path, null, null), 3);
			assertThat(this.heard.events).containsExactly("coalesced 3");
			assertThat(this.heard.subjects).containsExactly(file);
		}
	}

	@ParameterizedTest
	@MethodSource
	void everyEventIsHandedOn(Method event) {
		assertThat(SwappableEvents.class.getDeclaredMethods())
			.anyMatch((method) -> method.getName().equals(event.getName())
					&& Arrays.equals(method.getParameterTypes(), event.getParameterTypes()));
	}

	static Stream<Method> everyEventIsHandedOn() {
		// The beginning and the end of the bean are not those of its versions.
		return Arrays.stream(MmapListener.class.getMethods())
			.filter((method) -> !Set.of("opened", "closed").contains(method.getName()));
	}

	@ParameterizedTest
	@MethodSource
	void everySettingIsThatOfEveryVersion(Method setting) throws ReflectiveOperationException {
		List<String> settings = new ArrayList<>();
		Mmap.Builder versions = (Mmap.Builder) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Mmap.Builder.class }, (proxy, method, arguments) -> {
					settings.add(method.getName());
					return proxy;
				});
		SwappableBuilder swappable = new SwappableBuilder(versions, SyncObserver.NONE);
		assertThat(setting.invoke(swappable, value(setting.getParameterTypes()[0]))).isSameAs(swappable);
		assertThat(settings).containsExactly("listener", setting.getName());
	}

	static Stream<Method> everySettingIsThatOfEveryVersion() {
		return Arrays.stream(Mmap.Builder.class.getMethods())
			.filter((method) -> !Set.of("open", "openChannel", "listener").contains(method.getName()));
	}

	/** It has no bean that a newer file could be put behind. */
	@Test
	void channelThatOwnsItsFileIsOfAFileThatNothingReplaces() throws IOException {
		try (FileChannel channel = this.builder.openChannel()) {
			assertThat(channel.size()).isEqualTo(100_000);
		}
	}

	private static Object value(Class<?> type) {
		if (type == long.class) {
			return 1L;
		}
		if (type == boolean.class) {
			return true;
		}
		if (type.isEnum()) {
			return type.getEnumConstants()[0];
		}
		return type.isArray() ? new OpenOption[0] : Set.of();
	}

	@Test
	void listenerThatFailsKeepsNoOtherFromHearing(CapturedOutput output) throws IOException {
		SwappableBuilder other = new SwappableBuilder(Mmap.builder(this.path), SyncObserver.NONE);
		other.listener(new MmapListener() {

			@Override
			public void closed(Mmap file) {
				throw new IllegalStateException("deaf");
			}

		}).listener(this.heard);
		other.open().close();
		assertThat(this.heard.events).containsExactly("closed");
		assertThat(output).contains("deaf");
	}

	static class Heard implements MmapListener {

		final List<String> events = new ArrayList<>();

		final List<Mmap> subjects = new ArrayList<>();

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			add("synced", file);
		}

		@Override
		public void coalesced(Mmap file, int callers) {
			add("coalesced " + callers, file);
		}

		@Override
		public void faulted(Mmap file, MappedFaultException fault) {
			add("faulted", file);
		}

		@Override
		public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
			add("failed", file);
		}

		@Override
		public void closed(Mmap file) {
			add("closed", file);
		}

		private void add(String event, Mmap file) {
			this.events.add(event);
			this.subjects.add(file);
		}

	}

}
