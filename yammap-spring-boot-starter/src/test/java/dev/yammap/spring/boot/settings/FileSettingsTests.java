package dev.yammap.spring.boot.settings;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.FileLockedException;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.support.EventLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link FileSettings}.
 */
class FileSettingsTests {

	private static final String PATH_NEEDED = "A mapped file needs a path. If no file is to be named 'journal', correct"
			+ " the property or environment variable that names it; a name with a dot is written in brackets.";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "0, 0B", "1, 1B", "1023, 1023B", "1024, 1KB", "1536, 1536B", "67108864, 64MB", "1073741824, 1GB",
			"-1, -1B" })
	void sizeIsWrittenAsInProperties(long bytes, String text) {
		assertThat(ResourceSettings.canonical(DataSize.ofBytes(bytes))).isEqualTo(text);
	}

	@Test
	void relativePathResolvesAgainstBaseDirAndKeepsItsDoubleDots() {
		assertThat(settings((file) -> file.setPath("./x/../././journal.log")).path())
			.isEqualTo(this.directory.resolve("x/../journal.log"));
	}

	@Test
	void relativeBaseDirResolvesAgainstWorkingDirectory() {
		FileProperties file = new FileProperties();
		file.setPath("journal.log");
		assertThat(new FileSettings("journal", Path.of("."), file).path())
			.isEqualTo(Path.of("journal.log").toAbsolutePath());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void blankPathIsRefused(String path) {
		assertInvalid((file) -> file.setPath(path), "path", PATH_NEEDED);
	}

	@Test
	void missingPathIsRefused() {
		assertInvalid((file) -> file.setPath(null), "path", PATH_NEEDED);
	}

	@Test
	void placeholderWithoutValueIsRefused() {
		assertInvalid((file) -> file.setPath("${no.such.property}/x"), "path", "The placeholder has no value.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "600", "rw", "rwxrwxrwxr" })
	void permissionsOfAnotherFormAreRefused(String permissions) {
		assertInvalid((file) -> file.setPermissions(permissions), "permissions",
				"Permissions are written as three times 'rwx' with '-' for what is not allowed, such as 'rw-r-----'.");
	}

	@Test
	void negativeSizesAreRefused() {
		assertInvalid((file) -> file.setSize(DataSize.ofBytes(-1)), "size", "A size is 0 or more.");
		assertInvalid((file) -> file.setMaxSize(DataSize.ofBytes(-1)), "max-size", "A size is 0 or more.");
	}

	@Test
	void sizeAboveMaxSizeIsRefused() {
		assertInvalid((file) -> {
			file.setSize(DataSize.ofBytes(2));
			file.setMaxSize(DataSize.ofBytes(1));
		}, "size", "The size is greater than 'yammap.files.journal.max-size' (1B).");
	}

	@ParameterizedTest
	@EnumSource(names = { "READ_ONLY", "PRIVATE" })
	void whatChangesTheFileIsRefusedWithAccessThatCannot(FileProperties.Access access) {
		String reason = "A file with 'yammap.files.journal.access: " + FileSettings.canonical(access) + "' cannot be ";
		Consumer<FileProperties> unwritable = (file) -> file.setAccess(access);
		assertInvalid(unwritable.andThen((file) -> file.setCreate(FileProperties.Create.NEW)), "create",
				reason + "created.");
		assertInvalid(unwritable.andThen((file) -> file.setTruncate(true)), "truncate", reason + "emptied.");
		assertInvalid(unwritable.andThen((file) -> file.setSize(DataSize.ofBytes(1))), "size",
				reason + "given a size.");
		assertInvalid(unwritable.andThen((file) -> file.getSync().setOnWrite(true)), "sync.on-write",
				reason + "synced.");
	}

	@ParameterizedTest
	@EnumSource(names = { "READ_ONLY", "PRIVATE" })
	void exclusiveLockIsRefusedWithAccessThatChangesNothing(FileProperties.Access access) {
		assertInvalid((file) -> {
			file.setAccess(access);
			file.setLock(FileProperties.Lock.EXCLUSIVE);
		}, "lock", "A file with 'yammap.files.journal.access: " + FileSettings.canonical(access)
				+ "' cannot be locked exclusively.");
	}

	@Test
	void preparingPagesToBeWrittenIsRefusedWhereNothingIs() {
		assertInvalid((file) -> {
			file.setAccess(FileProperties.Access.READ_ONLY);
			file.setAdvice(Advice.POPULATE_WRITE);
		}, "advice", "A file with 'yammap.files.journal.access: read-only' cannot be prepared to be written.");
	}

	@ParameterizedTest
	@EnumSource(names = { "DONT_NEED", "COLD", "PAGE_OUT" })
	void adviceAgainstMemoryIsRefusedForFileThatStaysInMemory(Advice advice) {
		assertInvalid((file) -> {
			file.setLockInMemory(true);
			file.setAdvice(advice);
		}, "advice",
				"This advice contradicts 'yammap.files.journal.lock-in-memory: true', which keeps the file in memory.");
	}

	@Test
	void adviceThatDropsWhatIsWrittenIsRefused() {
		assertInvalid((file) -> {
			file.setAccess(FileProperties.Access.PRIVATE);
			file.setAdvice(Advice.DONT_NEED);
		}, "advice", "With 'yammap.files.journal.access: private' this advice would drop what was written.");
	}

	@Test
	void whatOnlyTheNativeBackendCanDoIsRefusedWithThePortableOne() {
		Consumer<FileProperties> portable = (file) -> file.setBackend(Backend.PORTABLE);
		assertInvalid(portable.andThen((file) -> file.setLockInMemory(true)), "lock-in-memory",
				"With 'yammap.files.journal.backend: portable' a file cannot be kept in memory. Only the native backend can do that.");
		assertInvalid(portable.andThen((file) -> file.setAdvice(Advice.RANDOM)), "advice",
				"With 'yammap.files.journal.backend: portable' the kernel gets no advice. Only the native backend can do that.");
	}

	@Test
	void pathThatIsNoneIsRefused() {
		assertInvalid((file) -> file.setPath("a\0b"), "path", "This is not a valid path: Nul character not allowed.");
	}

	@ParameterizedTest
	@CsvSource({ "AUTO, READ_ONLY, NONE", "AUTO, PRIVATE, NONE", "AUTO, READ_WRITE, EXCLUSIVE",
			"AUTO, APPEND, EXCLUSIVE", "NONE, READ_WRITE, NONE", "SHARED, READ_ONLY, SHARED", "SHARED, APPEND, SHARED",
			"EXCLUSIVE, READ_WRITE, EXCLUSIVE" })
	void lockFollowsFromPropertyAndAccess(FileProperties.Lock lock, FileProperties.Access access, LockMode expected) {
		assertThat(settings((file) -> {
			file.setLock(lock);
			file.setAccess(access);
		}).lock()).isEqualTo(expected);
	}

	@Test
	void writerKeepsOthersOutUnlessToldOtherwise() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> {
		})) {
			assertThat(file.isOpen()).isTrue();
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> open((properties) -> {
			}));
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> open((properties) -> {
				properties.setAccess(FileProperties.Access.READ_ONLY);
				properties.setLock(FileProperties.Lock.SHARED);
			}));
			open((properties) -> properties.setAccess(FileProperties.Access.READ_ONLY)).close();
			open((properties) -> properties.setLock(FileProperties.Lock.NONE)).close();
		}
		open((properties) -> {
		}).close();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COLLAPSE")
	void everyAdviceIsGivenToTheKernel(Advice advice) throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setAdvice(advice))) {
			assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'c');
		}
	}

	@Test
	void backendIsTheOneThatIsSet() throws IOException {
		writeContent();
		try (Mmap nativeFile = open((properties) -> properties.setBackend(Backend.NATIVE));
				Mmap portableFile = open((properties) -> {
					properties.setBackend(Backend.PORTABLE);
					properties.setAccess(FileProperties.Access.READ_ONLY);
				})) {
			assertThat(nativeFile.pageCache()).isPresent();
			assertThat(portableFile.pageCache()).isEmpty();
		}
	}

	@Test
	void defaultIsReadWriteCreatedIfMissingAndForTheOwnerAlone() throws IOException {
		try (Mmap file = open((properties) -> {
		})) {
			assertThat(file.isWritable()).isTrue();
			file.writeAt(new byte[] { 1, 2 }, 0);
			assertThat(file.readAt(new byte[2], 0)).isEqualTo(2);
			assertThat(Files.getPosixFilePermissions(file.path()))
				.isEqualTo(PosixFilePermissions.fromString("rw-------"));
		}
	}

	@Test
	void existingFileIsKept() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setSize(DataSize.ofBytes(3)))) {
			assertThat(file.size()).isEqualTo(7);
		}
	}

	@Test
	void sizeIsThatOfNewFile() throws IOException {
		try (Mmap file = open((properties) -> properties.setSize(DataSize.ofKilobytes(8)))) {
			assertThat(file.size()).isEqualTo(8192);
		}
	}

	@Test
	void truncateEmptiesFile() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setTruncate(true))) {
			assertThat(file.size()).isZero();
		}
	}

	@Test
	void permissionsAreThoseOfNewFile() throws IOException {
		try (Mmap file = open((properties) -> properties.setPermissions("r--------"))) {
			assertThat(Files.getPosixFilePermissions(file.path()))
				.isEqualTo(PosixFilePermissions.fromString("r--------"));
		}
	}

	@Test
	void writePastMaxSizeIsRefused() throws IOException {
		try (Mmap file = open((properties) -> properties.setMaxSize(DataSize.ofBytes(2)))) {
			file.writeAt(new byte[2], 0);
			assertThatIOException().isThrownBy(() -> file.writeAt(new byte[1], 2));
			assertThat(file.size()).isEqualTo(2);
		}
	}

	@Test
	void readOnlyFileIsNotWritable() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setAccess(FileProperties.Access.READ_ONLY))) {
			assertThat(file.isWritable()).isFalse();
			assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'c');
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "READ_ONLY", "PRIVATE" })
	void fileThatCannotBeChangedIsNotCreated(FileProperties.Access access) {
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open((properties) -> properties.setAccess(access)));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void appendFileIsReadAndWrittenAtItsEnd() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setAccess(FileProperties.Access.APPEND))) {
			file.write(new byte[] { '!' });
			assertThat(file.get(ValueLayout.JAVA_BYTE, 7)).isEqualTo((byte) '!');
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("content!");
	}

	@Test
	void privateFileIsWrittenInMemoryOnly() throws IOException {
		writeContent();
		try (Mmap file = open((properties) -> properties.setAccess(FileProperties.Access.PRIVATE))) {
			file.set(ValueLayout.JAVA_BYTE, 0, (byte) 'C');
			assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'C');
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("content");
	}

	@Test
	void createNeverRefusesMissingFile() {
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> open((properties) -> properties.setCreate(FileProperties.Create.NEVER)));
	}

	@Test
	void createAlwaysRefusesExistingFile() throws IOException {
		writeContent();
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> open((properties) -> properties.setCreate(FileProperties.Create.NEW)));
	}

	@Test
	void syncOnWriteSyncsEachWrite() throws IOException {
		EventLog log = new EventLog();
		FileSettings settings = settings((properties) -> properties.getSync().setOnWrite(true));
		try (Mmap file = settings.builder().listener(log).open()) {
			file.write(new byte[1]);
			assertThat(log.events).containsExactly("synced journal.log");
		}
	}

	@Test
	void populateLockedAndPreallocateAreHandedOn() throws IOException {
		try (Mmap file = open((properties) -> {
			properties.setSize(DataSize.ofKilobytes(16));
			properties.setPreallocate(false);
			properties.setPopulate(true);
		})) {
			assertThat(file.size()).isEqualTo(16384);
		}
		try (Mmap file = open((properties) -> properties.setLockInMemory(true))) {
			assertThat(file.isOpen()).isTrue();
		}
	}

	private void writeContent() throws IOException {
		Files.writeString(this.directory.resolve("journal.log"), "content");
	}

	private Mmap open(Consumer<FileProperties> change) throws IOException {
		return settings(change).builder().open();
	}

	private FileSettings settings(Consumer<FileProperties> change) {
		FileProperties file = new FileProperties();
		file.setPath("journal.log");
		change.accept(file);
		return new FileSettings("journal", this.directory, file);
	}

	private void assertInvalid(Consumer<FileProperties> change, String property, String reason) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(() -> settings(change))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("yammap.files.journal." + property);
				assertThat(ex.getReason()).isEqualTo(reason);
			});
	}

}
