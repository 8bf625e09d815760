package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.yammap.MapMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.support.StubMmap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TrackedFile}.
 */
class TrackedFileTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Path path;

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@SuppressWarnings("NullAway.Init")
	private TrackedFile state;

	@BeforeEach
	void open() throws IOException {
		this.path = this.directory.resolve("file");
		FileProperties properties = new FileProperties();
		properties.setPath("file");
		FileSettings settings = new FileSettings("file", this.directory, properties);
		this.state = new TrackedFile(settings);
		this.file = settings.builder().size(8192).listener(this.state).open();
		this.state.opened(this.file);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	@Test
	void newFileHasNoProblem() {
		assertThat(this.state.problems()).isEmpty();
		assertThat(this.state.events().lastSync()).isNull();
		assertThat(this.state.events().syncAge()).isNaN();
	}

	@Test
	void fileThatWasNotOpenedHasNoProblem() {
		FileProperties properties = new FileProperties();
		properties.setPath("none");
		TrackedFile unopened = new TrackedFile(new FileSettings("none", this.directory, properties));
		assertThat(unopened.problems()).isEmpty();
		assertThat(unopened.isOpen()).isFalse();
		assertThat(unopened.path()).isEqualTo(this.directory.resolve("none"));
	}

	@Test
	void changesOfSizeByTheApplicationAreNoProblem() throws IOException {
		this.file.truncate(100);
		assertThat(this.state.problems()).isEmpty();
		this.file.writeAt(new byte[1], 10_000);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void growthByOthersIsNoProblem() throws IOException {
		Files.write(this.path, new byte[100], StandardOpenOption.APPEND);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void removedFileIsProblemUntilItIsBack() throws IOException {
		Path elsewhere = this.directory.resolve("elsewhere");
		Files.move(this.path, elsewhere);
		assertThat(this.state.problems()).containsExactly("It was removed: no file is at its path");
		Files.move(elsewhere, this.path);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void replacedFileIsProblem() throws IOException {
		Path replacement = Files.write(this.directory.resolve("new"), new byte[8192]);
		Files.move(replacement, this.path, StandardCopyOption.ATOMIC_MOVE);
		assertThat(this.state.problems())
			.containsExactly("It was replaced: its path leads to another file than the one that is open");
	}

	@Test
	void fileReplacedBeforeItsStateWasKnownIsProblem() throws IOException {
		Path replacement = Files.write(this.directory.resolve("new"), new byte[8192]);
		Files.move(replacement, this.path, StandardCopyOption.ATOMIC_MOVE);
		assertThat(new TrackedFile(this.file).problems()).singleElement().asString().startsWith("It was replaced");
	}

	@Test
	void fileRemovedAndMadeAnewIsProblem() throws IOException {
		Files.delete(this.path);
		Files.write(this.path, new byte[8192]);
		assertThat(this.state.problems()).singleElement().asString().startsWith("It was replaced");
	}

	@Test
	void swappedSymbolicLinkIsProblem() throws IOException {
		Path other = Files.write(this.directory.resolve("other"), new byte[8192]);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.path);
		try (Mmap linked = Mmap.open(link)) {
			TrackedFile linkedState = new TrackedFile(linked);
			assertThat(linkedState.problems()).isEmpty();
			Files.delete(link);
			Files.createSymbolicLink(link, other);
			assertThat(linkedState.problems()).singleElement().asString().startsWith("It was replaced");
		}
	}

	@Test
	void fileShortenedByOthersIsProblemUntilItIsMended() throws IOException {
		shorten(5);
		assertThat(this.state.problems())
			.containsExactly("It was shortened to 5 of 8192 bytes, and not by this application");
		this.file.truncate(5);
		assertThat(this.state.problems()).isEmpty();
	}

	@Test
	void privateAndWriteOnlyFilesShortenedByOthersAreProblems() throws IOException {
		try (Mmap privately = Mmap.builder(this.path)
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.mode(MapMode.PRIVATE)
			.open(); Mmap writeOnly = Mmap.open(this.path, StandardOpenOption.WRITE)) {
			TrackedFile privateState = new TrackedFile(privately);
			TrackedFile writeOnlyState = new TrackedFile(writeOnly);
			shorten(5);
			assertThat(privateState.problems()).hasSize(1);
			assertThat(writeOnlyState.problems()).hasSize(1);
		}
	}

	@Test
	void noProblemIsSeenWhileTheApplicationChangesTheSize() throws Exception {
		try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
			Future<?> changes = executor.submit(() -> {
				for (int i = 0; i < 2000; i++) {
					this.file.truncate((i % 2 == 0) ? 1_000_000 : 100);
				}
				return null;
			});
			while (!changes.isDone()) {
				assertThat(this.state.problems()).isEmpty();
			}
			changes.get();
		}
	}

	@Test
	void pathThatCannotBeLookedAtIsProblem() throws IOException {
		Files.delete(this.path);
		Files.createSymbolicLink(this.path, this.path);
		assertThat(this.state.problems()).singleElement().asString().startsWith("Its path cannot be checked: ");
	}

	@Test
	void pathOfClosedFileIsNotLookedAt() throws IOException {
		this.file.close();
		Files.delete(this.path);
		assertThat(this.state.problems()).isEmpty();
		assertThat(this.state.isOpen()).isFalse();
	}

	@Test
	void faultStaysProblemAfterItsCauseIsGone() throws IOException {
		shorten(0);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.readAt(new byte[1], 4096));
		this.file.truncate(8192);
		assertThat(this.state.events().faults()).isOne();
		assertThat(this.state.problems()).singleElement()
			.asString()
			.startsWith("A fault was met: read")
			.contains(this.path.toString());
	}

	@Test
	void fileThatCannotBeCheckedIsProblem() throws IOException {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		TrackedFile wrapper = new TrackedFile(StubMmap.file(empty, null, null));
		assertThat(wrapper.problems()).singleElement()
			.asString()
			.startsWith("It cannot be checked: java.lang.UnsupportedOperationException");
	}

	@Test
	void followerHearsLastThatTheFileIsClosed() {
		List<String> heard = new ArrayList<>();
		this.state.follow(new ResourceFollower() {

			@Override
			public void opened(Object resource) {
				// As if another thread did it before this one comes to its work.
				closeUnchecked();
				heard.add("opened");
			}

			@Override
			public void synced(Duration duration, @Nullable IOException failure) {
			}

			@Override
			public void closed(Object resource) {
				heard.add("closed");
			}

		});
		assertThat(heard).endsWith("opened", "closed");
	}

	private void closeUnchecked() {
		try {
			this.file.close();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void failedSyncStaysProblemWithItsFirstReason() {
		this.state.synced(this.file, Duration.ZERO, new IOException("first"));
		this.state.synced(this.file, Duration.ZERO, new IOException("second"));
		this.state.synced(this.file, Duration.ZERO, null);
		assertThat(this.state.events().failedSyncs()).isEqualTo(2);
		assertThat(this.state.problems()).containsExactly("A sync failed: first");
	}

	@Test
	void syncIsRemembered() throws IOException {
		Instant before = Instant.now();
		long nanosBefore = System.nanoTime();
		this.file.sync();
		assertThat(this.state.events().lastSync()).isBetween(before, Instant.now());
		assertThat(this.state.events().syncAge()).isBetween(0.0, (double) (System.nanoTime() - nanosBefore));
		assertThat(this.state.problems()).isEmpty();
	}

	private void shorten(long size) throws IOException {
		try (FileChannel other = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
			other.truncate(size);
		}
	}

}
