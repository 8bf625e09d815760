package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.Mmap;

/**
 * A program that updates values all over a file while it cuts most of the file off, and
 * punches holes into the rest, without pause. What is never cut off must be counted right
 * in the end. Arguments: a directory, how often to cut.
 */
final class UpdatingProgram {

	private static final int THREADS = 3;

	private static final int PAGE = 4096;

	private static final int SIZE = 16 * PAGE;

	/** Whose updates are counted; the hole begins behind them. */
	private static final int COUNTED = PAGE;

	private final Mmap file;

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final CountDownLatch begun = new CountDownLatch(THREADS);

	private UpdatingProgram(Mmap file) {
		this.file = file;
	}

	public static void main(String[] arguments) throws Exception {
		Path path = Path.of(arguments[0], "updated.dat");
		try (Mmap file = Mmap.create(path, SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE);
				ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
			new UpdatingProgram(file).run(threads, Integer.parseInt(arguments[1]));
		}
	}

	private void run(ExecutorService threads, int cuts) throws Exception {
		List<Future<Long>> counts = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Random places = new Random(i);
			counts.add(threads.submit(() -> updateUntilStopped(places)));
		}
		try {
			this.begun.await();
			for (int i = 0; i < cuts; i++) {
				cut();
			}
		}
		finally {
			this.stopped.set(true);
		}
		long counted = 0;
		for (Future<Long> count : counts) {
			counted += count.get();
		}
		long found = 0;
		for (int offset = 0; offset < COUNTED; offset += Long.BYTES) {
			found += this.file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
		}
		if (found != counted) {
			throw new IllegalStateException("There are " + found + " of " + counted + " updates");
		}
	}

	private void cut() throws IOException {
		this.file.truncate(2 * PAGE);
		if (UpdatingProgram.class.getModule().isNativeAccessEnabled()) {
			this.file.punchHole(COUNTED, PAGE);
		}
		this.file.truncate(SIZE);
	}

	private long updateUntilStopped(Random places) {
		this.file.atomics().getAndAddLong(0, 1);
		this.begun.countDown();
		long counted = 1;
		while (!this.stopped.get()) {
			int offset = places.nextInt(SIZE / Long.BYTES) * Long.BYTES;
			if (offset < COUNTED) {
				this.file.atomics().getAndAddLong(offset, 1);
				counted++;
			}
			else {
				update(offset, places.nextInt(6));
			}
		}
		return counted;
	}

	private void update(int offset, int kind) {
		try {
			switch (kind) {
				case 0 -> this.file.atomics().getAndAddLong(offset, 1);
				case 1 -> this.file.atomics().getAndSetLong(offset, 1);
				case 2 -> this.file.atomics().compareAndSetLong(offset, 0, 1);
				case 3 -> this.file.atomics().getAndAddInt(offset, 1);
				case 4 -> this.file.atomics().getAndSetInt(offset, 1);
				default -> this.file.atomics().compareAndSetInt(offset, 0, 1);
			}
		}
		catch (IndexOutOfBoundsException ex) {
			if (offset < 2 * PAGE) {
				throw ex;
			}
		}
	}

}
