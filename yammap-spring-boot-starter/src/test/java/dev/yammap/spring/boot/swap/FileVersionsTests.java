package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapAtomics;
import dev.yammap.MmapListener;
import dev.yammap.Whence;
import dev.yammap.spring.boot.support.StubMmap;
import dev.yammap.spring.boot.support.Threads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the {@link FileVersions} behind a {@link SwappableMmap}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileVersionsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private static final Set<String> UNCHANGING = Set.of("isOpen", "close", "path", "offset", "size", "seek");

	private final List<Mmap> opened = new ArrayList<>();

	/** The calls that changed a file. */
	private final List<String> calls = new CopyOnWriteArrayList<>();

	private Backend backend = Backend.NATIVE;

	@AfterEach
	void closeFiles() throws IOException {
		for (Mmap file : this.opened) {
			file.close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void callsGoToTheNewFileOnceReplaced(Backend backend) throws IOException {
		this.backend = backend;
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		assertThat(file.versions().replace(open("newer"))).isTrue();
		assertThat(text(file)).isEqualTo("newer");
		assertThat(file.size()).isEqualTo(5);
		assertThat(file.isOpen()).isTrue();
		assertThat(old.isOpen()).isFalse();
		assertThat(file.versions().retired()).isZero();
	}

	@Test
	void memoryCallOnVersionThatIsClosedUnderItIsDoneAgainOnTheNewOne() throws IOException {
		Mmap newer = open("newer");
		SwappableMmap file = replacedDuringCall(newer, new IllegalStateException("Already closed"));
		assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'n');
	}

	@Test
	void ioCallOnVersionThatIsClosedUnderItIsDoneAgainOnTheNewOne() throws IOException {
		SwappableMmap file = replacedDuringCall(open("newer"), new ClosedChannelException());
		assertThat(text(file)).isEqualTo("newer");
		SwappableMmap other = replacedDuringCall(open("other"), new ClosedChannelException());
		assertThat(other.refresh()).isEqualTo(5);
	}

	private SwappableMmap replacedDuringCall(Mmap newer, Exception failure) {
		FileVersions[] versions = new FileVersions[1];
		Mmap old = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "isOpen" -> true;
					case "close" -> null;
					default -> {
						versions[0].replace(newer);
						throw failure;
					}
				});
		versions[0] = new FileVersions(old);
		return new SwappableMmap(versions[0], new SwappableEvents(), SyncObserver.NONE,
				Mmap.builder(Path.of("unused")));
	}

	@Test
	void failureOfTheCurrentVersionIsPassedOn() throws IOException {
		SwappableMmap file = swappable(open("old"));
		file.close();
		assertThatIllegalStateException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 0));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.readAt(new byte[1], 0));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> file.access(0, 1, MemorySegment::byteSize));
		assertThatIllegalStateException().isThrownBy(file::segment);
		assertThat(file.channel().isOpen()).isFalse();
		assertThat(file.isOpen()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void functionThatIsRunningEndsOnItsFile(Backend backend) throws IOException {
		this.backend = backend;
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		byte first = file.access(0, 3, (view) -> {
			replace(file, "newer");
			assertThat(old.isOpen()).isTrue();
			assertThat(text(file)).isEqualTo("newer");
			return view.get(ValueLayout.JAVA_BYTE, 0);
		});
		assertThat(first).isEqualTo((byte) 'o');
		file.versions().closeUnused();
		assertThat(old.isOpen()).isFalse();
		assertThat(file.accessLong(0, 5, MemorySegment::byteSize)).isEqualTo(5);
	}

	@Test
	void viewStaysAsItIsAsLongAsItCanBeReached() throws IOException {
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		MemorySegment[] view = { file.segment().asSlice(0, 3) };
		replace(file, "newer");
		collectGarbage();
		file.versions().closeUnused();
		assertThat(view[0].get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'o');
		assertThat(view[0].isReadOnly()).isTrue();
		assertThat(old.isOpen()).isTrue();
		assertThat(file.segment().byteSize()).isEqualTo(5);
		view[0] = MemorySegment.NULL;
		awaitNoneRetired(file);
		assertThat(old.isOpen()).isFalse();
	}

	@Test
	void bufferMadeOfViewKeepsItsFile() throws IOException {
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		ByteBuffer buffer = file.segment(1, 2).asByteBuffer();
		replace(file, "newer");
		collectGarbage();
		file.versions().closeUnused();
		assertThat(buffer.get(0)).isEqualTo((byte) 'l');
		assertThat(old.isOpen()).isTrue();
	}

	@Test
	void viewThatCannotBeTracedKeepsItsFileUntilTheEnd() throws IOException {
		this.backend = Backend.PORTABLE;
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		assertThat(file.segment().byteSize()).isEqualTo(3);
		replace(file, "newer");
		collectGarbage();
		file.versions().closeUnused();
		assertThat(old.isOpen()).isTrue();
		file.close();
		assertThat(old.isOpen()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void everyViewAndChannelEndsWhenTheFileIsClosed(Backend backend) throws IOException {
		this.backend = backend;
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		MemorySegment oldView = file.segment();
		FileChannel oldChannel = file.channel();
		Mmap newer = open("newer");
		file.versions().replace(newer);
		MemorySegment view = file.segment();
		FileChannel channel = file.channel();
		file.close();
		file.close();
		assertThat(List.of(old, newer)).noneMatch(Mmap::isOpen);
		assertThatIllegalStateException().isThrownBy(() -> oldView.get(ValueLayout.JAVA_BYTE, 0));
		assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> oldChannel.read(ByteBuffer.allocate(1)));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
	}

	@Test
	void channelStaysWithItsFileAsLongAsItCanBeReached() throws IOException {
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		FileChannel channel = file.channel();
		ByteBuffer buffer = ByteBuffer.allocate(10);
		channel.read(buffer.limit(1));
		replace(file, "newer");
		collectGarbage();
		file.versions().closeUnused();
		channel.read(buffer.limit(10));
		assertThat(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8)).isEqualTo("old");
		assertThat(channel.size()).isEqualTo(3);
		assertThat(old.isOpen()).isTrue();
		channel = file.channel();
		assertThat(channel.size()).isEqualTo(5);
		awaitNoneRetired(file);
		assertThat(old.isOpen()).isFalse();
	}

	@Test
	void versionEndsOnceItsChannelsAreClosed() throws IOException {
		Mmap old = open("old");
		SwappableMmap file = swappable(old);
		FileChannel first = file.channel();
		FileChannel second = file.channel();
		replace(file, "newer");
		first.close();
		file.versions().closeUnused();
		assertThat(old.isOpen()).isTrue();
		assertThat(second.size()).isEqualTo(3);
		second.close();
		file.versions().closeUnused();
		assertThat(old.isOpen()).isFalse();
	}

	@Test
	void cursorIsAtTheStartOfTheNewFile() throws IOException {
		SwappableMmap file = swappable(open("old"));
		file.seek(2, Whence.START);
		replace(file, "newer");
		assertThat(file.offset()).isZero();
	}

	@Test
	void fileThatIsSuspendedIsClosedAndOpenAgainWithItsCursorOnceResumed() throws IOException {
		Mmap old = open("content");
		SwappableMmap file = swappable(old);
		file.seek(4, Whence.START);
		MemorySegment view = file.segment();
		FileChannel channel = file.channel();
		assertThat(file.versions().suspend()).isTrue();
		assertThat(old.isOpen()).isFalse();
		assertThat(file.isOpen()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.readAt(new byte[1], 0));
		file.versions().resume(open("content"));
		assertThat(file.isOpen()).isTrue();
		assertThat(file.offset()).isEqualTo(4);
		assertThat(text(file)).isEqualTo("content");
		assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(channel::size);
	}

	/** The file is closed and opened again between a write and its sync. */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void bytesOfAWriteThatASuspensionInterruptsAreWrittenOnce(Backend backend) throws IOException {
		this.backend = backend;
		for (Write write : List.<Write>of((file, bytes) -> file.append(bytes), (file, bytes) -> file.write(bytes),
				(file, bytes) -> file.append(ByteBuffer.wrap(bytes)),
				(file, bytes) -> file.write(ByteBuffer.wrap(bytes)))) {
			Path path = Files.createFile(this.directory.resolve("file" + this.opened.size()));
			SuspendingListener listener = new SuspendingListener(path);
			SwappableMmap file = swappable(Mmap.builder(path)
				.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.SYNC)
				.backend(backend)
				.reserve(0)
				.listener(listener)
				.open());
			listener.versions = file.versions();
			assertThatExceptionOfType(AsynchronousCloseException.class)
				.isThrownBy(() -> write.to(file, new byte[100_000]));
			assertThat(path).hasSize(100_000);
			assertThat(file.size()).isEqualTo(100_000);
		}
	}

	/** The file is closed and opened again after the call, before it returns. */
	@ParameterizedTest
	@MethodSource("changes")
	void callThatChangesTheFileIsNotMadeAgain(Write change, Class<? extends Exception> failure) throws IOException {
		Path path = Files.write(this.directory.resolve("file"), new byte[64]);
		Mmap newer = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
		SwappableMmap file = replacedAfterCall(open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), newer,
				failure.equals(IllegalStateException.class) ? new IllegalStateException("Already closed")
						: new ClosedChannelException());
		assertThatExceptionOfType(failure).isThrownBy(() -> change.to(file, new byte[] { 1 }));
		assertThat(this.calls).hasSize(1);
	}

	@Test
	void refusalToWriteIsPassedOnAsItIs() throws IOException {
		NonWritableChannelException refusal = new NonWritableChannelException();
		SwappableMmap file = replacedDuringCall(open("newer"), refusal);
		assertThatIllegalStateException().isThrownBy(() -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
			.isSameAs(refusal);
	}

	static Stream<Arguments> changes() {
		ValueLayout.OfLong layout = ValueLayout.JAVA_LONG_UNALIGNED;
		Stream<Write> memory = Stream.of((file, bytes) -> file.set(layout, 0, 1),
				(file, bytes) -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1),
				(file, bytes) -> file.atomics().setLongVolatile(0, 1),
				(file, bytes) -> file.atomics().setIntRelease(0, 1),
				(file, bytes) -> file.atomics().getAndAddLong(0, 1), (file, bytes) -> file.atomics().getAndAddInt(0, 1),
				(file, bytes) -> file.atomics().getAndSetLong(0, 1),
				(file, bytes) -> file.atomics().compareAndSetLong(0, 0, 1),
				(file, bytes) -> file.atomics().compareAndSetInt(0, 0, 1),
				(file, bytes) -> file.atomics().compareAndExchangeLong(0, 0, 1));
		Stream<Write> io = Stream.of((file, bytes) -> file.append(bytes), (file, bytes) -> file.write(bytes),
				(file, bytes) -> file.writeAt(bytes, 0), (file, bytes) -> file.writeAt(ByteBuffer.wrap(bytes), 0),
				(file, bytes) -> file.writeAt(MemorySegment.ofArray(bytes), 0), (file, bytes) -> file.truncate(128),
				(file, bytes) -> file.punchHole(0, 64));
		return Stream.concat(memory.map((change) -> Arguments.of(change, IllegalStateException.class)),
				io.map((change) -> Arguments.of(change, AsynchronousCloseException.class)));
	}

	private SwappableMmap replacedAfterCall(Mmap old, Mmap newer, Exception failure) {
		FileVersions[] versions = new FileVersions[1];
		Mmap counting = counting(Mmap.class, newer, null);
		Mmap replaced = counting(Mmap.class, old, () -> {
			versions[0].suspend();
			versions[0].resume(counting);
			throw failure;
		});
		versions[0] = new FileVersions(replaced);
		return new SwappableMmap(versions[0], new SwappableEvents(), SyncObserver.NONE,
				Mmap.builder(Path.of("unused")));
	}

	/** Counts the calls that change the file, and then does something. */
	private <T> T counting(Class<T> type, T target, @Nullable Callable<?> afterwards) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				Object result = method.invoke(target, arguments);
				if (result instanceof MmapAtomics atomics) {
					return counting(MmapAtomics.class, atomics, afterwards);
				}
				if (!UNCHANGING.contains(method.getName())) {
					this.calls.add(method.getName());
					if (afterwards != null) {
						afterwards.call();
					}
				}
				return result;
			}));
	}

	@Test
	void callOnAFileThatStaysClosedFailsAsOnAnyOther() throws IOException {
		SwappableMmap file = swappable(
				open(Files.write(this.directory.resolve("file"), new byte[8]), StandardOpenOption.WRITE));
		file.versions().suspend();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.writeAt(new byte[1], 0))
			.isNotInstanceOf(AsynchronousCloseException.class);
		assertThatIllegalStateException().isThrownBy(() -> file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
			.withMessageEndingWith("is closed");
	}

	@Test
	void fileWhoseCursorCannotBeMovedIsClosed() throws IOException {
		SwappableMmap file = swappable(open("content"));
		Mmap again = open("again");
		IOException failure = new IOException("no seek");
		Mmap failing = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("seek")) {
						throw failure;
					}
					return method.invoke(again, arguments);
				});
		file.versions().suspend();
		assertThatIOException().isThrownBy(() -> file.versions().resume(failing)).isSameAs(failure);
		assertThat(again.isOpen()).isFalse();
		file.versions().resume(open("content"));
		assertThat(text(file)).isEqualTo("content");
	}

	@Test
	void replacedVersionThatCannotBeClosedIsTriedAgainAndLoggedOnce(CapturedOutput output) throws IOException {
		AtomicInteger closes = new AtomicInteger();
		Mmap old = open("old");
		Mmap stubborn = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("close") && closes.incrementAndGet() < 3) {
						throw new IOException("held");
					}
					return method.invoke(old, arguments);
				});
		SwappableMmap file = swappable(stubborn);
		replace(file, "newer");
		file.versions().closeUnused();
		assertThat(old.isOpen()).isTrue();
		file.versions().closeUnused();
		assertThat(old.isOpen()).isFalse();
		file.versions().closeUnused();
		assertThat(closes).hasValue(3);
		assertThat(output.toString().split("could not be closed", -1)).hasSize(2);
	}

	@Test
	void cursorIsAtTheEndIfTheFileIsShorterOnceResumed() throws IOException {
		SwappableMmap file = swappable(open("content"));
		file.seek(7, Whence.START);
		file.versions().suspend();
		file.versions().resume(open("short"));
		assertThat(file.offset()).isEqualTo(5);
	}

	@Test
	void fileThatIsClosedIsNeitherReplacedNorResumed() throws IOException {
		SwappableMmap file = swappable(open("old"));
		file.close();
		assertThat(file.versions().suspend()).isFalse();
		Mmap newer = open("newer");
		assertThat(file.versions().replace(newer)).isFalse();
		Mmap again = open("again");
		file.versions().resume(again);
		assertThat(List.of(newer, again, file)).noneMatch(Mmap::isOpen);
	}

	@Test
	void failureToCloseOneVersionKeepsNoOtherFromClosing() throws IOException {
		IOException failure = new IOException("held");
		Mmap old = StubMmap.file(Path.of("old"), null, failure);
		SwappableMmap file = new SwappableMmap(new FileVersions(old), new SwappableEvents(), SyncObserver.NONE,
				Mmap.builder(Path.of("unused")));
		assertThat(file.versions().lend().file()).isSameAs(old);
		Mmap newer = open("newer");
		file.versions().replace(newer);
		assertThatIOException().isThrownBy(file::close).isSameAs(failure);
		assertThat(newer.isOpen()).isFalse();
		assertThat(file.isOpen()).isFalse();
	}

	@Test
	void viewOfRangeIsThatRange() throws IOException {
		SwappableMmap file = swappable(open("content"));
		assertThat(file.segment(2, 3).toArray(ValueLayout.JAVA_BYTE)).asString(StandardCharsets.UTF_8).isEqualTo("nte");
		assertThat(file.segment().toArray(ValueLayout.JAVA_BYTE)).asString(StandardCharsets.UTF_8).isEqualTo("content");
	}

	@Test
	void textIsThatOfTheCurrentVersion() throws IOException {
		SwappableMmap file = swappable(open("old"));
		replace(file, "newer");
		assertThat(file).hasToString("Mmap[" + file.path() + ", 5 bytes]");
	}

	private SwappableMmap swappable(Mmap first) {
		SwappableMmap file = new SwappableMmap(new FileVersions(first), new SwappableEvents(), SyncObserver.NONE,
				Mmap.builder(Path.of("unused")));
		this.opened.add(file);
		return file;
	}

	private void replace(SwappableMmap file, String content) {
		try {
			assertThat(file.versions().replace(open(content))).isTrue();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private Mmap open(Path path, OpenOption... options) throws IOException {
		Mmap file = Mmap.builder(path).options(options).backend(this.backend).open();
		this.opened.add(file);
		return file;
	}

	private Mmap open(String content) throws IOException {
		Path path = Files.writeString(this.directory.resolve(content), content);
		Mmap file = Mmap.builder(path).backend(this.backend).open();
		this.opened.add(file);
		return file;
	}

	private static String text(Mmap file) {
		byte[] content = new byte[100];
		try {
			int length = Math.max(0, file.readAt(content, 0));
			return new String(content, 0, length, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void collectGarbage() {
		System.gc();
	}

	private static void awaitNoneRetired(SwappableMmap file) {
		Threads.await(() -> {
			collectGarbage();
			file.versions().closeUnused();
			return file.versions().retired() == 0;
		});
	}

	interface Write {

		void to(Mmap file, byte[] bytes) throws IOException;

	}

	/**
	 * Closes a file and opens it again as soon as it has grown.
	 */
	private final class SuspendingListener implements MmapListener {

		private final Path path;

		@SuppressWarnings("NullAway.Init")
		private FileVersions versions;

		SuspendingListener(Path path) {
			this.path = path;
		}

		@Override
		public void grown(Mmap file, long oldSize, long newSize) {
			try {
				this.versions.suspend();
				this.versions.resume(open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE));
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
		}

	}

}
