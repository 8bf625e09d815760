package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Calls with a buffer whose memory is not there: the fault of the buffer, not of the
 * file.
 */
class BufferTests extends AbstractMmapTests {

	private static final int LENGTH = 100;

	/** A call that is given a buffer. */
	enum Use {

		READ_AT {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.readAt(buffer, 10);
			}
		},

		READ_AT_END {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.readAt(buffer, SOME_PAGES - 10);
			}
		},

		READ {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.read(buffer);
			}
		},

		WRITE_AT {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.writeAt(buffer, 10);
			}
		},

		WRITE_AT_END {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.writeAt(buffer, SOME_PAGES - 10);
			}
		},

		WRITE {
			@Override
			void of(Mmap file, ByteBuffer buffer) throws IOException {
				file.write(buffer);
			}
		};

		abstract void of(Mmap file, ByteBuffer buffer) throws IOException;

	}

	@ParameterizedTest
	@EnumSource
	void bufferWhoseArenaIsClosedChangesNothing(Use use) throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(content);
		ByteBuffer buffer;
		try (Arena arena = Arena.ofShared()) {
			buffer = arena.allocate(LENGTH).asByteBuffer();
		}
		assertThatIllegalStateException().isThrownBy(() -> use.of(file, buffer)).withMessage("Already closed");
		assertThat(buffer.position()).isZero();
		assertThat(file.offset()).isZero();
		assertThat(file.isOpen()).isTrue();
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void viewWhosePageIsGoneIsNotAppended() throws IOException {
		byte[] content = random(LENGTH, 1);
		Mmap file = openReadWrite(content);
		Path other = Files.write(this.directory.resolve("other"), random(SOME_PAGES, 2));
		Mmap source = open(other, StandardOpenOption.READ);
		ByteBuffer view = source.segment(0, LENGTH).asByteBuffer();
		Files.write(other, new byte[0]);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(view, LENGTH))
			.isNotInstanceOf(MappedFaultException.class)
			.withMessageContaining("view of a mapping")
			.withMessageContaining("Nothing was written");
		assertThat(file.size()).isEqualTo(LENGTH);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void exceptionsSayWhichOptionIsMissing() throws IOException {
		write(random(LENGTH, 1));
		Mmap reading = open(path(), StandardOpenOption.READ);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reading.writeAt(new byte[1], 0))
			.withMessage(path() + " was not opened for writing; add the option WRITE");
		Mmap writing = open(path(), StandardOpenOption.WRITE);
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writing.readAt(new byte[1], 0))
			.withMessage(path() + " was not opened for reading; add the option READ");
		Mmap appending = open(path(), StandardOpenOption.APPEND);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> appending.writeAt(new byte[1], 0))
			.withMessage(path() + " was opened for appending: use append or write, which go to its end");
	}

}
