package dev.yammap.internal.os;

import java.io.IOException;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Something that is done to a file, and may fail.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface IoCall<T extends @Nullable Object> extends Callable<T> {

	@Override
	T call() throws IOException;

	/** Makes a call of an action that returns nothing. */
	static IoCall<Boolean> of(Action action) {
		return () -> {
			action.run();
			return true;
		};
	}

	@FunctionalInterface
	interface Action {

		void run() throws IOException;

	}

}
