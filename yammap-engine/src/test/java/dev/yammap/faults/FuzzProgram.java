package dev.yammap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that does everything to a file which others, and it itself, truncate and grow
 * without pause. Every byte of the file is 0 or {@link Probe#FILL} at any time: so must
 * be whatever a call returns, unless it fails with what it may fail with. Left out are
 * atomic updates, which a file that is shortened meanwhile may end the virtual machine
 * in. Arguments: a directory, how many seconds at least.
 */
final class FuzzProgram {

	private static final int WORKERS = 3;

	private static final int LEAST_CALLS = 1_000;

	private static final int LEAST_FAULTS = 100;

	private static final List<Operation> OPERATIONS = Stream.of(Operation.values())
		.filter((operation) -> !operation.isUpdate() && !operation.isPicky())
		.filter((operation) -> FuzzProgram.class.getModule().isNativeAccessEnabled() || !operation.isAdvice())
		.toList();

	private final Mmap file;

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final CountDownLatch failed = new CountDownLatch(1);

	private final AtomicLong calls = new AtomicLong();

	private final AtomicLong faults = new AtomicLong();

	private FuzzProgram(Mmap file) {
		this.file = file;
	}

	public static void main(String[] arguments) throws Exception {
		try (ShortenedFile pages = new ShortenedFile(Path.of(arguments[0]));
				FileChannel outside = FileChannel.open(pages.file(), StandardOpenOption.WRITE);
				Mmap file = Mmap.open(pages.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
				ExecutorService threads = Executors.newFixedThreadPool(WORKERS + 1)) {
			new FuzzProgram(file).run(outside, threads, Long.parseLong(arguments[1]));
		}
	}

	private void run(FileChannel outside, ExecutorService threads, long seconds) throws Exception {
		List<Future<Void>> running = new ArrayList<>();
		running.add(threads.submit(repeated(() -> resize(outside))));
		for (int seed = 1; seed <= WORKERS; seed++) {
			Random random = new Random(seed);
			Probe probe = new Probe(this.file);
			running.add(threads.submit(repeated(() -> act(probe, random))));
		}
		boolean failed = this.failed.await(seconds, TimeUnit.SECONDS);
		while (!failed && (this.calls.get() < LEAST_CALLS || this.faults.get() < LEAST_FAULTS)) {
			failed = this.failed.await(1, TimeUnit.SECONDS);
		}
		this.stopped.set(true);
		for (Future<Void> task : running) {
			task.get();
		}
		check(!failed && this.file.isOpen(), "The file is closed");
	}

	private Callable<Void> repeated(Action action) {
		return () -> {
			try {
				while (!this.stopped.get()) {
					action.run();
				}
				return null;
			}
			catch (Throwable ex) {
				this.failed.countDown();
				throw ex;
			}
		};
	}

	/** As another process would. */
	private void resize(FileChannel outside) throws IOException {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		outside.truncate(BadPages.HALF + random.nextInt((int) BadPages.HALF));
		byte[] bytes = Probe.filled(1 + random.nextInt(100_000));
		outside.write(ByteBuffer.wrap(bytes), BadPages.SIZE - bytes.length);
	}

	private void act(Probe probe, Random random) throws IOException {
		if (random.nextInt(200) == 0) {
			this.file.truncate(BadPages.HALF + random.nextInt((int) BadPages.HALF));
			this.file.truncate(BadPages.SIZE);
		}
		call(probe, OPERATIONS.get(random.nextInt(OPERATIONS.size())), random);
	}

	private void call(Probe probe, Operation operation, Random random) throws IOException {
		long offset = BadPages.HALF + 64 + random.nextInt((int) BadPages.HALF - Probe.LARGE - 128) / 8 * 8L;
		Arrays.fill(probe.target, Probe.FILL);
		this.calls.incrementAndGet();
		try {
			operation.call(probe, offset);
		}
		catch (MappedFaultException ex) {
			this.faults.incrementAndGet();
			return;
		}
		catch (UncheckedIOException ex) {
			check(ex.getCause() instanceof MappedFaultException, operation + " threw " + ex);
			this.faults.incrementAndGet();
			return;
		}
		catch (IndexOutOfBoundsException ex) {
			// Somebody here has just shortened the file.
			return;
		}
		catch (IOException ex) {
			check(String.valueOf(ex.getMessage()).contains("past the end"), operation + " threw " + ex);
			return;
		}
		checkResult(probe, operation);
	}

	private static void checkResult(Probe probe, Operation operation) {
		long value = probe.value();
		if (operation.isLoad()) {
			for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
				checkByte((byte) (value >>> shift), operation);
			}
		}
		for (byte read : probe.target) {
			checkByte(read, operation);
		}
	}

	private static void checkByte(byte value, Operation operation) {
		check(value == 0 || value == Probe.FILL, operation + " returned " + value);
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	/** What is done again and again. */
	private interface Action {

		void run() throws IOException;

	}

}
