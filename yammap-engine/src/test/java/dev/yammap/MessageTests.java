package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that exceptions name their file, and in a form that can be printed: a name may
 * hold commands to the terminal that shows the log.
 */
class MessageTests extends AbstractMmapTests {

	private static final String RAW = "red\u001b[31m\nfile";

	private static final String PRINTED = "red\\u001b[31m\\u000afile";

	@Override
	Path path() {
		return this.directory.resolve(RAW);
	}

	@BeforeEach
	void createFile() throws IOException {
		Files.write(path(), new byte[SOME_PAGES]);
	}

	private Mmap open(OpenOption... options) throws IOException {
		return open(path(), options);
	}

	private static void assertNamed(ThrowingCallable call, String... parts) {
		Throwable failure = catchThrowable(call);
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).contains(PRINTED).doesNotContain(RAW).contains(parts);
	}

	@Test
	void placeThatIsRefusedIsNamedWithItsFile() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
		assertNamed(() -> file.get(ValueLayout.JAVA_LONG, 13), "8 bytes at offset 13");
		assertNamed(() -> file.set(ValueLayout.JAVA_INT, 13, 1), "4 bytes at offset 13");
		assertNamed(() -> file.get(ValueLayout.JAVA_BYTE, SOME_PAGES), "Offset " + SOME_PAGES);
		assertNamed(() -> file.sync(1, SOME_PAGES), "Offset 1, " + SOME_PAGES + " bytes");
		assertNamed(() -> file.seek(-1, Whence.START), "-1 from START");
	}

	@Test
	void whatTheOptionsForbidIsNamedWithTheFile() throws IOException {
		assertNamed(() -> open(StandardOpenOption.WRITE).readAt(new byte[1], 0), "READ");
		assertNamed(() -> open().write(new byte[1]), "WRITE");
		assertNamed(() -> open(StandardOpenOption.APPEND).writeAt(new byte[1], 0), "append");
		assertNamed(() -> open(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), "Cannot open");
		assertNamed(() -> open(StandardOpenOption.CREATE_NEW), "CREATE_NEW needs WRITE");
		Mmap limited = open(builder(path()).options(StandardOpenOption.WRITE).maxSize(SOME_PAGES));
		assertNamed(() -> limited.append(new byte[3]), "3 bytes at offset " + SOME_PAGES);
		assertNamed(() -> builder(path()).maxSize(1).open(), "maximum size is 1 bytes");
		Mmap ofPrivate = openPrivate();
		assertNamed(() -> ofPrivate.truncate(0), "truncate", "MapMode.SHARED");
		assertNamed(ofPrivate::sync, "sync", "MapMode.SHARED");
		assertNamed(() -> ofPrivate.advise(Advice.DONT_NEED), "advise DONT_NEED");
	}

	@Test
	void faultIsNamedWithItsFile() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
		ByteBuffer view = file.segment().asByteBuffer();
		Mmap other = create("other");
		shortenFromOutside(10);
		assertNamed(() -> file.readAt(new byte[7], 150_000), "offset 150000", "7 bytes", "only 10 of " + SOME_PAGES);
		assertNamed(() -> file.write(new byte[SOME_PAGES + 1]), "only 10 of " + SOME_PAGES);
		assertNamed(() -> other.append(view), "Cannot write " + SOME_PAGES + " bytes", "other", "Nothing was written");
	}

	private Mmap create(String name) throws IOException {
		return open(builder(this.directory.resolve(RAW + name)).options(StandardOpenOption.WRITE,
				StandardOpenOption.CREATE));
	}

	@Test
	void fileIsPrintedWithoutCommands() throws IOException {
		Mmap file = open();
		FileChannel channel = file.channel();
		assertThat(List.of(file.toString(), channel.toString())).allMatch((text) -> text.contains(PRINTED));
		file.close();
		assertNamed(() -> file.get(ValueLayout.JAVA_BYTE, 0), "closed");
		assertNamed(file::segment, "closed");
	}

}
