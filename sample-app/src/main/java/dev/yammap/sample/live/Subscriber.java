package dev.yammap.sample.live;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * A page that is open. A thread of its own sends the events, so a slow client holds up
 * nobody else. A client that falls behind is let go: it connects again by itself.
 */
final class Subscriber {

	private static final int QUEUE = 32;

	private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUE);

	private final SseEmitter emitter = new SseEmitter(0L);

	private final Consumer<Subscriber> ended;

	private volatile boolean closed;

	/**
	 * Creates a subscriber.
	 * @param ended called when the client is gone, perhaps more than once
	 */
	Subscriber(Consumer<Subscriber> ended) {
		this.ended = ended;
		this.emitter.onCompletion(this::close);
		this.emitter.onError((_) -> close());
	}

	SseEmitter emitter() {
		return this.emitter;
	}

	void start() {
		Thread.ofVirtual().name("live").start(this::run);
	}

	void offer(Event event) {
		if (!this.events.offer(event)) {
			close();
		}
	}

	private void run() {
		try {
			while (!this.closed) {
				Event event = this.events.take();
				if (event.isLast()) {
					this.closed = true;
				}
				this.emitter.send(SseEmitter.event().name(event.name()).data(event.json()));
			}
			this.emitter.complete();
		}
		catch (IOException | IllegalStateException ex) {
			// The client is gone; the container completes the answer.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			close();
		}
	}

	private void close() {
		this.closed = true;
		// Wakes the thread up.
		this.events.offer(Event.END);
		this.ended.accept(this);
	}

	/**
	 * Something to tell the client.
	 *
	 * @param name the kind of event
	 * @param json its data
	 */
	record Event(String name, String json) {

		/** Tells the client that the server stops in good order. */
		static final Event END = new Event("bye", "{}");

		boolean isLast() {
			return equals(END);
		}

	}

}
