package dev.yammap.spring.boot.reload;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.swap.SwappableBuilder;
import dev.yammap.spring.boot.swap.SwappableMmap;
import dev.yammap.spring.boot.swap.SyncObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FileReload}, and what {@link TrackedFile} knows of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileReloadTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Path path;

	@SuppressWarnings("NullAway.Init")
	private TrackedFile state;

	@SuppressWarnings("NullAway.Init")
	private SwappableMmap file;

	@SuppressWarnings("NullAway.Init")
	private FileReload reload;

	private final FileProperties properties = new FileProperties();

	private List<MmapReloadValidator> validators = List.of();

	private int overwrites;

	@BeforeEach
	void open() throws IOException {
		this.path = this.directory.resolve("table");
		Files.writeString(this.path, "old");
		open("table");
	}

	private void open(String path) throws IOException {
		this.properties.setPath(path);
		this.properties.setAccess(FileProperties.Access.READ_ONLY);
		this.properties.setReloadOnUpdate(true);
		FileSettings settings = new FileSettings("table", this.directory, this.properties);
		this.state = new TrackedFile(settings);
		SwappableBuilder builder = new SwappableBuilder(settings.builder(), SyncObserver.NONE);
		builder.listener(this.state);
		this.file = builder.open();
		this.state.opened(this.file);
		this.reload = new FileReload(this.state, this.file);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	@Test
	void fileThatIsNotReplacedStays() {
		assertThat(look()).isNull();
		assertThat(look()).isNull();
		assertThat(this.state.reloads().count()).isZero();
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void fileThatIsOverwrittenInPlaceIsReloadedOnceItIsQuiet(CapturedOutput output) throws IOException {
		overwrite("newer");
		assertThat(look()).isNull();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(text()).isEqualTo("newer");
		assertThat(look()).isNull();
		assertThat(this.state.reloads().count()).isOne();
		assertThat(this.state.reloads().failed()).isZero();
		assertThat(output).contains("Reloaded file 'table' (" + this.path + "), 5 bytes, before 3");
	}

	@Test
	void fileThatIsOverwrittenByAsManyBytesIsSeenByItsTime() throws IOException {
		overwrite("neu");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 3));
	}

	@Test
	void fileThatIsStillBeingOverwrittenIsProblemUntilItIsQuiet(CapturedOutput output) throws IOException {
		for (int i = 0; i < 7; i++) {
			overwrite("part " + i);
			assertThat(look()).isNull();
		}
		assertThat(this.state.problems())
			.contains("It is being overwritten in place, so reads may find old and new content mixed");
		assertThat(this.state.reloads().failed()).isOne();
		assertThat(output.getOut().split("being overwritten", -1)).hasSize(2);
		assertThat(look()).isEqualTo(new FileReload.Change(3, 6));
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void replacedFileMayBeOverwrittenNext() throws IOException {
		replace("newer");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		overwrite("newest");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(5, 6));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void emptyReplacementIsRefused(boolean inPlace) throws IOException {
		if (inPlace) {
			overwrite("");
		}
		else {
			replace("");
		}
		look();
		assertThat(look()).isNull();
		assertThat(look()).isNull();
		assertThat(this.state.reloads().failed()).isOne();
		assertThat(this.state.problems()).anyMatch((problem) -> problem
			.endsWith("refused: it is empty, and 'yammap.files.table.reload-empty' is 'false'"));
		assertThat(this.file.size()).isEqualTo(3);
		replace("newer");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void emptyReplacementIsTakenWhereThatIsAllowedOrTheFileWasEmpty() throws IOException {
		this.properties.setReloadEmpty(true);
		replace("");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 0));
		this.properties.setReloadEmpty(false);
		replace("");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(0, 0));
	}

	@ParameterizedTest
	@ValueSource(classes = { IOException.class, IllegalStateException.class, AssertionError.class })
	void replacementThatIsRefusedIsNotUsedNorAskedAboutAgain(Class<? extends Throwable> failure, CapturedOutput output)
			throws IOException {
		AtomicInteger asked = new AtomicInteger();
		AtomicReference<Mmap> seen = new AtomicReference<>();
		this.validators = List.of((name, replacement) -> {
			asked.incrementAndGet();
			seen.set(replacement);
			assertThat(name).isEqualTo("table");
			if (replacement.size() == 8) {
				FileReloadTests.<RuntimeException>sneakyThrow(BeanUtils.instantiateClass(failure));
			}
		});
		replace("not good");
		for (int i = 0; i < 4; i++) {
			assertThat(look()).isNull();
		}
		assertThat(asked).hasValue(1);
		assertThat(seen.get().isOpen()).isFalse();
		assertThat(text()).isEqualTo("old");
		assertThat(this.state.problems()).containsExactly(
				"It cannot be reloaded from its path, so the old file is in use: what is there was refused: "
						+ failure.getName());
		assertThat(this.state.reloads().failed()).isOne();
		assertThat(output.getOut().split("was refused: ", -1)).hasSize(2);
		replace("newer");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(asked).hasValue(2);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void replacementThatAValidatorClosesIsRefused() throws IOException {
		this.validators = List.of((name, replacement) -> replacement.close());
		replace("newer");
		look();
		assertThat(look()).isNull();
		assertThat(text()).isEqualTo("old");
		assertThat(this.state.problems()).singleElement().asString().endsWith("a validator closed it");
	}

	@Test
	void faultThatAValidatorMeetsIsNotOneOfTheFileInUse() throws IOException {
		this.validators = List.of((name, replacement) -> {
			try (FileChannel other = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
				other.truncate(1);
			}
			replacement.readAt(new byte[1], 99_999);
		});
		replace("x".repeat(100_000));
		look();
		assertThat(look()).isNull();
		assertThat(text()).isEqualTo("old");
		assertThat(this.state.events().faults()).isZero();
		assertThat(this.state.problems()).singleElement()
			.asString()
			.contains("what is there was refused: dev.yammap.MappedFaultException");
	}

	@Test
	void refusalOfWhatWasOverwrittenInPlaceSaysThatTheOldContentIsGone() throws IOException {
		this.validators = List.of((name, replacement) -> {
			throw new IOException("no table");
		});
		overwrite("neu");
		look();
		assertThat(look()).isNull();
		assertThat(this.state.problems()).containsExactly(
				"It was overwritten in place, and what is there now was refused: java.io.IOException: no table");
	}

	@Test
	void listenersOfTheBeanHearNothingOfAReplacementThatIsRefused() throws IOException {
		this.validators = List.of((name, replacement) -> {
			throw new IOException("no table");
		});
		replace("newer");
		look();
		look();
		assertThat(this.file.isOpen()).isTrue();
		assertThat(this.state.isOpen()).isTrue();
		assertThat(this.file.versions().retired()).isZero();
	}

	@Test
	void replacedFileIsFollowedAtTheSecondLook(CapturedOutput output) throws IOException {
		replace("newer");
		assertThat(look()).isNull();
		assertThat(text()).isEqualTo("old");
		assertThat(this.state.problems()).isEmpty();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(text()).isEqualTo("newer");
		assertThat(look()).isNull();
		assertThat(this.state.reloads().count()).isOne();
		assertThat(this.state.reloads().failed()).isZero();
		assertThat(this.state.problems()).isEmpty();
		assertThat(output).contains("Reloaded file 'table' (" + this.path + "), 5 bytes, before 3");
	}

	@Test
	void fileThatIsStillBeingCopiedIsNotTaken() throws IOException {
		Files.delete(this.path);
		Files.writeString(this.path, "a");
		assertThat(look()).isNull();
		Files.writeString(this.path, "b", StandardOpenOption.APPEND);
		assertThat(look()).isNull();
		Files.writeString(this.path, "c", StandardOpenOption.APPEND);
		assertThat(look()).isNull();
		assertThat(text()).isEqualTo("old");
		assertThat(look()).isEqualTo(new FileReload.Change(3, 3));
		assertThat(text()).isEqualTo("abc");
	}

	@Test
	void fileThatIsReplacedBeforeEveryLookIsTakenAtTheFifth() throws IOException {
		for (int look = 1; look < 5; look++) {
			replace("version " + look);
			assertThat(look()).isNull();
		}
		replace("version 5");
		assertThat(look()).isEqualTo(new FileReload.Change(3, 9));
		assertThat(text()).isEqualTo("version 5");
		replace("version 6");
		assertThat(look()).isNull();
	}

	@Test
	void symbolicLinkInPlaceOfDirectoryIsFollowedAsKubernetesSwapsIt() throws IOException {
		this.file.close();
		Files.createDirectory(this.directory.resolve("..2026_1"));
		Files.writeString(this.directory.resolve("..2026_1/table"), "old");
		Path data = this.directory.resolve("..data");
		Files.createSymbolicLink(data, Path.of("..2026_1"));
		Files.createSymbolicLink(this.directory.resolve("mounted"), Path.of("..data/table"));
		open("mounted");
		assertThat(text()).isEqualTo("old");
		Files.createDirectory(this.directory.resolve("..2026_2"));
		Files.writeString(this.directory.resolve("..2026_2/table"), "newer");
		Path next = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), Path.of("..2026_2"));
		Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
		Files.delete(this.directory.resolve("..2026_1/table"));
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(text()).isEqualTo("newer");
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void removedFileStaysInUseAndIsProblemUntilItIsBack(CapturedOutput output) throws IOException {
		Path elsewhere = Files.move(this.path, this.directory.resolve("elsewhere"));
		for (int i = 0; i < 3; i++) {
			assertThat(look()).isNull();
		}
		assertThat(text()).isEqualTo("old");
		assertThat(this.state.problems())
			.containsExactly("It cannot be reloaded from its path, so the old file is in use: nothing is there");
		assertThat(this.state.reloads().failed()).isOne();
		assertThat(output.getOut().split("File .* cannot be reloaded from", -1)).hasSize(2);
		Files.move(elsewhere, this.path);
		assertThat(look()).isNull();
		look();
		assertThat(this.state.problems()).isEmpty();
		assertThat(output.getOut().split("at its path again", -1)).hasSize(2);
		assertThat(this.state.reloads().count()).isZero();
	}

	@Test
	void directoryInItsPlaceIsProblemUntilThereIsFile(CapturedOutput output) throws IOException {
		Files.delete(this.path);
		Files.createDirectory(this.path);
		look();
		assertThat(look()).isNull();
		assertThat(this.state.problems()).singleElement()
			.asString()
			.startsWith("It cannot be reloaded from its path, so the old file is in use: Cannot open ")
			.contains("it is a directory");
		assertThat(text()).isEqualTo("old");
		Files.delete(this.path);
		Files.writeString(this.path, "newer");
		look();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(this.state.problems()).isEmpty();
		assertThat(output).contains("cannot be reloaded from", "Reloaded file");
	}

	@Test
	void reasonThatChangesIsToldOfAnew() throws IOException {
		Files.delete(this.path);
		look();
		Files.createSymbolicLink(this.path, this.path);
		look();
		look();
		assertThat(this.state.problems()).singleElement().asString().contains("FileSystemException", "symbolic links");
		assertThat(this.state.reloads().failed()).isEqualTo(2);
	}

	@Test
	void replacementThatIsLockedIsTakenOnceItCanBe() throws IOException {
		this.file.close();
		FileProperties properties = new FileProperties();
		properties.setPath("table");
		properties.setAccess(FileProperties.Access.READ_ONLY);
		properties.setReloadOnUpdate(true);
		FileSettings settings = new FileSettings("table", this.directory, properties);
		SwappableBuilder builder = new SwappableBuilder(settings.builder().lock(LockMode.SHARED), SyncObserver.NONE);
		this.file = builder.open();
		this.reload = new FileReload(this.state, this.file);
		replace("newer");
		try (Mmap writer = Mmap.builder(this.path)
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.lock(LockMode.EXCLUSIVE)
			.open()) {
			assertThat(writer.isOpen()).isTrue();
			look();
			assertThat(look()).isNull();
			assertThat(this.state.problems()).singleElement().asString().contains("FileLockedException");
			assertThat(text()).isEqualTo("old");
		}
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void faultOfTheOldFileIsForgotten() throws IOException {
		Files.write(this.path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.readAt(new byte[1], 0));
		assertThat(this.state.problems()).anyMatch((problem) -> problem.startsWith("A fault was met"));
		replace("newer");
		look();
		look();
		assertThat(this.state.problems()).isEmpty();
		assertThat(this.state.events().faults()).isOne();
	}

	@Test
	void fileShortenedByOthersIsProblemAsEver() throws IOException {
		Files.write(this.path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
		look();
		assertThat(this.state.problems())
			.containsExactly("It was shortened to 0 of 3 bytes, and not by this application");
	}

	@Test
	void closedFileIsNotFollowed(CapturedOutput output) throws IOException {
		this.file.close();
		Files.delete(this.path);
		assertThat(look()).isNull();
		assertThat(this.state.problems()).isEmpty();
		assertThat(output).doesNotContain("reloaded");
	}

	private FileReload.@Nullable Change look() {
		return this.reload.look(this.validators);
	}

	/** Each time is another, however coarse the clock of the file system is. */
	private void overwrite(String content) throws IOException {
		Files.writeString(this.path, content);
		this.overwrites++;
		Files.setLastModifiedTime(this.path, FileTime.from(Instant.EPOCH.plusSeconds(this.overwrites)));
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> void sneakyThrow(Throwable failure) throws T {
		throw (T) failure;
	}

	private void replace(String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		Files.move(next, this.path, StandardCopyOption.ATOMIC_MOVE);
	}

	private String text() throws IOException {
		byte[] content = new byte[100];
		return new String(content, 0, this.file.readAt(content, 0), StandardCharsets.UTF_8);
	}

	@Test
	void replacementWhoseOpeningIsAnErrorIsAProblemUntilItCanBeOpened() throws IOException {
		List<Error> failures = new ArrayList<>(List.of(new InternalError("Map failed")));
		this.file.close();
		FileSettings settings = this.state.requiredSettings();
		this.state = new TrackedFile(settings);
		Mmap.Builder engine = settings.builder();
		AtomicBoolean first = new AtomicBoolean(true);
		Mmap.Builder failing = (Mmap.Builder) Proxy.newProxyInstance(Mmap.Builder.class.getClassLoader(),
				new Class<?>[] { Mmap.Builder.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("open") && !first.getAndSet(false) && !failures.isEmpty()) {
						throw failures.removeFirst();
					}
					Object result = method.invoke(engine, arguments);
					return (result instanceof Mmap.Builder) ? proxy : result;
				});
		SwappableBuilder builder = new SwappableBuilder(failing, SyncObserver.NONE);
		builder.listener(this.state);
		this.file = builder.open();
		this.state.opened(this.file);
		this.reload = new FileReload(this.state, this.file);
		replace("newer");
		look();
		assertThat(look()).isNull();
		assertThat(this.state.problems()).singleElement()
			.asString()
			.endsWith("the old file is in use: java.lang.InternalError: Map failed");
		assertThat(this.state.reloads().failed()).isOne();
		assertThat(look()).isEqualTo(new FileReload.Change(3, 5));
		assertThat(this.state.problems()).isEmpty();
	}

}
