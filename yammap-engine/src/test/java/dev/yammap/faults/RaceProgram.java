package dev.yammap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that reads while somebody else shortens and lengthens the file without pause.
 * Each read must bring what was in the file at some time, or fail. Argument: a directory.
 */
final class RaceProgram {

	private static final int FAULTS = 5_000;

	private static final int CHANGES = 1_000;

	private static final int READS = 4_000;

	private final Mmap file;

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final AtomicInteger faults = new AtomicInteger();

	private RaceProgram(Mmap file) {
		this.file = file;
	}

	public static void main(String[] arguments) throws Exception {
		try (ShortenedFile pages = new ShortenedFile(Path.of(arguments[0]));
				Mmap file = Mmap.open(pages.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
				ExecutorService threads = Executors.newFixedThreadPool(2)) {
			new RaceProgram(file).run(pages, threads);
		}
	}

	private void run(ShortenedFile pages, ExecutorService threads) throws Exception {
		List<Future<?>> readers = new ArrayList<>();
		readers.add(threads.submit(() -> repeat(this::readLongs)));
		readers.add(threads.submit(() -> repeat(this::readBytes)));
		try {
			for (int i = 0; i < CHANGES
					|| (this.faults.get() < FAULTS && readers.stream().noneMatch(Future::isDone)); i++) {
				pages.spoil();
				pages.lengthen();
			}
		}
		finally {
			this.stopped.set(true);
		}
		for (Future<?> reader : readers) {
			reader.get();
		}
	}

	private void repeat(Runnable reads) {
		while (!this.stopped.get()) {
			reads.run();
		}
	}

	private void readLongs() {
		long[] values = new long[READS];
		int[] lastRead = new int[1];
		int faulted = 0;
		for (int i = 0; i < READS; i++) {
			faulted += readLong(values, i, lastRead);
		}
		this.faults.addAndGet(faulted);
		for (long value : values) {
			check(value == 0 || value == Probe.LONG_FILL, value);
		}
	}

	private int readLong(long[] values, int i, int[] lastRead) {
		try {
			values[i] = this.file.get(ValueLayout.JAVA_LONG_UNALIGNED, BadPages.HALF + (long) i * Long.BYTES);
			lastRead[0] = i;
			return 0;
		}
		catch (UncheckedIOException ex) {
			check(ex.getCause() instanceof MappedFaultException, i);
			return 1;
		}
	}

	private void readBytes() {
		byte[] bytes = new byte[64];
		for (int i = 0; i < READS / 10; i++) {
			try {
				this.file.readAt(bytes, BadPages.HALF + (long) i * bytes.length);
				for (byte value : bytes) {
					check(value == 0 || value == Probe.FILL, value);
				}
			}
			catch (MappedFaultException ex) {
				this.faults.incrementAndGet();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void check(boolean holds, long value) {
		if (!holds) {
			throw new IllegalStateException("A read returned " + Long.toHexString(value));
		}
	}

}
