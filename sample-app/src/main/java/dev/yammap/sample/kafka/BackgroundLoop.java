package dev.yammap.sample.kafka;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.yammap.sample.kafka.ShippingStatus.Part;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Does something again and again on a virtual thread of its own, as long as the
 * application runs. It stops after the web server and before the journals close. What
 * fails is tried again after a second.
 */
class BackgroundLoop implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundLoop.class);

	private static final Duration STOP = Duration.ofSeconds(10);

	private final Part part;

	private final ShippingStatus status;

	private final Body body;

	private volatile @Nullable Thread thread;

	private volatile CountDownLatch stopping = new CountDownLatch(1);

	BackgroundLoop(Part part, ShippingStatus status, Body body) {
		this.part = part;
		this.status = status;
		this.body = body;
	}

	@Override
	public void start() {
		this.stopping = new CountDownLatch(1);
		this.thread = Thread.ofVirtual().name("visits-" + this.part.name().toLowerCase(Locale.ROOT)).start(this::run);
	}

	private void run() {
		boolean stopped = false;
		while (!stopped) {
			try {
				this.body.run();
			}
			// An interrupt comes as one exception from Kafka and as another from the
			// journal.
			catch (Exception ex) {
				if (this.stopping.getCount() > 0) {
					logger.debug("To be tried again", ex);
					this.status.fails(this.part, ex);
				}
			}
			stopped = awaitStop();
		}
	}

	private boolean awaitStop() {
		try {
			return this.stopping.await(1, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

	@Override
	public void stop() {
		Thread running = this.thread;
		if (running != null) {
			this.stopping.countDown();
			running.interrupt();
			try {
				running.join(STOP);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.thread = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	/** Starts before the web server and stops after it. */
	@Override
	public int getPhase() {
		return 0;
	}

	/**
	 * What is done: it goes on until something fails, or its thread is interrupted.
	 */
	@FunctionalInterface
	interface Body {

		void run() throws Exception;

	}

}
