package dev.yammap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

import dev.yammap.Mmap;

/**
 * Opens a file for reading, reads 64 bytes and closes it: through an {@link Mmap}, and
 * through a {@link FileChannel} that maps it with a shared arena. Closing either stops
 * every thread for a moment, so the time depends on the number of threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OpenBenchmark {

	/** How many other threads there are. They only wait. */
	@Param({ "0", "500" })
	int threads;

	private final byte[] bytes = new byte[64];

	private final CountDownLatch end = new CountDownLatch(1);

	private final List<Thread> others = new ArrayList<>();

	private TemporaryFile file;

	@Setup(Level.Trial)
	public void prepare() throws IOException {
		this.file = TemporaryFile.create();
		Files.write(this.file.path(), new byte[1 << 20]);
		for (int i = 0; i < this.threads; i++) {
			this.others.add(Thread.ofPlatform().daemon().start(this::await));
		}
	}

	private void await() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@TearDown(Level.Trial)
	public void end() throws IOException, InterruptedException {
		this.end.countDown();
		for (Thread other : this.others) {
			other.join();
		}
		this.file.close();
	}

	@Benchmark
	public byte[] mmap() throws IOException {
		try (Mmap mmap = Mmap.open(this.file.path())) {
			mmap.readAt(this.bytes, 4096);
		}
		return this.bytes;
	}

	@Benchmark
	public byte[] mmapToWrite() throws IOException {
		try (Mmap mmap = Mmap.open(this.file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			mmap.readAt(this.bytes, 4096);
		}
		return this.bytes;
	}

	@Benchmark
	public byte[] fileChannel() throws IOException {
		try (Arena arena = Arena.ofShared();
				FileChannel channel = FileChannel.open(this.file.path(), StandardOpenOption.READ)) {
			MemorySegment segment = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
			MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 4096, this.bytes, 0, this.bytes.length);
		}
		return this.bytes;
	}

}
