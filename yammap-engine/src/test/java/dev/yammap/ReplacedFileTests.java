package dev.yammap;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whether a path still leads to the file that was opened.
 */
class ReplacedFileTests extends AbstractMmapTests {

	private static final byte[] OLD = random(100, 1);

	private static final byte[] NEW = random(100, 2);

	@Test
	void fileIsCurrentWhateverIsWrittenToIt() throws IOException {
		Mmap file = openReadWrite(OLD);
		assertThat(file.isCurrent()).isTrue();
		file.write(NEW);
		file.truncate(10);
		writeFromOutside(NEW, 0);
		shortenFromOutside(0);
		assertThat(file.isCurrent()).isTrue();
	}

	@Test
	void removedFileIsNotCurrentAndGoesOn() throws IOException {
		Mmap file = openReadWrite(OLD);
		Files.delete(path());
		assertThat(file.isCurrent()).isFalse();
		assertThat(readAt(file, 100, 0)).isEqualTo(OLD);
	}

	@Test
	void replacedFileIsNotCurrentAndGoesOn() throws IOException {
		Mmap file = openReadWrite(OLD);
		Path replacement = Files.write(this.directory.resolve("new"), NEW);
		Files.move(replacement, path(), StandardCopyOption.ATOMIC_MOVE);
		assertThat(file.isCurrent()).isFalse();
		assertThat(readAt(file, 100, 0)).isEqualTo(OLD);
		assertThat(readAt(open(path()), 100, 0)).isEqualTo(NEW);
	}

	@Test
	void renamedFileIsCurrentOnceItIsBack() throws IOException {
		Mmap file = openReadWrite(OLD);
		Path elsewhere = this.directory.resolve("elsewhere");
		Files.move(path(), elsewhere);
		assertThat(file.isCurrent()).isFalse();
		Files.move(elsewhere, path());
		assertThat(file.isCurrent()).isTrue();
	}

	@Test
	void removedDirectoryTakesItsFileAlong() throws IOException {
		Path inside = Files.createDirectory(this.directory.resolve("sub")).resolve("file");
		Files.write(inside, OLD);
		Mmap file = open(inside);
		Files.delete(inside);
		Files.delete(inside.getParent());
		assertThat(file.isCurrent()).isFalse();
		Files.write(this.directory.resolve("sub"), NEW);
		assertThat(file.isCurrent()).isFalse();
	}

	@Test
	void linkThatWasChangedLeadsToAnotherFile() throws IOException {
		Path old = Files.write(this.directory.resolve("old"), OLD);
		Path replacement = Files.write(this.directory.resolve("new"), NEW);
		Files.createSymbolicLink(path(), old);
		Mmap file = open(path());
		assertThat(file.isCurrent()).isTrue();
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), replacement);
		Files.move(link, path(), StandardCopyOption.ATOMIC_MOVE);
		assertThat(file.isCurrent()).isFalse();
	}

	@Test
	void linkInPlaceOfAFileThatMustBeNoneIsNotFollowed() throws IOException {
		Path target = this.directory.resolve("target");
		Mmap file = open(write(OLD), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
		Files.move(path(), target);
		Files.createSymbolicLink(path(), target);
		assertThat(file.isCurrent()).isFalse();
	}

	@Test
	void circleOfLinksLeadsNowhere() throws IOException {
		Mmap file = open(write(OLD));
		Files.delete(path());
		Files.createSymbolicLink(path(), path().getFileName());
		assertThat(file.isCurrent()).isFalse();
	}

	@Test
	void closedFileCannotBeAsked() throws IOException {
		Mmap file = open(write(OLD));
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::isCurrent);
	}

}
