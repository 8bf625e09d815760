package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
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
 * Appends records, without a sync, to files that are empty when an iteration begins.
 * Threads share one journal. Run it with {@code -t 1} and {@code -t 16}. With
 * {@code -Dbenchmarks.directory=/dev/shm} the speed of the disk has no influence.
 */
@State(Scope.Benchmark)
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
public class JournalAppendBenchmark {

	@Param({ "64", "1024" })
	private int length;

	private byte[] content;

	private TemporaryDirectory directory;

	private Journal journal;

	private ChronicleQueue queue;

	private FileChannel channel;

	private Mmap mmap;

	@Setup(Level.Iteration)
	public void open() throws IOException {
		this.content = new byte[this.length];
		this.directory = TemporaryDirectory.create();
		this.journal = Journal.open(this.directory.resolve("journal"));
		this.queue = SingleChronicleQueueBuilder.binary(this.directory.resolve("queue")).build();
		this.channel = FileChannel.open(this.directory.resolve("channel"), StandardOpenOption.CREATE,
				StandardOpenOption.APPEND);
		this.mmap = Mmap.open(this.directory.resolve("mmap"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

	@TearDown(Level.Iteration)
	public void close() throws IOException {
		this.journal.close();
		this.queue.close();
		this.channel.close();
		this.mmap.close();
		this.directory.close();
	}

	@Benchmark
	public long journal() throws IOException {
		return this.journal.append(this.content);
	}

	@Benchmark
	public long chronicleQueue(Appender appender) {
		appender.excerpts.writeBytes(appender.bytes);
		return appender.excerpts.lastIndexAppended();
	}

	/** One record in one write, as a user would frame it. */
	@Benchmark
	public int fileChannel(Framing framing) throws IOException {
		return this.channel.write(framing.frame(this.content));
	}

	/** Without frame and checksum. */
	@Benchmark
	public int engine() throws IOException {
		return this.mmap.write(this.content);
	}

	/** What a thread appends with. */
	@State(Scope.Thread)
	public static class Appender {

		private ExcerptAppender excerpts;

		private Bytes<?> bytes;

		@Setup(Level.Iteration)
		public void open(JournalAppendBenchmark benchmark) {
			this.excerpts = benchmark.queue.createAppender();
			this.bytes = Bytes.wrapForRead(benchmark.content);
		}

		@TearDown(Level.Iteration)
		public void close() {
			this.excerpts.close();
		}

	}

	/** What a thread frames with. */
	@State(Scope.Thread)
	public static class Framing {

		private final CRC32C crc = new CRC32C();

		private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048).order(ByteOrder.LITTLE_ENDIAN);

		private ByteBuffer frame(byte[] content) {
			this.crc.reset();
			this.crc.update(content, 0, content.length);
			return this.buffer.clear().putInt(content.length).putInt((int) this.crc.getValue()).put(content).flip();
		}

	}

}
