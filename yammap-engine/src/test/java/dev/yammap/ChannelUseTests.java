package dev.yammap;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Channels under what the JDK builds on channels, and under readers that seek.
 */
class ChannelUseTests extends AbstractMmapTests {

	private static final byte[] CONTENT = random(SOME_PAGES, 3);

	private static final int LOCAL_HEADER = 30;

	private static final int CENTRAL_HEADER = 46;

	private static final int END_RECORD = 22;

	@Test
	void inputStreamReadsTheWholeFile() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		try (InputStream stream = Channels.newInputStream(file.channel())) {
			assertThat(stream.available()).isEqualTo(SOME_PAGES);
			assertThat(stream.skip(10)).isEqualTo(10);
			assertThat(stream.read()).isEqualTo(CONTENT[10] & 0xFF);
			assertThat(concat(readAt(file, 11, 0), stream.readAllBytes())).isEqualTo(CONTENT);
			assertThat(stream.read()).isEqualTo(-1);
		}
		assertThat(file.isOpen()).isTrue();
		ByteArrayOutputStream copy = new ByteArrayOutputStream();
		Channels.newInputStream(file.channel()).transferTo(copy);
		assertThat(copy.toByteArray()).isEqualTo(CONTENT);
		assertThat(file.offset()).isZero();
	}

	@Test
	void outputStreamWritesAndAppends() throws IOException {
		try (Mmap file = openReadWrite(); OutputStream stream = Channels.newOutputStream(file.channel())) {
			stream.write(CONTENT);
			stream.write('x');
		}
		try (OutputStream stream = Channels.newOutputStream(openAppend().channel())) {
			stream.write('y');
		}
		assertThat(content()).isEqualTo(concat(CONTENT, new byte[] { 'x', 'y' }));
	}

	@Test
	void readerAndWriterDecodeAndEncode() throws IOException {
		List<String> lines = IntStream.range(0, 5_000).mapToObj((i) -> i + " größer €").toList();
		Mmap file = openReadWrite();
		try (Writer writer = Channels.newWriter(file.channel(), StandardCharsets.UTF_8)) {
			for (String line : lines) {
				writer.write(line + "\n");
			}
		}
		assertThat(Files.readAllLines(path())).isEqualTo(lines);
		try (Reader reader = Channels.newReader(file.channel(), StandardCharsets.UTF_8)) {
			assertThat(new BufferedReader(reader).lines().toList()).isEqualTo(lines);
		}
	}

	@Test
	void filesAreCopiedFromAndTo() throws IOException {
		Path copy = this.directory.resolve("copy.dat");
		Mmap file = openReadWrite(CONTENT);
		assertThat(Files.copy(Channels.newInputStream(file.channel()), copy)).isEqualTo(SOME_PAGES);
		assertThat(Files.readAllBytes(copy)).isEqualTo(CONTENT);
		file.truncate(0);
		assertThat(Files.copy(copy, Channels.newOutputStream(file.channel()))).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(CONTENT);
		Path second = this.directory.resolve("second.dat");
		try (SeekableByteChannel target = Files.newByteChannel(second, StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			copy(file.channel(), target);
		}
		assertThat(Files.readAllBytes(second)).isEqualTo(CONTENT);
		try (SeekableByteChannel source = Files.newByteChannel(second)) {
			copy(source, file.channel().position(SOME_PAGES));
		}
		assertThat(content()).isEqualTo(concat(CONTENT, CONTENT));
	}

	/** The usual loop. */
	private static void copy(ReadableByteChannel source, WritableByteChannel target) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
		while (source.read(buffer) != -1) {
			buffer.flip();
			target.write(buffer);
			buffer.compact();
		}
		assertThat(buffer.position()).isZero();
	}

	@Test
	void zipFileIsWrittenAndReadAsAStream() throws IOException {
		Mmap file = openReadWrite();
		Map<String, byte[]> entries = writeZip(file);
		Map<String, byte[]> read = new LinkedHashMap<>();
		try (ZipInputStream zip = new ZipInputStream(Channels.newInputStream(file.channel()))) {
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				read.put(entry.getName(), zip.readAllBytes());
			}
		}
		assertSame(read, entries);
	}

	/** As jdk.zipfs and java.util.zip.ZipFile do, both of which open files themselves. */
	@Test
	void zipFileIsReadFromItsCentralDirectory() throws IOException {
		Mmap file = openReadWrite();
		Map<String, byte[]> entries = writeZip(file);
		Map<String, byte[]> read = new LinkedHashMap<>();
		try (SeekableByteChannel channel = file.channel()) {
			ByteBuffer end = read(channel, channel.size() - END_RECORD, END_RECORD);
			long position = end.getInt(16);
			for (int i = 0; i < end.getShort(10); i++) {
				ByteBuffer header = read(channel, position, CENTRAL_HEADER);
				ByteBuffer name = read(channel, position + CENTRAL_HEADER, header.getShort(28));
				read.put(StandardCharsets.UTF_8.decode(name).toString(),
						inflate(channel, header.getInt(42), header.getInt(20)));
				position += CENTRAL_HEADER + header.getShort(28) + header.getShort(30) + header.getShort(32);
			}
		}
		assertSame(read, entries);
	}

	private static byte[] inflate(SeekableByteChannel channel, long position, int length) throws IOException {
		ByteBuffer header = read(channel, position, LOCAL_HEADER);
		byte[] bytes = read(channel, position + LOCAL_HEADER + header.getShort(26) + header.getShort(28), length)
			.array();
		try (Inflater inflater = new Inflater(true);
				InputStream stream = new InflaterInputStream(new ByteArrayInputStream(bytes), inflater)) {
			return stream.readAllBytes();
		}
	}

	private static ByteBuffer read(SeekableByteChannel channel, long position, int length) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
		channel.position(position);
		assertThat(channel.read(bytes)).isEqualTo(length);
		assertThat(channel.position()).isEqualTo(position + length);
		return bytes.flip();
	}

	private static Map<String, byte[]> writeZip(Mmap file) throws IOException {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		try (ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(file.channel()))) {
			for (int i = 0; i < 20; i++) {
				byte[] bytes = concat(random(i * 500, i), new byte[i * 1_000]);
				entries.put("entry-" + i, bytes);
				zip.putNextEntry(new ZipEntry("entry-" + i));
				zip.write(bytes);
				zip.closeEntry();
			}
		}
		return entries;
	}

	private static void assertSame(Map<String, byte[]> actual, Map<String, byte[]> expected) {
		assertThat(new ArrayList<>(actual.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
		expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
	}

}
