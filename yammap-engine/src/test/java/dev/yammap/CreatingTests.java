package dev.yammap;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Files that are created, completed or emptied when they are opened.
 */
class CreatingTests extends AbstractMmapTests {

	private static final OpenOption[] READ_WRITE_CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4095, 4096, 4097, SOME_PAGES })
	void createdFileHasTheSizeAndReadsAsZeros(int size) throws IOException {
		Mmap file = create(size);
		assertThat(file.isWritable()).isTrue();
		assertThat(file.size()).isEqualTo(size);
		assertThat(file.offset()).isZero();
		assertThat(readAt(file, size + 10, 0)).isEqualTo(new byte[size]);
		assertThat(content()).isEqualTo(new byte[size]);
		file.writeAt(new byte[] { 1 }, size);
		assertThat(content()).hasSize(size + 1).endsWith(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void sparseAndPreallocatedFilesReadTheSame(boolean preallocate) throws IOException {
		Mmap file = open(builder(path()).options(READ_WRITE_CREATE).size(SOME_PAGES).preallocate(preallocate));
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(new byte[SOME_PAGES]);
		file.writeAt(new byte[] { 1, 2, 3 }, 100_000);
		assertThat(content()).hasSize(SOME_PAGES).containsSequence(1, 2, 3);
	}

	@Test
	void fileHasItsDiskBlocksUnlessItIsSparse() throws IOException {
		int size = 4 << 20;
		create(size).close();
		assertThat(blocks()).isGreaterThanOrEqualTo(size / 512);
		Files.delete(path());
		open(builder(path()).options(READ_WRITE_CREATE).size(size).preallocate(false)).close();
		assertThat(blocks()).isLessThan(size / 512 / 2);
		Files.delete(path());
		create(size, StandardOpenOption.SPARSE).close();
		assertThat(blocks()).isLessThan(size / 512 / 2);
	}

	@Test
	void longerFileStaysAsItIs() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		write(content);
		Mmap file = create(10);
		assertThat(file.size()).isEqualTo(SOME_PAGES);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(content);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void shorterFileGrowsAndKeepsItsContent() throws IOException {
		byte[] content = random(5_000, 1);
		write(content);
		Mmap file = create(SOME_PAGES);
		byte[] expected = concat(content, new byte[SOME_PAGES - 5_000]);
		assertThat(file.size()).isEqualTo(SOME_PAGES);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(expected);
		assertThat(content()).isEqualTo(expected);
	}

	@Test
	void emptiedFileGetsTheSizeAndLosesItsContent() throws IOException {
		write(random(SOME_PAGES, 1));
		Mmap file = create(5_000, StandardOpenOption.TRUNCATE_EXISTING);
		assertThat(file.size()).isEqualTo(5_000);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(new byte[5_000]);
		assertThat(content()).isEqualTo(new byte[5_000]);
	}

	@Test
	void createTakesFurtherOptions() throws IOException {
		try (Mmap file = create(100, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC)) {
			assertThat(file.size()).isEqualTo(100);
			file.write(new byte[] { 1 });
		}
		assertThatExceptionOfType(FileAlreadyExistsException.class)
			.isThrownBy(() -> create(200, StandardOpenOption.CREATE_NEW));
		assertThat(content()).hasSize(100).startsWith(1);
	}

	@Test
	void createWithAppendAppends() throws IOException {
		Mmap file = create(100, StandardOpenOption.READ, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
		file.write(new byte[] { 1, 2, 3 });
		assertThat(file.size()).isEqualTo(103);
		assertThat(content()).hasSize(103).endsWith(0, 1, 2, 3);
	}

	@Test
	void createImpliesCreateWhateverTheAccess() throws IOException {
		create(100, StandardOpenOption.APPEND).write(new byte[] { 1 });
		assertThat(content()).hasSize(101).endsWith(0, 1);
	}

	@Test
	void createWithReadAloneIsRefused() throws IOException {
		assertThatIllegalArgumentException().isThrownBy(() -> create(100, StandardOpenOption.READ));
		assertThatIllegalArgumentException().isThrownBy(() -> create(0, StandardOpenOption.READ));
		assertThat(path()).doesNotExist();
		write(new byte[10]);
		assertThatIllegalArgumentException().isThrownBy(() -> create(100, StandardOpenOption.READ));
		assertThat(content()).hasSize(10);
	}

	@Test
	void negativeSizeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> create(-1));
		assertThat(path()).doesNotExist();
	}

	@Test
	void newFileBelongsToItsOwnerAlone() throws IOException {
		open(path(), READ_WRITE_CREATE);
		assertThat(Files.getPosixFilePermissions(path())).isSubsetOf(PosixFilePermission.OWNER_READ,
				PosixFilePermission.OWNER_WRITE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwxrwx", "rw-r-----", "rw-rw-rw-" })
	void newFileHasTheGivenPermissionsLessTheUmask(String text) throws IOException {
		Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(text);
		Path model = Files.createFile(this.directory.resolve("model"),
				PosixFilePermissions.asFileAttribute(permissions));
		open(builder(path()).options(READ_WRITE_CREATE).permissions(permissions));
		assertThat(Files.getPosixFilePermissions(path())).isEqualTo(Files.getPosixFilePermissions(model));
	}

	@Test
	void permissionsAreThoseOfTheTimeTheyWereGiven() throws IOException {
		Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_READ,
				PosixFilePermission.OWNER_WRITE);
		Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).permissions(permissions);
		permissions.add(PosixFilePermission.OWNER_EXECUTE);
		open(builder);
		assertThat(Files.getPosixFilePermissions(path())).doesNotContain(PosixFilePermission.OWNER_EXECUTE);
	}

	@Test
	void existingFileKeepsItsPermissions() throws IOException {
		write(new byte[10]);
		Set<PosixFilePermission> before = PosixFilePermissions.fromString("rwxr-x---");
		Files.setPosixFilePermissions(path(), before);
		open(builder(path()).options(READ_WRITE_CREATE)
			.permissions(PosixFilePermissions.fromString("rw-------"))
			.size(20));
		assertThat(Files.getPosixFilePermissions(path())).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void impossibleSizeLeavesNoFileBehind(boolean preallocate) throws IOException {
		Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).size(Long.MAX_VALUE).preallocate(preallocate);
		if (!preallocate && canBe(Long.MAX_VALUE)) {
			assertThat(open(builder).size()).isEqualTo(Long.MAX_VALUE);
			return;
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(builder::open).withMessageContaining(path().toString());
		assertThat(path()).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void impossibleSizeLeavesExistingFileAsItWas(boolean preallocate) throws IOException {
		byte[] content = random(5_000, 1);
		write(content);
		Mmap.Builder builder = builder(path()).size(Long.MAX_VALUE).preallocate(preallocate);
		if (!preallocate && canBe(Long.MAX_VALUE)) {
			Mmap file = open(builder.options(READ_WRITE_CREATE));
			assertThat(file.size()).isEqualTo(Long.MAX_VALUE);
			assertThat(readAt(file, 5_001, 0)).isEqualTo(Arrays.copyOf(content, 5_001));
			return;
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> builder.options(READ_WRITE_CREATE).open());
		assertThat(content()).isEqualTo(content);
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> builder.options(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).open());
		assertThat(content()).isEqualTo(content);
	}

	/**
	 * Whether the file behind the link was there the kernel does not tell, so it stays.
	 */
	@Test
	void impossibleSizeLeavesADanglingLinkAsItWas() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), path());
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> builder(link).options(READ_WRITE_CREATE).size(Long.MAX_VALUE).open());
		assertThat(link).isSymbolicLink();
		assertThat(path()).isEmptyFile();
	}

	@Test
	void leastSizeOverMaximumIsRefused() throws IOException {
		Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).size(101).maxSize(100);
		assertThatIllegalArgumentException().isThrownBy(builder::open);
		assertThat(path()).doesNotExist();
		write(new byte[10]);
		assertThatIllegalArgumentException().isThrownBy(builder::open);
		assertThat(content()).hasSize(10);
	}

	@Test
	void fileOverMaximumIsRefused() throws IOException {
		byte[] content = random(101, 1);
		write(content);
		Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).maxSize(100);
		assertThatExceptionOfType(IOException.class).isThrownBy(builder::open).withMessageContaining(path().toString());
		assertThat(content()).isEqualTo(content);
		assertThat(open(builder.maxSize(101)).size()).isEqualTo(101);
	}

	@Test
	void maximumHoldsForAFileThatIsEmptied() throws IOException {
		write(random(1_000, 1));
		Mmap file = open(
				builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).maxSize(100));
		assertThat(file.size()).isZero();
		assertThat(content()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatAnotherProcessGrowsWhileAFileIsCompletedStays(boolean preallocate) throws Exception {
		byte[] content = random(20_000, 1);
		for (int round = 0; round < 200; round++) {
			write(new byte[0]);
			Race.onPlatformThreads().with(() -> writeFromOutside(content, 0)).runWith(() -> {
				Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).size(10_000).preallocate(preallocate);
				try (Mmap file = builder.open()) {
					assertThat(file.size()).isGreaterThanOrEqualTo(10_000);
				}
			});
			// Zeros that were added behind it at the same time stay, too.
			assertThat(Files.size(path())).isBetween(20_000L, 30_000L);
			assertThat(content()).isEqualTo(Arrays.copyOf(content, (int) Files.size(path())));
		}
	}

	@Test
	void fileThatItsCallerSyncsIsDirty() throws IOException {
		Mmap file = open(builder(path()).options(READ_WRITE_CREATE).size(5_000).syncOnCreate(false));
		assertThat(content()).isEqualTo(new byte[5_000]);
		assertThat(file.isDirty()).isTrue();
		file.sync();
		assertThat(file.isDirty()).isFalse();
	}

}
