package dev.yammap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The end of a file under an exclusive lock is believed. Where somebody moved it although
 * the file is locked, the next sync fails.
 */
class BelievedEndTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	private static final byte[] AB = "ab".getBytes(StandardCharsets.UTF_8);

	private static final byte[] OTHERS = "others".getBytes(StandardCharsets.UTF_8);

	private final List<MappedFaultException> faults = new ArrayList<>();

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void appendTwice() throws IOException {
		write(CONTENT);
		this.file = open(appending());
		this.file.write(AB);
		this.file.write(AB);
		assertThat(this.file.offset()).isEqualTo(14);
	}

	private Mmap.Builder appending() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.APPEND)
			.lock(LockMode.EXCLUSIVE)
			.listener(new FaultListener());
	}

	@Test
	void syncFindsTheEndWhereItIsBelieved() throws IOException {
		this.file.sync();
		this.file.write(AB);
		this.file.sync();
		assertThat(this.file.size()).isEqualTo(16);
		assertThat(this.faults).isEmpty();
	}

	@Test
	void syncFailsWhereOthersWroteBetweenAppendsUntilTheFileIsTruncated() throws IOException {
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		assertThat(this.file.size()).isEqualTo(16);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync)
				.withMessageContaining("Cannot sync " + path())
				.withMessageContaining("somebody else wrote to it although it is locked");
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.sync(0, 3));
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.write(AB));
		}
		assertThat(this.faults).hasSize(6);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababothersab");
		this.file.truncate(14);
		this.file.sync();
		this.file.write(AB);
		this.file.sync();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababab");
	}

	@Test
	void appendOverwritesNothingThatOthersWroteDespiteTheLock() throws IOException {
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		this.file.write(AB);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababothersabab");
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync);
	}

	@Test
	void syncFailsWhereOthersShortenedTheFile() throws IOException {
		shortenFromOutside(5);
		this.file.write(AB);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync)
			.withMessageContaining("only 7 of 16 bytes long");
		assertThat(this.faults).hasSize(1);
		this.file.truncate(7);
		this.file.sync();
	}

	/**
	 * The file is as long as it was believed to be, but nothing of the append is left.
	 */
	@Test
	void syncFailsWhereOthersCutOffWhatWasAppendedBehindTheirs() throws IOException {
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		shortenFromOutside(18);
		for (int i = 1; i <= 2; i++) {
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync)
				.withMessageContaining("Cannot sync " + path())
				.withMessageContaining("somebody else wrote to it although it is locked");
			assertThat(this.faults).hasSize(i);
		}
		assertThatCode(this.file::close).doesNotThrowAnyException();
	}

	@Test
	void closeFailsWhereOthersCutOffWhatWasAppendedBehindTheirs() throws IOException {
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		shortenFromOutside(18);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::close)
			.withMessageContaining("Cannot confirm what was appended to");
		assertThat(this.file.isOpen()).isFalse();
		assertThat(this.faults).hasSize(1);
	}

	@Test
	void closeFailsWhereOthersMovedTheEndSinceTheLastSync() throws IOException {
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::close)
			.withMessageContaining("Cannot confirm what was appended to");
		assertThat(this.file.isOpen()).isFalse();
		assertThat(this.faults).hasSize(1);
		assertThatCode(this.file::close).doesNotThrowAnyException();
	}

	@Test
	void whatOthersAppendIsFoundByRefresh() throws IOException {
		writeFromOutside(OTHERS, 14);
		assertThat(this.file.size()).isEqualTo(14);
		assertThat(this.file.refresh()).isEqualTo(20);
		this.file.write(AB);
		this.file.sync();
		assertThat(this.file.size()).isEqualTo(22);
	}

	@Test
	void writeAtTheEndIsAnAppendToo() throws IOException {
		this.file.close();
		Mmap writing = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.lock(LockMode.EXCLUSIVE)
			.listener(new FaultListener()));
		writing.writeAt(AB, 14);
		writing.sync();
		writeFromOutside(OTHERS, 16);
		writing.writeAt(AB, 16);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789abababothersab");
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(writing::sync);
		writing.truncate(16);
		shortenFromOutside(5);
		writing.writeAt(AB, 16);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(writing::sync)
			.withMessageContaining("only 7 of 18 bytes long");
	}

	private final class FaultListener implements MmapListener {

		@Override
		public void faulted(Mmap mmap, MappedFaultException fault) {
			BelievedEndTests.this.faults.add(fault);
		}

	}

}
