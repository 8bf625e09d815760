package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Appends without a lock, while others change the file between them: each learns where it
 * went.
 */
class AppendBesideOthersTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	private static final byte[] AB = "ab".getBytes(StandardCharsets.UTF_8);

	private static final byte[] OTHERS = "others".getBytes(StandardCharsets.UTF_8);

	private final List<MappedFaultException> faults = new ArrayList<>();

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@SuppressWarnings("NullAway.Init")
	private FileChannel channel;

	@BeforeEach
	void appendBetweenOthers() throws IOException {
		write(CONTENT);
		this.file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.APPEND)
			.listener(new FaultListener()));
		this.channel = this.file.channel();
		this.file.write(AB);
		this.file.write(AB);
		writeFromOutside(OTHERS, 14);
		this.file.write(AB);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababothersab");
	}

	@Test
	void sizeIsTheTrueOne() {
		assertThat(this.file.size()).isEqualTo(22);
	}

	@Test
	void offsetIsBehindWhatWasWritten() throws IOException {
		writeFromOutside(OTHERS, 22);
		assertThat(this.file.offset()).isEqualTo(22);
		assertThat(this.file.size()).isEqualTo(22);
		assertThat(this.file.refresh()).isEqualTo(28);
		assertThat(this.file.offset()).isEqualTo(22);
	}

	@Test
	void readAtSeesAll() {
		assertThat(readAt(this.file, 100, 0)).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababothersab");
	}

	@Test
	void readAtBehindTheForeseenEndSeesAll() {
		assertThat(readAt(this.file, 100, 20)).isEqualTo(AB);
	}

	@Test
	void readAtCountsWhatThereIs() {
		assertThat(readAt(this.file, 100, 15)).asString(StandardCharsets.UTF_8).isEqualTo("thersab");
	}

	@Test
	void readBeginsBehindWhatWasWritten() throws IOException {
		byte[] dst = new byte[10];
		assertThat(this.file.read(dst)).isEqualTo(-1);
		writeFromOutside(OTHERS, 22);
		assertThat(this.file.read(dst)).isEqualTo(6);
		assertThat(this.file.offset()).isEqualTo(28);
	}

	@Test
	void valuesAndViewsReachAll() throws IOException {
		assertThat(this.file.get(ValueLayout.JAVA_BYTE, 21)).isEqualTo((byte) 'b');
		assertThat(this.file.segment().byteSize()).isEqualTo(22);
	}

	@Test
	void partsReachAll() throws IOException {
		assertThat(this.file.segment(20, 2).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(AB);
		assertThat(this.file.accessLong(20, 2, (view) -> view.byteSize())).isEqualTo(2);
	}

	@Test
	void placeBehindTheTrueEndIsRefused() {
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> this.file.get(ValueLayout.JAVA_BYTE, 22))
			.withMessageContaining("22 bytes");
	}

	@Test
	void seekFromTheCursorBeginsBehindWhatWasWritten() throws IOException {
		assertThat(this.file.seek(-2, Whence.CURRENT)).isEqualTo(20);
		byte[] dst = new byte[10];
		assertThat(this.file.read(dst)).isEqualTo(2);
		assertThat(this.file.offset()).isEqualTo(22);
	}

	@Test
	void seekStaysWhereItWent() throws IOException {
		assertThat(this.file.seek(3, Whence.START)).isEqualTo(3);
		assertThat(this.file.size()).isEqualTo(22);
		assertThat(this.file.offset()).isEqualTo(3);
		this.file.write(AB);
		assertThat(this.file.offset()).isEqualTo(24);
	}

	@Test
	void cursorsOfOneFileEachKnowTheirOwnAppend() throws IOException {
		writeFromOutside(OTHERS, 22);
		this.channel.write(ByteBuffer.wrap(AB));
		this.channel.write(ByteBuffer.wrap(AB));
		writeFromOutside(OTHERS, 32);
		this.file.write(CONTENT);
		assertThat(this.channel.position()).isEqualTo(32);
		assertThat(this.file.offset()).isEqualTo(48);
		assertThat(this.file.size()).isEqualTo(48);
	}

	@Test
	void positionOfAChannelStaysWhereItWasMoved() throws IOException {
		this.channel.write(ByteBuffer.wrap(AB));
		this.channel.write(ByteBuffer.wrap(AB));
		writeFromOutside(OTHERS, 26);
		this.channel.write(ByteBuffer.wrap(AB));
		this.channel.position(5);
		assertThat(this.file.size()).isEqualTo(34);
		assertThat(this.channel.position()).isEqualTo(5);
	}

	@Test
	void sizeIsKnownAfterClose() throws IOException {
		this.file.close();
		assertThat(this.file.size()).isEqualTo(22);
		assertThat(this.file.offset()).isEqualTo(22);
	}

	@Test
	void truncateCountsFromTheTrueEnd() throws IOException {
		this.file.truncate(21);
		assertThat(this.file.size()).isEqualTo(21);
		assertThat(this.file.offset()).isEqualTo(22);
		this.file.write(AB);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ababothersaab");
		assertThat(this.file.offset()).isEqualTo(23);
	}

	@Test
	void maximumSizeCountsWhatOthersAppend() throws IOException {
		Mmap limited = open(builder(path()).options(StandardOpenOption.APPEND).maxSize(34));
		limited.write(AB);
		limited.write(AB);
		writeFromOutside(OTHERS, 26);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> limited.write(new byte[3]))
			.withMessageContaining("34 bytes");
		assertThat(limited.size()).isEqualTo(32);
		limited.write(AB);
		assertThat(limited.offset()).isEqualTo(34);
		assertThat(content()).hasSize(34);
	}

	@Test
	void syncOfAFileThatAnotherShortenedFailsUntilItIsTruncated() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync)
				.withMessageContaining("Cannot sync")
				.withMessageContaining(path().toString())
				.withMessageContaining("somebody else shortened it");
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.sync(0, 3));
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.write(AB));
			assertThat(this.file.size()).isEqualTo(22);
		}
		assertThat(this.faults).hasSize(7);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234ab");
		this.file.truncate(7);
		this.file.sync();
		this.file.write(AB);
		assertThat(this.file.offset()).isEqualTo(9);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234abab");
	}

	@Test
	void shorteningIsNotForgottenIfOthersMakeTheFileLongAgain() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		assertThat(this.file.size()).isEqualTo(22);
		writeFromOutside(new byte[1000], 7);
		assertThat(this.file.refresh()).isEqualTo(1007);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.write(AB));
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync);
		assertThat(content()).hasSize(1007);
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 15 })
	void appendToAFileThatAnotherShortenedFailsAndNoneAfterItWritesAnything(int size) throws IOException {
		shortenFromOutside(size);
		assertCutOff(size);
		assertThat(this.faults).hasSize(1);
		byte[] content = content();
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.write(AB));
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void firstAppendToAFileThatAnotherShortenedFails() throws IOException {
		Mmap other = openAppend();
		shortenFromOutside(21);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> other.write(AB))
			.withMessageContaining("only 21 of 22 bytes")
			.withMessageContaining("2 bytes at offset 21 were written");
		assertThat(content()).hasSize(23).endsWith(AB);
	}

	@Test
	void shortenedFileIsMendedAlsoByATruncateThatMakesItLonger() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(this.file::sync);
		this.file.truncate(30);
		this.file.sync();
		this.file.write(AB);
		assertThat(this.file.size()).isEqualTo(32);
	}

	@Test
	void appendThatTheMaximumSizeRefusesLeavesTheCursorBehindTheLastOne() throws IOException {
		Mmap limited = open(builder(path()).options(StandardOpenOption.APPEND).maxSize(34));
		limited.write(AB);
		limited.write(AB);
		writeFromOutside(OTHERS, 26);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> limited.write(new byte[3]));
		assertThat(limited.offset()).isEqualTo(26);
	}

	private void assertCutOff(int size) {
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.file.write(AB))
			.withMessageContaining("somebody else shortened it")
			.withMessageContaining("2 bytes at offset " + size + " were written");
	}

	@Test
	void anotherCursorDoesNotAppendToAFileThatWasShortened() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> this.channel.write(ByteBuffer.wrap(AB)));
		assertThat(content()).hasSize(7);
	}

	@Test
	void shortenedFileCanBeReadAndSoughtInAllTheSame() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		assertThat(this.file.offset()).isEqualTo(22);
		this.file.seek(1, Whence.START);
		assertThat(this.file.read(new byte[4])).isEqualTo(4);
		assertThat(this.file.offset()).isEqualTo(5);
		this.file.truncate(3);
		assertThat(this.file.offset()).isEqualTo(5);
	}

	@Test
	void closeNeedNotTellAgainThatAnotherShortenedTheFile() throws IOException {
		shortenFromOutside(5);
		assertCutOff(5);
		assertThatCode(this.file::close).doesNotThrowAnyException();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234ab");
	}

	private final class FaultListener implements MmapListener {

		@Override
		public void faulted(Mmap mmap, MappedFaultException fault) {
			AppendBesideOthersTests.this.faults.add(fault);
		}

	}

}
