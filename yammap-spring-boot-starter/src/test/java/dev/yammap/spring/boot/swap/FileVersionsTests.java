package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.Whence;
import dev.yammap.spring.boot.support.StubMmap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the {@link FileVersions} behind a {@link SwappableMmap}.
 */
class FileVersionsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final List<Mmap> opened = new ArrayList<>();

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

	@Test
	void writeThatFindsItsVersionClosedIsMadeOnTheNextOne() throws IOException {
		Path path = Files.createFile(this.directory.resolve("file"));
		Mmap newer = open(path, StandardOpenOption.WRITE);
		assertThat(replacedDuringCall(newer, new ClosedChannelException()).append(new byte[3])).isZero();
		assertThat(replacedDuringCall(newer, new ClosedChannelException()).write(new byte[4])).isEqualTo(4);
		assertThat(path).hasSize(4);
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
		Awaitility.await().until(() -> {
			collectGarbage();
			file.versions().closeUnused();
			return file.versions().retired() == 0;
		});
	}

	private interface Write {

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
