package dev.yammap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An interrupt ends no call, closes nothing, and stays set.
 */
class InterruptTests extends AbstractMmapTests {

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@ParameterizedTest
	@EnumSource
	void callOfAnInterruptedThreadSucceeds(Call call) throws Exception {
		byte[] content = random(Call.SIZE, 1);
		Mmap file = openReadWrite(content);
		Mmap expected = open(copyOfFile(), StandardOpenOption.READ, StandardOpenOption.WRITE);
		call.on(expected);
		Thread.currentThread().interrupt();
		call.on(file);
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(file.isOpen()).isTrue();
		assertThat(file.size()).isEqualTo(expected.size());
		assertThat(file.offset()).isEqualTo(expected.offset());
		assertThat(readAt(file, Call.SIZE * 4, 0)).isEqualTo(readAt(expected, Call.SIZE * 4, 0));
	}

	@ParameterizedTest
	@EnumSource
	void callOfAnInterruptedVirtualThreadSucceeds(Call call) throws Exception {
		Mmap file = openReadWrite(random(Call.SIZE, 1));
		Race.onVirtualThreads().with(() -> {
			Thread.currentThread().interrupt();
			call.on(file);
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}).run();
		call.on(file);
		assertThat(file.isOpen()).isTrue();
	}

	@Test
	void interruptedThreadCanOpenAndClose() throws IOException {
		Thread.currentThread().interrupt();
		Mmap file = open(builder(path())
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
					StandardOpenOption.SYNC)
			.size(1_000));
		file.write(new byte[10]);
		file.close();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(file.isOpen()).isFalse();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(content()).hasSize(1_000);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void interruptsRainingOnEveryCallDoNoHarm(boolean virtual) throws Exception {
		Mmap file = openReadWrite(new byte[Call.SIZE]);
		Call[] calls = Call.values();
		List<Thread> workers = new CopyOnWriteArrayList<>();
		ConcurrentHashMap<Call, AtomicInteger> interrupted = new ConcurrentHashMap<>();
		AtomicInteger running = new AtomicInteger(4);
		Race race = (virtual) ? Race.onVirtualThreads() : Race.onPlatformThreads();
		race.with(4, (thread) -> () -> {
			workers.add(Thread.currentThread());
			try {
				// Who interrupts may come late.
				for (int i = 0; i < (interrupted.isEmpty() ? 10_000 : 100) * calls.length; i++) {
					Call call = calls[(i + thread) % calls.length];
					call.on(file);
					if (Thread.interrupted()) {
						interrupted.computeIfAbsent(call, (key) -> new AtomicInteger()).incrementAndGet();
					}
				}
			}
			finally {
				workers.remove(Thread.currentThread());
				running.decrementAndGet();
			}
		}).runWith(() -> {
			while (running.get() > 0) {
				workers.forEach(Thread::interrupt);
			}
		});
		assertThat(interrupted).isNotEmpty();
		assertThat(file.isOpen()).isTrue();
		for (Call call : calls) {
			call.on(file);
		}
	}

	@Test
	void interruptOfOneThreadIsNoMatterToTheOthers() throws Exception {
		Mmap file = openReadWrite(new byte[8]);
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			if (thread == 0) {
				Thread.currentThread().interrupt();
			}
			for (int i = 0; i < 200; i++) {
				file.write(new byte[100]);
				file.sync();
				file.atomics().getAndAddLong(0, 0);
			}
			assertThat(Thread.currentThread().isInterrupted()).isEqualTo(thread == 0);
		}).run();
		assertThat(file.size()).isEqualTo(4 * 200 * 100);
	}

	private Path copyOfFile() throws IOException {
		return Files.copy(path(), this.directory.resolve("copy.dat"));
	}

}
