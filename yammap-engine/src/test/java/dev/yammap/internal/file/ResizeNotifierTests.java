package dev.yammap.internal.file;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.internal.event.Events;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ResizeNotifier}: when it tells what was noted.
 */
@NullMarked
class ResizeNotifierTests {

	private final List<String> told = new ArrayList<>();

	private final ResizeNotifier notifier = new ResizeNotifier();

	/** The first lock belongs to the file, those that follow belong to channels. */
	private final ReentrantLock ofFile = this.notifier.newCursorLock();

	private final ReentrantLock ofChannel = this.notifier.newCursorLock();

	@BeforeEach
	void listen() {
		Mmap file = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> Path.of("some.dat"));
		this.notifier.tellTo(new Events(file, List.of(new MmapListener() {

			@Override
			public void grown(Mmap grown, long from, long to) {
				ResizeNotifierTests.this.told.add(from + "-" + to);
			}

		})));
	}

	@Test
	void changeIsToldOnceNoLockIsHeld() {
		for (ReentrantLock lock : List.of(this.ofFile, this.ofChannel, this.notifier.sizeLock())) {
			this.told.clear();
			lock.lock();
			try {
				assertThat(toldOfGrowth()).isEmpty();
			}
			finally {
				lock.unlock();
			}
			this.notifier.tell();
			assertThat(this.told).containsExactly("1-2");
		}
	}

	@Test
	void lockOfAChannelThatIsClosedIsAskedNoMore() {
		this.notifier.forgetLock(this.ofChannel);
		this.ofChannel.lock();
		assertThat(toldOfGrowth()).containsExactly("1-2");
	}

	@Test
	void lockIsAskedOnIfACallHoldsItWhileItsChannelIsClosed() {
		this.ofChannel.lock();
		this.notifier.forgetLock(this.ofChannel);
		assertThat(toldOfGrowth()).isEmpty();
	}

	@Test
	void lockOfTheFileIsAskedAlways() {
		this.notifier.forgetLock(this.ofFile);
		this.ofFile.lock();
		assertThat(toldOfGrowth()).isEmpty();
	}

	private List<String> toldOfGrowth() {
		this.notifier.note(1, 2);
		this.notifier.tell();
		return this.told;
	}

}
