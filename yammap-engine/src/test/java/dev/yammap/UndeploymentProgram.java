package dev.yammap;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program that uses the engine in a class loader of its own, as a web application does,
 * and fails unless nothing of it is left after it has closed its file. Argument: a file.
 */
final class UndeploymentProgram {

	private UndeploymentProgram() {
	}

	public static void main(String[] args) throws Exception {
		WeakReference<ClassLoader> loader = useIn(new Loader(), Path.of(args[0]));
		String mappings = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
		if (mappings.contains("memfd:yammap") || mappings.contains(args[0])) {
			throw new IllegalStateException("Something is still mapped:\n" + mappings);
		}
		while (loader.get() != null) {
			System.gc();
			Thread.onSpinWait();
		}
	}

	private static WeakReference<ClassLoader> useIn(ClassLoader loader, Path path) throws Exception {
		Class<?> mmap = Class.forName(Mmap.class.getName(), true, loader);
		if (mmap == Mmap.class) {
			throw new IllegalStateException("The engine is that of the program itself");
		}
		OpenOption[] options = { StandardOpenOption.READ, StandardOpenOption.WRITE };
		try (AutoCloseable file = (AutoCloseable) mmap.getMethod("open", Path.class, OpenOption[].class)
			.invoke(null, path, options)) {
			Object atomics = mmap.getMethod("atomics").invoke(file);
			Class.forName(MmapAtomics.class.getName(), true, loader)
				.getMethod("getAndAddLong", long.class, long.class)
				.invoke(atomics, 0, 1);
		}
		Class.forName(Backend.class.getName(), true, loader).getMethod("awaitUnmapped").invoke(null);
		return new WeakReference<>(loader);
	}

	/** Has the classes of the engine anew. */
	private static final class Loader extends ClassLoader {

		Loader() {
			super(UndeploymentProgram.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				if (!name.startsWith("dev.yammap.")) {
					return super.loadClass(name, resolve);
				}
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (stream == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
