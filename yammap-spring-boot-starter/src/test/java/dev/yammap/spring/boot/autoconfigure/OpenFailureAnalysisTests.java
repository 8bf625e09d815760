package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.Mmap;
import dev.yammap.StorageException;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.FileOpener;
import dev.yammap.spring.boot.registry.ResourceOpenException;
import dev.yammap.spring.boot.registry.ParentMmaps;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.JournalSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link OpenFailureAnalyzer} and what the system says that it explains.
 *
 */
class OpenFailureAnalysisTests {

	private static final String NATIVE_ACCESS = "grant native access with '--enable-native-access=ALL-UNNAMED' on the command line of Java,"
			+ " or 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the application's jar.";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final FileProperties properties = new FileProperties();

	@BeforeEach
	void setPath() {
		this.properties.setPath("journal.log");
	}

	@Test
	void noPermissionToCreate() {
		assertAnalysis(new AccessDeniedException("journal.log"),
				"the process has no permission to create it in its directory, or to enter that directory.",
				"Change the owner or the permissions of the directory '" + this.directory
						+ "', or correct 'yammap.files.journal.path'.");
	}

	@Test
	void linkThatLeadsNowhere() throws IOException {
		Files.createSymbolicLink(this.directory.resolve("journal.log"), this.directory.resolve("none/x"));
		FailureAnalysis analysis = analyze(failure((builder) -> {
		}));
		assertThat(analysis.getDescription())
			.endsWith("it is a symbolic link to '" + this.directory.resolve("none/x") + "', which leads to no file.");
		assertThat(analysis.getAction())
			.isEqualTo("Create the target of the link, or correct the link or 'yammap.files.journal.path'.");
	}

	@Test
	void pathThroughAFile() throws IOException {
		Files.createFile(this.directory.resolve("file"));
		this.properties.setPath("file/journal.log");
		FailureAnalysis analysis = analyze(failure((builder) -> {
		}));
		assertThat(analysis.getDescription()).endsWith("a part of its path is not a directory.");
		assertThat(analysis.getAction()).isEqualTo("Correct 'yammap.files.journal.path' or 'yammap.base-dir'.");
	}

	@Test
	void whatWasCleanedUpMeanwhileIsNotBlamed() throws IOException {
		Path data = Files.createDirectory(this.directory.resolve("data"));
		this.properties.setPath("data/journal.log");
		this.properties.setAccess(FileProperties.Access.READ_ONLY);
		ResourceOpenException failure = failure((builder) -> {
		});
		Files.delete(data);
		assertThat(analyze(failure).getDescription()).contains("it does not exist, and with");
	}

	@Test
	void noPermissionToWrite() throws IOException {
		Files.createFile(this.directory.resolve("journal.log"));
		assertAnalysis(new AccessDeniedException("journal.log"),
				"the process has no permission to read and write it or to enter its directory.",
				"Change the owner or the permissions of the file or its directory, or correct 'yammap.files.journal.path', or set 'yammap.files.journal.access' to 'read-only'.");
	}

	@Test
	void noPermissionToRead() {
		this.properties.setAccess(FileProperties.Access.READ_ONLY);
		assertAnalysis(new AccessDeniedException("journal.log"),
				"the process has no permission to read it or to enter its directory.",
				"Change the owner or the permissions of the file or its directory, or correct 'yammap.files.journal.path'.");
	}

	@Test
	void lockedByOther() throws IOException {
		try (Mmap _ = settings().builder().open()) {
			FailureAnalysis analysis = analyze(failure((builder) -> {
			}));
			assertThat(analysis.getDescription())
				.endsWith("could not be opened: Cannot lock (exclusive): this process holds a lock on it.");
			assertThat(analysis.getAction())
				.isEqualTo("Close the file there, or correct 'yammap.files.journal.path'. If the file is meant to be"
						+ " shared, set 'yammap.files.journal.lock' to 'none', or to 'shared' on both sides."
						+ " In tests, where a context of another test has it open, @AutoConfigureMappedFiles of"
						+ " 'yammap-spring-boot-starter-test' gives each context files of its own.");
		}
	}

