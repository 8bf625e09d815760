package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a file was last modified, as backups and deployments believe. The kernel says it
 * when a page is written to that was clean, and is silent as long as that page is dirty:
 * so each test writes, has the time forgotten, and writes once more.
 */
class ModificationTimeTests extends AbstractMmapTests {

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

	private Instant start = Instant.EPOCH;

	@BeforeEach
	void setUpTime() {
		// The clock of files moves on every 10 ms at the most.
		this.start = Instant.now().minus(Duration.ofSeconds(1));
	}

	/** Opens a file whose first page is dirty, and its time forgotten. */
	private Mmap openDirty() throws IOException {
		Mmap file = openReadWrite(new byte[20_000]);
		file.writeAt(new byte[] { 1 }, 0);
		forget(path());
		return file;
	}

	private static void forget(Path path) throws IOException {
		Files.setLastModifiedTime(path, LONG_AGO);
	}

	private void assertModified() throws IOException {
		assertThat(Files.getLastModifiedTime(path()).toInstant()).isAfterOrEqualTo(this.start);
	}

	private void assertForgotten() throws IOException {
		assertThat(Files.getLastModifiedTime(path())).isEqualTo(LONG_AGO);
	}

	@ParameterizedTest
	@EnumSource(Write.class)
	void timeIsThatOfTheLastWriteAfterASync(Write write) throws IOException {
		Mmap file = openDirty();
		write.to(file);
		file.sync();
		assertModified();
	}

	@ParameterizedTest
	@EnumSource(Write.class)
	void timeIsThatOfTheLastWriteAfterASyncOfARange(Write write) throws IOException {
		Mmap file = openDirty();
		write.to(file);
		file.sync(0, 1);
		assertModified();
	}

	@ParameterizedTest
	@EnumSource(Write.class)
	void timeIsThatOfTheLastWriteAfterTheEnd(Write write) throws IOException {
		Mmap file = openDirty();
		write.to(file);
		file.close();
		assertModified();
	}

	@Test
	void writesAfterASyncOfARangeCountToo() throws IOException {
		Mmap file = openDirty();
		file.sync(8_192, 1);
		forget(path());
		file.writeAt(new byte[] { 2 }, 0);
		file.close();
		assertModified();
	}

	@Test
	void fileThatNobodyWroteToKeepsItsTime() throws IOException {
		write(new byte[20_000]);
		forget(path());
		openPrivate().readAt(new byte[100], 0);
		for (Mmap file : new Mmap[] { openReadWrite(), openAppend(), open(path()) }) {
			file.readAt(new byte[100], 0);
			file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8);
			if (file.isWritable()) {
				file.truncate(20_000);
				file.channel().truncate(30_000);
			}
			file.sync();
			file.sync(0, 10);
			file.sync();
		}
		assertForgotten();
		closeFiles();
		assertForgotten();
	}

	@Test
	void fileThatNobodyWroteToSinceItsLastSyncKeepsItsTime() throws IOException {
		Mmap file = openDirty();
		file.sync();
		forget(path());
		file.sync();
		file.sync(0, 10);
		file.close();
		assertForgotten();
	}

	@Test
	void timeThatManySyncsLeftToEachOtherIsSetAtTheEnd() throws IOException {
		Mmap file = openDirty();
		for (int i = 0; i < 100; i++) {
			file.writeAt(new byte[] { 2 }, 0);
			file.sync(8_192, 1);
		}
		forget(path());
		file.writeAt(new byte[] { 3 }, 0);
		file.sync(8_192, 1);
		file.close();
		assertModified();
	}

	@Test
	void whatIsWrittenToMemoryAloneLeavesTheFileItsTime() throws IOException {
		write(new byte[20_000]);
		forget(path());
		Mmap file = openPrivate();
		file.writeAt(new byte[] { 1 }, 0);
		file.close();
		assertForgotten();
	}

	@Test
	void anotherFileInItsPlaceKeepsItsTime() throws IOException {
		Mmap file = openDirty();
		Files.move(path(), this.directory.resolve("elsewhere"));
		write(new byte[1]);
		forget(path());
		file.writeAt(new byte[] { 2 }, 0);
		file.sync();
		file.close();
		assertForgotten();
	}

	/** The ways to write in place. */
	enum Write {

		ARRAY {
			@Override
			void to(Mmap file) throws IOException {
				file.writeAt(new byte[] { 2 }, 0);
			}
		},

		CURSOR {
			@Override
			void to(Mmap file) throws IOException {
				file.write(new byte[] { 2 });
			}
		},

		CHANNEL {
			@Override
			void to(Mmap file) throws IOException {
				file.channel().write(ByteBuffer.allocate(1));
			}
		},

		VALUE {
			@Override
			void to(Mmap file) {
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 2);
			}
		},

		UPDATE {
			@Override
			void to(Mmap file) {
				file.atomics().getAndAddLong(0, 2);
			}
		},

		ACCESS {
			@Override
			void to(Mmap file) throws IOException {
				file.accessLong(0, 8, (view) -> view.fill((byte) 1).byteSize());
			}
		},

		VIEW {
			@Override
			void to(Mmap file) {
				file.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
			}
		};

		abstract void to(Mmap file) throws IOException;

	}

}
