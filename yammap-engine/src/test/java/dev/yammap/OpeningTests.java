package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which files can be opened, and how those that cannot are refused.
 */
class OpeningTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "some content".getBytes(StandardCharsets.UTF_8);

	@Test
	void noOptionMeansRead() throws IOException {
		Mmap file = open(write(CONTENT));
		assertThat(file.isOpen()).isTrue();
		assertThat(file.isWritable()).isFalse();
		assertThat(file.size()).isEqualTo(CONTENT.length);
		assertThat(file.offset()).isZero();
		assertThat(readAt(file, 100, 0)).isEqualTo(CONTENT);
	}

	@Test
	void staticOpenTakesOptions() throws IOException {
		write(CONTENT);
		try (Mmap file = Mmap.open(path(), StandardOpenOption.WRITE)) {
			assertThat(file.isWritable()).isTrue();
			file.writeAt(new byte[] { 'S' }, 0);
		}
		assertThat(content()).startsWith('S', 'o');
	}

	@Test
	void fileIsDescribedByItsPathItsSizeAndWhetherItIsClosed() throws IOException {
		Mmap file = open(write(CONTENT));
		assertThat(file).hasToString("Mmap[" + path() + ", 12 bytes]");
		file.close();
		assertThat(file).hasToString("Mmap[" + path() + ", 12 bytes, closed]");
	}

	@Test
	void fileTellsItsBackend() throws IOException {
		Mmap file = open(write(CONTENT));
		assertThat(file.backend()).isEqualTo(this.backend);
		file.close();
		assertThat(file.backend()).isEqualTo(this.backend);
	}

	@Test
	void pathAndNameAreAsGiven() throws IOException {
		Path absolute = write(CONTENT).toAbsolutePath();
		Path relative = Path.of("").toAbsolutePath().relativize(absolute);
		Mmap file = open(relative);
		assertThat(file.path()).isEqualTo(relative);
		assertThat(file.name()).isEqualTo(relative.toString());
		assertThat(readAt(file, 100, 0)).isEqualTo(CONTENT);
	}

	@Test
	void emptyFileIsLegal() throws IOException {
		write(new byte[0]);
		for (Mmap file : List.of(open(path()), openReadWrite(), openAppend(), openPrivate())) {
			assertThat(file.size()).isZero();
			assertThat(file.read(new byte[8])).isEqualTo(-1);
			assertThat(file.readAt(new byte[8], 0)).isEqualTo(-1);
			assertThat(file.segment().byteSize()).isZero();
			assertThat(file.seek(0, Whence.END)).isZero();
			assertThat(file.<Long, RuntimeException>access(0, 0, (view) -> view.byteSize())).isZero();
		}
	}

	@Test
	void missingFileIsReported() {
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> open(path()))
			.withMessageContaining(path().toString());
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE));
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> open(path(), StandardOpenOption.APPEND));
		assertThat(path()).doesNotExist();
	}

	@Test
	void missingDirectoryIsReported() {
		Path path = this.directory.resolve("missing").resolve("file.dat");
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
		assertThat(path.getParent()).doesNotExist();
	}

	@Test
	void fileInPlaceOfDirectoryIsReported() throws IOException {
		Path path = write(CONTENT).resolve("file.dat");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE))
			.withMessageContaining(path.toString());
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void existingFileIsReportedWhenItMustBeNew() throws IOException {
		write(CONTENT);
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> open(path(), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
			.withMessageContaining(path().toString());
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void directoryIsRefused() throws IOException {
		for (OpenOption[] options : List.of(new OpenOption[] { StandardOpenOption.READ },
				new OpenOption[] { StandardOpenOption.READ, StandardOpenOption.WRITE },
				new OpenOption[] { StandardOpenOption.WRITE, StandardOpenOption.CREATE },
				new OpenOption[] { StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING },
				new OpenOption[] { StandardOpenOption.APPEND, StandardOpenOption.CREATE })) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(this.directory, options))
				.withMessage("Cannot open " + this.directory + ": it is a directory. Name a file");
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void pipeIsRefusedAndNotWaitedFor() throws Exception {
		assertThat(new ProcessBuilder("mkfifo", path().toString()).start().waitFor()).isZero();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(path()))
			.withMessageContaining(path().toString());
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> open(path(), StandardOpenOption.READ, StandardOpenOption.WRITE))
			.withMessageContaining(path().toString());
		assertThat(path()).exists();
	}

	@Test
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void pipeBehindALinkIsRefusedAndNotWaitedFor() throws Exception {
		assertThat(new ProcessBuilder("mkfifo", path().toString()).start().waitFor()).isZero();
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> open(link, StandardOpenOption.READ, StandardOpenOption.WRITE))
			.withMessageContaining(link.toString());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(link));
	}

	@Test
	void directoryOrDeviceBehindALinkIsRefused() throws IOException {
		for (Path target : List.of(this.directory, Path.of("/dev/zero"))) {
			Path link = Files.createSymbolicLink(path(), target);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(link))
				.withMessageContaining(link.toString());
			Files.delete(link);
		}
	}

	@Test
	void deviceIsRefused() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(Path.of("/dev/zero")))
			.withMessage("Cannot open /dev/zero: only regular files can be mapped");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> open(Path.of("/dev/zero"), LinkOption.NOFOLLOW_LINKS))
			.withMessage("Cannot open /dev/zero: only regular files can be mapped");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> open(Path.of("/dev/null"), StandardOpenOption.READ, StandardOpenOption.WRITE))
			.withMessageContaining("/dev/null");
	}

	/**
	 * The kernel's own settings refuse a writer even when it is root.
	 */
	@Test
	void missingPermissionIsReported() {
		Path path = Path.of("/proc/sys/kernel/ostype");
		assertThatExceptionOfType(AccessDeniedException.class)
			.isThrownBy(() -> open(path, StandardOpenOption.READ, StandardOpenOption.WRITE))
			.withMessageContaining(path.toString());
	}

	@Test
	void fileThatCannotBeMappedIsNotCalledAnotherKindOfFile() {
		Path path = Path.of("/sys/devices/system/cpu/online");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(path))
			.withMessageContaining("Cannot map " + path)
			.withMessageContaining("No such device")
			.withMessageContaining("The file system cannot share mapped pages of this file");
	}

	@Test
	void directoryAboveALinkIsThatOfTheSystem() throws IOException {
		Path releases = Files.createDirectories(this.directory.resolve("releases/1"));
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), releases);
		Path path = current.resolve("../file.dat");
		Mmap file = open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
		file.write(CONTENT);
		assertThat(file.path()).isEqualTo(path);
		assertThat(file.isCurrent()).isTrue();
		assertThat(this.directory.resolve("releases/file.dat")).hasBinaryContent(CONTENT);
		assertThat(path()).doesNotExist();
	}

	@Test
	void symbolicLinkIsFollowed() throws IOException {
		write(CONTENT);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		Mmap file = open(link, StandardOpenOption.READ, StandardOpenOption.WRITE);
		assertThat(file.path()).isEqualTo(link);
		file.writeAt(new byte[] { 'S' }, 0);
		assertThat(content()).startsWith('S', 'o');
		assertThat(link).isSymbolicLink();
	}

	@Test
	void symbolicLinkIsRefusedWhenItMustNotBeFollowed() throws IOException {
		write(CONTENT);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(link, LinkOption.NOFOLLOW_LINKS))
			.withMessageContaining(link.toString())
			.withMessageContaining("Too many levels of symbolic links");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(link, LinkOption.NOFOLLOW_LINKS,
				StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
		assertThat(content()).isEqualTo(CONTENT);
		assertThat(readAt(open(path(), LinkOption.NOFOLLOW_LINKS), 100, 0)).isEqualTo(CONTENT);
	}

	@Test
	void targetOfDanglingLinkIsCreated() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> open(link));
		Mmap file = open(link, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
		file.write(CONTENT);
		assertThat(link).isSymbolicLink();
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void targetOfDanglingLinkIsNotCreatedWhenItMustBeNewOrNotFollowed() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> open(link, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
		assertThatExceptionOfType(IOException.class).isThrownBy(
				() -> open(link, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS));
		assertThat(path()).doesNotExist();
		assertThat(link).isSymbolicLink();
	}

	@Test
	void loopOfLinksIsRefused() throws IOException {
		Path other = this.directory.resolve("other");
		Files.createSymbolicLink(path(), other);
		Files.createSymbolicLink(other, path());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(path()))
			.withMessageContaining(path().toString());
	}

	@Test
	void pathOfOtherFileSystemIsRefused() throws IOException {
		Path zip = this.directory.resolve("archive.zip");
		try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
			Path path = Files.write(archive.getPath("/file.dat"), CONTENT);
			assertThatExceptionOfType(ProviderMismatchException.class).isThrownBy(() -> Mmap.builder(path));
			assertThatExceptionOfType(ProviderMismatchException.class).isThrownBy(() -> Mmap.open(path));
			assertThatExceptionOfType(ProviderMismatchException.class).isThrownBy(() -> Mmap.create(path, 10));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "two words.dat", "-n", "100%.dat", "%41.dat", "a'b\"c\\d.dat", "line\nbreak.dat" })
	void anyNameIsLegal(String name) throws IOException {
		Path path = this.directory.resolve(name);
		Mmap file = open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
		file.write(CONTENT);
		assertThat(file.name()).isEqualTo(path.toString());
		assertThat(path).hasBinaryContent(CONTENT);
	}

	/**
	 * The names come from a shell, so that the test holds whatever encoding the virtual
	 * machine has for file names; the last one is valid in no encoding but Latin-1.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "gr\\303\\266\\303\\237e.dat", "\\346\\226\\207\\344\\273\\266.dat",
			"\\360\\237\\227\\272.dat", "latin-\\351.dat" })
	void nameOutsideAsciiIsLegal(String octal) throws Exception {
		Process shell = new ProcessBuilder("sh", "-c", "printf content > \"$(printf '" + octal + "')\"")
			.directory(this.directory.toFile())
			.start();
		assertThat(shell.waitFor()).isZero();
		try (Stream<Path> paths = Files.list(this.directory)) {
			Path path = paths.findFirst().orElseThrow();
			Mmap file = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
			assertThat(readAt(file, 100, 0)).asString(StandardCharsets.UTF_8).isEqualTo("content");
			assertThat(file.path()).isEqualTo(path);
		}
		assertThat(this.directory.toFile().list()).hasSize(1);
	}

	@Test
	void directoryOfAnyNameIsLegal() throws Exception {
		Process shell = new ProcessBuilder("sh", "-c", "mkdir \"$(printf 'latin-\\351')\"")
			.directory(this.directory.toFile())
			.start();
		assertThat(shell.waitFor()).isZero();
		try (Stream<Path> paths = Files.list(this.directory)) {
			Path path = paths.findFirst().orElseThrow().resolve("file.dat");
			open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
			assertThat(path).isEmptyFile();
		}
	}

	@Test
	void openingAndClosingTouchesNothing() throws IOException {
		write(CONTENT);
		FileTime before = FileTime.from(Instant.parse("2020-02-02T20:20:20Z"));
		Files.setLastModifiedTime(path(), before);
		for (Mmap file : List.of(open(path()), openReadWrite(), openAppend(), openPrivate(),
				open(builder(path()).options(StandardOpenOption.WRITE).size(CONTENT.length).maxSize(CONTENT.length)))) {
			file.close();
		}
		assertThat(Files.getLastModifiedTime(path())).isEqualTo(before);
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void sameFileCanBeOpenedManyTimes() throws IOException {
		Mmap first = openReadWrite(CONTENT);
		Mmap second = openReadWrite();
		Mmap third = open(path());
		first.set(ValueLayout.JAVA_BYTE, 0, (byte) 'S');
		assertThat(second.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'S');
		assertThat(third.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'S');
		first.close();
		second.set(ValueLayout.JAVA_BYTE, 0, (byte) 'T');
		assertThat(third.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'T');
	}

	@Test
	void fileThatIsRemovedStaysUsable() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		Files.delete(path());
		file.writeAt(CONTENT, SOME_PAGES);
		file.sync();
		assertThat(readAt(file, 100, SOME_PAGES)).isEqualTo(CONTENT);
		assertThat(path()).doesNotExist();
	}

}
