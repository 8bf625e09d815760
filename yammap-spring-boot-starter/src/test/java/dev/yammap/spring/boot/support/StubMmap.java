package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

/**
 * Files whose calls fail on demand, which those of the engine do on bad hardware only.
 */
public final class StubMmap {

	private StubMmap() {
	}

	/**
	 * Returns a file that is open until closed, and as its {@code sync} and {@code close}
	 * are told.
	 */
	public static Mmap file(Path path, @Nullable Exception syncFailure, @Nullable Exception closeFailure) {
		AtomicBoolean open = new AtomicBoolean(true);
		return proxy(Mmap.class, (name) -> switch (name) {
			case "path" -> path;
			case "size" -> 1L;
			case "mappedSize" -> 4096L;
			case "isOpen" -> open.get();
			case "backend" -> Backend.PORTABLE;
			case "isDirty" -> true;
			case "isCurrent" -> true;
			case "isWritable" -> true;
			case "pageCache" -> throw new IOException("The system does not answer");
			case "sync" -> fail(syncFailure);
			case "close" -> {
				open.set(false);
				yield fail(closeFailure);
			}
			default -> throw new UnsupportedOperationException(name);
		});
	}

	private static @Nullable Object fail(@Nullable Exception failure) throws Exception {
		if (failure != null) {
			throw failure;
		}
		return null;
	}

	private static <T> T proxy(Class<T> type, Answer answer) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answer.to(method.getName())));
	}

	private interface Answer {

		@Nullable Object to(String method) throws Exception;

	}

}
