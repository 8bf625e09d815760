package dev.yammap.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;

/**
 * Opens files whose flushes take longer than the device does. It is in a package of the
 * engine, as it uses a seam of that package.
 */
public final class SlowFiles {

	private SlowFiles() {
	}

	/**
	 * Opens a file.
	 * @param path the file
	 * @param delayNanos how much longer a flush takes, in nanoseconds
	 * @param options how to open it
	 * @return the open file
	 */
	public static Mmap open(Path path, long delayNanos, OpenOption... options) throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Opening opening = new Opening(
				(name, as, permissions,
						mapping) -> slow(Backends.get(Backend.AUTO).open(name, as, permissions, mapping), delayNanos),
				path, access, MappingOptions.DEFAULT, true, true);
		return new FileMmap(opening.open(PosixFilePermissions.fromString("rw-------"), 0, (file) -> file),
				access.syncOnWrite(), List.of());
	}

	private static BackendFile slow(BackendFile file, long delayNanos) {
		return (BackendFile) Proxy.newProxyInstance(SlowFiles.class.getClassLoader(),
				new Class<?>[] { BackendFile.class }, (proxy, method, arguments) -> {
					if ("sync".equals(method.getName())) {
						pause(delayNanos);
					}
					return invoke(file, method, arguments);
				});
	}

	/**
	 * Blocks the thread, as a device does.
	 * @param nanos for how long, in nanoseconds
	 */
	public static void pause(long nanos) {
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static @Nullable Object invoke(BackendFile file, Method method, Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(file, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