	/** Whatever it says: the locale of the process may not be English. */
	private static IOException refused(FailureCause cause) {
		return new StorageException("Cannot open journal.log: Text", cause, new IOException("Text"));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
	void everyCauseHasAReportOfItsOwn(FailureCause cause) {
		assertThat(analyze(refused(cause)).getDescription()).doesNotContain("Text");
		assertThat(analyze(refused(FailureCause.OTHER)).getDescription()).contains("Text");
	}

	@ParameterizedTest
	@EnumSource(names = { "NO_SPACE", "QUOTA" })
	void noSpace(FailureCause cause) {
		this.properties.setSize(DataSize.ofGigabytes(1));
		assertAnalysis(refused(cause),
				"there is no space for it on its disk or in its quota ('yammap.files.journal.size' is 1GB).",
				"Free some space, lower 'yammap.files.journal.size', or set 'yammap.files.journal.preallocate' to 'false', so that blocks are taken when they are written.");
		this.properties.setPreallocate(false);
		assertThat(analyze(refused(cause)).getAction())
			.isEqualTo("Free some space, lower 'yammap.files.journal.size'.");
	}

	@Test
	void readOnlyFileSystem() {
		assertAnalysis(refused(FailureCause.READ_ONLY), "its file system is read-only.",
				"Mount it for writing, correct 'yammap.files.journal.path', or set 'yammap.files.journal.access' to 'read-only'.");
	}

	@Test
	void lockThatTheFileSystemDoesNotKnow() {
		assertAnalysis(refused(FailureCause.NO_LOCKS),
				"its file system has no locks, or the limit of locks is reached.",
				"Set 'yammap.files.journal.lock' to 'none', and make sure that no other process writes to the file.");
	}

	@Test
	void fileProtectedByItsFlags() {
		assertAnalysis(new FileProtectedException("journal.log", "Cannot open: Text"),
				"the file or its directory is append-only or immutable, or a security module protects it.",
				"Look at it with 'lsattr', end that with 'chattr -a' or 'chattr -i', or set 'yammap.files.journal.access' to 'read-only'.");
	}

	@Test
	void deviceThatHasFailed() {
		assertAnalysis(refused(FailureCause.IO_ERROR), "its device, or the file system on it, has failed.",
				"See the log of the kernel ('dmesg'), repair the device, or correct 'yammap.files.journal.path'.");
	}

	@Test
	void tooMuchMemoryLocked() {
		assertAnalysis(refused(FailureCause.LOCKED_MEMORY),
				"it cannot be kept in memory, as this process may not lock that much.",
				"Raise the limit ('ulimit -l', 'LimitMEMLOCK=' of systemd), or set 'yammap.files.journal.lock-in-memory' to 'false'.");
	}

	@Test
	void tooManyOpenFiles() {
		assertAnalysis(refused(FailureCause.TOO_MANY_FILES), "this process has too many files open.",
				"Raise the limit ('ulimit -n', 'LimitNOFILE=' of systemd), or configure fewer files under 'yammap.files'.");
	}

	@Test
	void noAddressSpace() {
		assertAnalysis(refused(FailureCause.NO_MEMORY),
				"there is no address space for it ('yammap.files.journal.size' is 0B), or there are too many mappings.",
				"Lower 'yammap.files.journal.size', raise the limits ('ulimit -v', 'sysctl vm.max_map_count'), or configure fewer files under 'yammap.files'.");
	}

	@Test
	void longerThanAnyFile() {
		assertAnalysis(refused(FailureCause.TOO_LONG),
				"it would be longer than the limit of this process or of its file system ('yammap.files.journal.size' is 0B).",
				"Raise the limit ('ulimit -f'), or lower 'yammap.files.journal.size'.");
	}

	@Test
	void nativeBackendThatCannotBeHad() {
		this.properties.setBackend(Backend.NATIVE);
		assertAnalysis(unsupported("There is no native backend: it is for Linux"),
				"There is no native backend: it is for Linux.",
				"Set 'yammap.files.journal.backend' to 'auto', or " + NATIVE_ACCESS);
	}

	@Test
	void nativeBackendThatAJournalCannotHave() {
		JournalProperties journal = new JournalProperties();
		journal.setPath("orders");
		journal.setBackend(Backend.NATIVE);
		FailureAnalysis analysis = analyze(
				new ResourceOpenException(new JournalSettings("orders", this.directory, journal),
						unsupported("There is no native backend: it is for Linux")));
		assertThat(analysis.getDescription()).endsWith("There is no native backend: it is for Linux.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'yammap.journals.orders.backend' to 'auto', or " + NATIVE_ACCESS);
	}

	@Test
	void portableBackendKeepsNothingInMemory() {
		this.properties.setLockInMemory(true);
		assertUnsupported(
				"Set 'yammap.files.journal.lock-in-memory' to 'false'. The native backend, on Linux, can do more: "
						+ NATIVE_ACCESS);
	}

	@Test
	void portableBackendGivesNoAdvice() {
		this.properties.setAdvice(Advice.RANDOM);
		assertUnsupported("Set 'yammap.files.journal.advice' to 'normal'. The native backend, on Linux, can do more: "
				+ NATIVE_ACCESS);
	}

	@Test
	void portableBackendCanDoNeither() {
		this.properties.setAdvice(Advice.RANDOM);
		this.properties.setLockInMemory(true);
		assertUnsupported(
				"Set 'yammap.files.journal.lock-in-memory' to 'false' and 'yammap.files.journal.advice' to 'normal'. The native backend, on Linux, can do more: "
						+ NATIVE_ACCESS);
	}

	@Test
	void customizerAsksForWhatTheBackendCannotDo() throws IOException {
		FailureAnalysis analysis = analyze(failure((builder) -> builder.backend(Backend.PORTABLE).lockInMemory(true)));
		assertThat(analysis.getDescription()).contains("the portable backend cannot lock");
		assertThat(analysis.getAction())
			.isEqualTo("Correct the properties of the file, or the MmapBuilderCustomizer that asks for it.");
	}

	@Test
	void customizerContradictsProperties() throws IOException {
		FailureAnalysis analysis = analyze(failure((builder) -> builder.size(8).maxSize(4)));
		assertThat(analysis.getDescription()).contains("A size of 8 needs a maxSize of at least as much, not 4.");
		assertThat(analysis.getAction()).isEqualTo("Correct the MmapBuilderCustomizer that sets it so.");
	}

	@Test
	void noRegularFile() {
		this.properties.setPath("/dev/null");
		FailureAnalysis analysis = analyze(failure((builder) -> {
		}));
		assertThat(analysis.getDescription()).contains("only regular files can be mapped");
		assertThat(analysis.getAction()).contains("point 'yammap.files.journal.path' elsewhere");
	}

	@ParameterizedTest
	@CsvSource({ "No space left on device, there is no space for it", "Read-only file system, is read-only",
			"Too many open files, has too many files open", "Not a directory, is not a directory" })
	void whatJavaItselfSaysIsExplainedToo(String words, String problem) {
		assertThat(analyze(new FileSystemException("journal.log", null, words)).getDescription()).contains(problem);
		assertThat(analyze(new IOException("not prepared", new IOException(words))).getDescription()).contains(problem);
	}

	@Test
	void anyOtherFailure() {
		assertAnalysis(new FileSystemException("journal.log", null, "Weather"), "journal.log: Weather.",
				"Correct what is wrong with the file, or point 'yammap.files.journal.path' elsewhere.");
	}

	private void assertUnsupported(String action) {
		assertAnalysis(unsupported("Cannot open journal.log: the portable backend cannot do that"),
				"Cannot open journal.log: the portable backend cannot do that.", action);
	}

	private static IOException unsupported(String message) {
		return new IOException(message, new UnsupportedOperationException(message));
	}

	private void assertAnalysis(IOException cause, String problem, String action) {
		FailureAnalysis analysis = analyze(cause);
		assertThat(analysis.getDescription()).isEqualTo("The mapped file 'journal' ("
				+ this.directory.resolve("journal.log") + ") could not be opened: " + problem);
		assertThat(analysis.getAction()).isEqualTo(action);
	}

	private ResourceOpenException failure(Consumer<Mmap.Builder> customizer) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("customizer", (MmapBuilderCustomizer) (name, path, builder) -> customizer.accept(builder));
		DefaultMmaps mmaps = new DefaultMmaps(List.of(settings()), Path.of(""),
				new FileOpener(beans.getBeanProvider(MmapBuilderCustomizer.class), ApplicationStartup.DEFAULT, false,
						null, new DirectoryCreator(true)),
				ParentMmaps.NONE);
		return catchThrowableOfType(ResourceOpenException.class, () -> mmaps.get("journal"));
	}

	private FileSettings settings() {
		return new FileSettings("journal", this.directory, this.properties);
	}

	private FailureAnalysis analyze(IOException cause) {
		return analyze(new ResourceOpenException(settings(), cause));
	}

	private static FailureAnalysis analyze(ResourceOpenException failure) {
		return Objects.requireNonNull(new OpenFailureAnalyzer().analyze(new IllegalStateException(failure)));
	}

}
