package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads one record with each call, and after the last begins again with the first. The
 * journal checks each record. So does the {@code FileChannel}, which reads 64 KiB at a
 * time. The queue checks nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = { "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
		"--add-exports=java.base/sun.nio.ch=ALL-UNNAMED", "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
		"--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
		"--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
		"--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
		"--sun-misc-unsafe-memory-access=allow", "-Dchronicle.analytics.disable=true" })
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class JournalReadBenchmark {

	private static final int HEADER = 8;

	private static final int MOST = 1 << 16;

	@Param({ "64", "1024" })
	private int length;

	private final CRC32C crc = new CRC32C();

	private final ByteBuffer buffer = ByteBuffer.allocate(MOST).order(ByteOrder.LITTLE_ENDIAN).limit(0);

	private final Bytes<?> bytes = Bytes.allocateElasticOnHeap();

	private TemporaryDirectory directory;

	private Journal journal;

	private JournalReader reader;

	private ChronicleQueue queue;

	private ExcerptTailer tailer;

	private FileChannel channel;

	@Setup(Level.Trial)
	public void open() throws IOException {
		byte[] content = new byte[this.length];
		this.directory = TemporaryDirectory.create();
		this.journal = Journal.open(this.directory.resolve("journal"));
		this.queue = SingleChronicleQueueBuilder.binary(this.directory.resolve("queue")).build();
		this.channel = FileChannel.open(this.directory.resolve("channel"), StandardOpenOption.CREATE,
				StandardOpenOption.READ, StandardOpenOption.WRITE);
		this.crc.update(content, 0, content.length);
		ByteBuffer frame = ByteBuffer.allocate(HEADER + this.length).order(ByteOrder.LITTLE_ENDIAN);
		frame.putInt(this.length).putInt((int) this.crc.getValue()).put(content);
		try (ExcerptAppender appender = this.queue.createAppender()) {
			for (int i = 0; i < (100 << 20) / this.length; i++) {
				this.journal.append(content);
				appender.writeBytes(Bytes.wrapForRead(content));
				this.channel.write(frame.rewind());
			}
		}
		this.reader = this.journal.reader(0);
		this.tailer = this.queue.createTailer();
		this.channel.position(0);
	}

	@TearDown(Level.Trial)
	public void close() throws IOException {
		this.reader.close();
		this.journal.close();
		this.tailer.close();
		this.queue.close();
		this.channel.close();
		this.directory.close();
	}

	@Benchmark
	public int journal() throws IOException {
		if (!this.reader.next()) {
			this.reader.close();
			this.reader = this.journal.reader(0);
			this.reader.next();
		}
		return this.reader.record().length();
	}

	@Benchmark
	public long chronicleQueue() {
		this.bytes.clear();
		if (!this.tailer.readBytes(this.bytes)) {
			this.tailer.toStart();
			this.tailer.readBytes(this.bytes);
		}
		return this.bytes.readRemaining();
	}

	@Benchmark
	public int fileChannel() throws IOException {
		int framed = HEADER + this.length;
		if (this.buffer.remaining() < framed) {
			this.buffer.compact();
			if (this.channel.read(this.buffer) < 0) {
				this.channel.position(0);
				this.channel.read(this.buffer.clear());
			}
			this.buffer.flip();
		}
		int count = this.buffer.getInt();
		int expected = this.buffer.getInt();
		this.crc.reset();
		this.crc.update(this.buffer.array(), this.buffer.position(), count);
		if ((int) this.crc.getValue() != expected) {
			throw new IOException("Not the checksum");
		}
		this.buffer.position(this.buffer.position() + count);
		return count;
	}

}
